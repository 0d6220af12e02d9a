package org.arrownpz.flight;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.JavaColumns;
import org.arrownpz.flight.internal.transport.Calls;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * SQL over the files of the directory and nothing else. A few queries run at a time, each within its memory, time and
 * length; a query holds its place until its result is sent.
 */
final class Queries {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long WAIT_MILLIS = 100;
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz-query-times");
        thread.setDaemon(true);
        return thread;
    });

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final ServerOptions options;
    private final Semaphore places;
    private final Map<UUID, Run> running = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @throws IllegalStateException when {@code arrow-npz-sql} is not on the class path, or cannot be used
     */
    Queries(ServedDirectory served, BufferAllocator allocator, ServerOptions options) {
        this.served = served;
        this.allocator = allocator;
        this.options = options;
        this.places = new Semaphore(options.limits().queries(), true);
        if (options.sql()) {
            try {
                Sql.open(allocator).close();
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "SQL needs DuckDB: add org.arrownpz:arrow-npz-sql to the class path", e);
            }
        }
    }

    /** One query that runs. */
    private static final class Run {
        private final UUID id;
        private final Sql sql;
        private volatile boolean late;
        private @Nullable Future<?> end;
        /** Schemas and tables are asked for by a thread of the call itself. */
        private final Runnable unheard;

        private Run(UUID id, Sql sql) {
            this.id = id;
            this.sql = sql;
            this.unheard = Calls.onCancel(sql::cancel);
        }

        /** Ends it when its time is over. */
        private void limit(Duration time) {
            end = CLOCK.schedule(
                    () -> {
                        late = true;
                        sql.cancel();
                    },
                    time.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        private RuntimeException reason(CancellationException e, Duration time) {
            return late
                    ? FlightFaults.of(
                            CallStatus.TIMED_OUT, "the query took longer than " + time.toSeconds() + " seconds")
                    : e;
        }
    }

    /** What a prepared statement takes and gives. */
    record Prepared(Schema schema, List<String> parameters) {}

    /** The types of a statement's parameters, and the schema of its result where these are null. */
    Prepared prepare(BoundStatement statement, BooleanSupplier gone) throws IOException {
        Run run = enter(UUID.randomUUID(), gone);
        try {
            List<String> types = run.sql.parameterTypes(statement.sql());
            Schema schema = run.sql.schema(statement.sql(), Collections.nCopies(types.size(), null));
            return new Prepared(statement.java() ? JavaColumns.schema(schema) : schema, types);
        } catch (CancellationException e) {
            throw run.reason(e, options.limits().queryTime());
        } finally {
            leave(run);
        }
    }

    /**
     * The columns that SQL sees of tables, in their order; null for what is no table, or has columns that SQL cannot have.
     * No rows are read.
     */
    List<@Nullable Schema> tables(List<ServedDirectory.TableName> tables, BooleanSupplier gone) throws IOException {
        Run run = enter(UUID.randomUUID(), gone);
        try {
            List<@Nullable Schema> schemas = new ArrayList<>();
            for (ServedDirectory.TableName table : tables) {
                if (gone.getAsBoolean()) {
                    throw new CancellationException("nobody waits for the tables");
                }
                try {
                    schemas.add(run.sql.schema("SELECT * FROM " + table.sql()));
                } catch (NpzException | IllegalArgumentException e) {
                    schemas.add(null);
                }
            }
            return schemas;
        } catch (CancellationException e) {
            throw run.reason(e, options.limits().queryTime());
        } finally {
            leave(run);
        }
    }

    /** The schema of a query's result; rows are read only where it depends on them. */
    Schema schema(BoundStatement query, BooleanSupplier gone) throws IOException {
        Run run = enter(UUID.randomUUID(), gone);
        try {
            Schema schema = run.sql.schema(query.sql(), query.values(allocator));
            return query.java() ? JavaColumns.schema(schema) : schema;
        } catch (CancellationException e) {
            throw run.reason(e, options.limits().queryTime());
        } finally {
            leave(run);
        }
    }

    /**
     * Runs a query.
     *
     * @param id by which it can be cancelled
     * @param gone whether nobody waits for the result any more
     * @param canceller gets what ends the query, to be called from any thread
     */
    QueryBatches run(UUID id, BoundStatement query, BooleanSupplier gone, Consumer<Runnable> canceller)
            throws IOException {
        Run run = enter(id, gone);
        Duration time = options.limits().queryTime();
        try (Rollback undo = Rollback.of(() -> leave(run))) {
            canceller.accept(run.sql::cancel);
            return undo.commit(new QueryBatches(
                    run.sql.query(query.sql(), query.values(allocator)),
                    query.java(),
                    options.limits(),
                    allocator,
                    e -> run.reason(e, time),
                    () -> leave(run)));
        } catch (CancellationException e) {
            throw run.reason(e, time);
        }
    }

    private void leave(Run run) {
        if (running.remove(run.id, run)) {
            run.unheard.run();
            if (run.end != null) {
                run.end.cancel(false);
            }
            try {
                run.sql.close();
            } finally {
                places.release();
            }
        }
    }

    /** Ends a query; false when it does not run. */
    boolean cancel(UUID id) {
        Run run = running.get(id);
        if (run != null) {
            run.sql.cancel();
        }
        return run != null;
    }

    /** How many queries run. */
    int count() {
        return running.size();
    }

    /** Ends all queries that run, and those that come later. */
    void stop() {
        stopped = true;
        // Not a method reference: that needs the class also where no query has run.
        for (Run run : running.values()) {
            run.sql.cancel();
        }
    }

    /** Takes a place, once one is free. */
    private Run enter(UUID id, BooleanSupplier gone) {
        if (!options.sql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        await(gone);
        try (Rollback undo = Rollback.of(places::release)) {
            Sql sql = Sql.open(allocator).withMemoryLimit(options.limits().queryMemoryBytes());
            served.tables().forEach((name, file) -> {
                if (name.isTop()) {
                    sql.with(name.table(), file);
                } else {
                    sql.with(name.schema(), name.table(), file);
                }
            });
            Run run = new Run(id, sql);
            if (running.putIfAbsent(id, run) != null) {
                throw FlightFaults.of(CallStatus.ALREADY_EXISTS, "the query of this ticket runs already");
            }
            run.limit(options.limits().queryTime());
            if (stopped) {
                // It may have missed the end of the others.
                sql.cancel();
            }
            return undo.commit(run);
        }
    }

    private void await(BooleanSupplier gone) {
        long start = System.nanoTime();
        try {
            while (!places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                if (stopped || gone.getAsBoolean() || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy with other queries");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server shuts down");
        }
    }
}
