package org.arrownpz.flight;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.flight.internal.FlightFaults;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.flight.internal.access.Caller;
import org.arrownpz.flight.internal.access.Shares;
import org.arrownpz.flight.internal.sql.BoundStatement;
import org.arrownpz.flight.internal.sql.JavaColumns;
import org.arrownpz.flight.internal.sql.KnownTypes;
import org.arrownpz.flight.internal.transport.Calls;
import org.arrownpz.flight.internal.watch.ServerLog;
import org.arrownpz.flight.internal.watch.Watch;
import org.arrownpz.flight.internal.watch.WatchedCall;
import org.arrownpz.sql.Sql;
import org.arrownpz.sql.SqlWorkers;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * SQL over the files of the directory and nothing else. A few queries run at a time, in a process each, within its memory,
 * time and length; a query holds its process until its result is sent.
 */
final class Queries implements AutoCloseable {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz-query-times");
        thread.setDaemon(true);
        return thread;
    });

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final ServerOptions options;
    private final Shares shares;
    private final @Nullable SqlWorkers workers;
    private final Map<UUID, Run> running = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder begun = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private volatile boolean stopped;

    /**
     * @throws NpzException when there can be no processes for queries
     * @throws IllegalStateException when {@code arrow-npz-sql} is not on the class path
     */
    Queries(ServedDirectory served, BufferAllocator allocator, ServerOptions options, Shares shares)
            throws NpzException {
        this.shares = shares;
        this.served = served;
        this.allocator = allocator;
        this.options = options;
        try {
            this.workers = options.sql() ? SqlWorkers.start(options.limits().queries(), ServerLog::say) : null;
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("SQL needs DuckDB: add org.arrownpz:arrow-npz-sql to the class path", e);
        }
    }

    /** One query that runs. */
    private static final class Run {
        private final UUID id;
        private final Sql sql;
        private final long start = System.nanoTime();
        private final long waited;
        private volatile boolean late;
        private @Nullable Future<?> end;
        /** Schemas and tables are asked for by a thread of the call itself. */
        private final Runnable unheard;

        private final Runnable give;

        private Run(UUID id, Sql sql, long waited, Runnable give) {
            this.id = id;
            this.sql = sql;
            this.waited = waited;
            this.give = give;
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
                            CallStatus.TIMED_OUT,
                            "LIMIT: the query takes longer than this server allows: at most " + time.toMillis()
                                    + " ms, but "
                                    + Duration.ofNanos(System.nanoTime() - start)
                                            .toMillis())
                    : e;
        }
    }

    private interface Question<T> {
        T ask(Sql sql) throws IOException;
    }

    private <T> T ask(BooleanSupplier gone, Question<T> question) throws IOException {
        Run run = enter(WatchedCall.currentId(), Caller.current(), gone);
        try {
            return question.ask(run.sql);
        } catch (CancellationException e) {
            throw run.reason(e, options.limits().queryTime());
        } finally {
            leave(run);
        }
    }

    /** The types of a statement's parameters, and the schema of its result where these are null. */
    Sql.Description prepare(BoundStatement statement, BooleanSupplier gone) throws IOException {
        return ask(gone, sql -> {
            Sql.Description known = sql.describe(statement.sql());
            return statement.java()
                    ? new Sql.Description(known.parameters(), JavaColumns.schema(known.schema()))
                    : known;
        });
    }

    /**
     * Asks for the columns that SQL sees of files, where no other's answer tells them. No rows are read.
     *
     * @param tables of the files, null for what is none
     */
    void describe(
            List<ServedDirectory.Served> files,
            List<KnownFiles.@Nullable Table> tables,
            KnownTypes types,
            BooleanSupplier gone)
            throws IOException {
        if (tables.stream().allMatch(table -> table == null || types.answer(table))) {
            return;
        }
        ask(gone, sql -> {
            for (int i = 0; i < files.size(); i++) {
                if (gone.getAsBoolean()) {
                    throw new CancellationException("nobody waits for the tables");
                }
                ServedDirectory.Served file = files.get(i);
                KnownFiles.Table table = tables.get(i);
                if (table == null || types.answer(table)) {
                    continue;
                }
                Schema schema = null;
                try {
                    schema = sql.schema("SELECT * FROM " + file.names().get(0).sql());
                } catch (NpzException e) {
                    if (KnownFiles.isPassing(e)) {
                        continue;
                    }
                } catch (IllegalArgumentException e) {
                    // It has columns that SQL cannot have.
                }
                if (!file.seen().isUnchanged()) {
                    continue;
                }
                if (schema == null) {
                    table.setAnswer(KnownFiles.Answer.NONE);
                } else {
                    types.learn(table, schema, file.seen().isSettled());
                }
            }
            return files;
        });
    }

    /** The schema of a query's result; rows are read only where it depends on them. */
    Schema schema(BoundStatement query, BooleanSupplier gone) throws IOException {
        return ask(gone, sql -> {
            Schema schema = sql.schema(query.sql(), query.values(allocator));
            return query.java() ? JavaColumns.schema(schema) : schema;
        });
    }

    /**
     * Runs a query.
     *
     * @param id by which it can be cancelled
     * @param caller for whom it runs, over what it may read; callers take turns
     * @param values of its parameters
     * @param java whether a client in Java gets the result
     * @param gone whether nobody waits for the result any more
     * @param canceller gets what ends the query, to be called from any thread
     */
    QueryBatches run(
            UUID id,
            Caller caller,
            String statement,
            List<@Nullable Object> values,
            boolean java,
            BooleanSupplier gone,
            Consumer<Runnable> canceller)
            throws IOException {
        Run run = enter(id, caller, gone);
        Duration time = options.limits().queryTime();
        QueryBatches.Done done = (rows, bytes) -> {
            leave(run);
            tellSlow(run, caller, rows, bytes, statement);
        };
        try (Rollback undo = Rollback.of(() -> done.done(0, 0))) {
            canceller.accept(run.sql::cancel);
            return undo.commit(new QueryBatches(
                    run.sql.query(statement, values),
                    java,
                    options.limits(),
                    allocator,
                    e -> run.reason(e, time),
                    done,
                    0,
                    Long.MAX_VALUE));
        } catch (CancellationException e) {
            throw run.reason(e, time);
        }
    }

    private void tellSlow(Run run, Caller caller, long rows, long bytes, String statement) {
        Duration slow = options.watch().slowQuery();
        long nanos = System.nanoTime() - run.start + run.waited;
        if (slow != null && nanos >= slow.toNanos()) {
            ServerLog.slow(run.id, caller.name(), nanos, run.waited, rows, bytes, statement);
        }
    }

    private void leave(Run run) {
        if (running.remove(run.id, run)) {
            run.unheard.run();
            if (run.end != null) {
                run.end.cancel(false);
            }
            run.sql.close();
            run.give.run();
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

    /** Tells those that run and wait, and the processes. */
    void tell(Watch watch) {
        watch.gauge("arrownpz.queries", "Queries that run.", running::size);
        watch.gauge("arrownpz.queries.waiting", "Queries that wait for a process.", waiting::get);
        watch.count("arrownpz.queries.begun", "Queries that got a process.", begun::sum);
        watch.count(
                "arrownpz.queries.waited.seconds",
                "The time that queries waited for a process, all together.",
                () -> waitedNanos.sum() / NANOS);
        SqlWorkers processes = workers;
        if (processes != null) {
            watch.gauge("arrownpz.workers", "Processes of queries.", processes::count);
            watch.gauge(
                    "arrownpz.workers.resident.bytes",
                    "Memory of the processes of queries, without mapped files.",
                    processes::residentBytes);
            for (String reason : SqlWorkers.REASONS) {
                watch.count(
                        "arrownpz.workers.ended",
                        "Processes of queries that were replaced.",
                        () -> processes.ended(reason),
                        "reason",
                        reason);
            }
        }
    }

    /** Ends all queries that run, and those that come later. */
    void stop() {
        stopped = true;
        // Not a method reference: that needs the class also where no query has run.
        for (Run run : running.values()) {
            run.sql.cancel();
        }
    }

    /** Takes a process for a query, once there is one. */
    private Run enter(UUID id, Caller caller, BooleanSupplier gone) throws NpzException {
        if (workers == null) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        Runnable give = shares.take(Shares.Kind.QUERY, caller.name());
        try (Rollback share = Rollback.of(give::run)) {
            long start = System.nanoTime();
            Sql sql = place(caller.name(), gone);
            try (Rollback undo = Rollback.of(sql)) {
                long waited = System.nanoTime() - start;
                begun.increment();
                waitedNanos.add(waited);
                Run run = new Run(id, named(sql, caller), waited, give);
                if (running.putIfAbsent(id, run) != null) {
                    throw FlightFaults.of(CallStatus.ALREADY_EXISTS, "the query of this ticket runs already");
                }
                run.limit(options.limits().queryTime());
                if (stopped) {
                    // It may have missed the end of the others.
                    sql.cancel();
                }
                share.commit();
                return undo.commit(run);
            }
        }
    }

    /** With its bounds, and the tables that the caller may read. */
    private Sql named(Sql sql, Caller caller) {
        sql.withMemoryLimit(options.limits().queryMemoryBytes());
        sql.withProcessorLimit(options.limits().queryProcessorTime());
        served.tables(caller).forEach((name, file) -> {
            if (name.isTop()) {
                sql.with(name.table(), file);
            } else {
                sql.with(name.schema(), name.table(), file);
            }
        });
        return sql;
    }

    /** A process, or the right to one. */
    private Sql place(String caller, BooleanSupplier gone) throws NpzException {
        waiting.incrementAndGet();
        try {
            return Objects.requireNonNull(workers).take(allocator, caller, () -> stopped || gone.getAsBoolean());
        } catch (RejectedExecutionException | CancellationException e) {
            throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy with other queries");
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Ends all processes of queries. */
    @Override
    public void close() {
        stop();
        if (workers != null) {
            workers.close();
        }
    }
}
