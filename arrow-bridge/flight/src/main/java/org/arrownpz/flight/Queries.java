package org.arrownpz.flight;

import org.arrownpz.flight.internal.FlightFaults;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.sql.Sql;

/**
 * SQL over the files of the directory and nothing else. A few queries run at a time, each within its memory; a query
 * holds its place until its result is sent.
 */
final class Queries {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long WAIT_MILLIS = 100;

    private final ServedDirectory served;
    private final BufferAllocator allocator;
    private final ServerOptions options;
    private final Semaphore places;
    private final Set<Sql> running = ConcurrentHashMap.newKeySet();

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

    /** The schema of a query's result; rows are read only where it depends on them. */
    Schema schema(SqlQuery query, BooleanSupplier gone) throws IOException {
        Sql sql = enter(gone);
        try {
            return sql.schema(query.sql());
        } finally {
            leave(sql);
        }
    }

    /**
     * Runs a query.
     *
     * @param gone whether nobody waits for the result any more
     * @param canceller gets what ends the query, to be called from any thread
     */
    QueryBatches run(SqlQuery query, BooleanSupplier gone, Consumer<Runnable> canceller) throws IOException {
        Sql sql = enter(gone);
        try (Rollback undo = Rollback.of(() -> leave(sql))) {
            canceller.accept(sql::cancel);
            return undo.commit(
                    new QueryBatches(sql.query(query.sql()), options.limits().batchBytes(), allocator, () -> leave(sql)));
        }
    }

    private void leave(Sql sql) {
        sql.close();
        running.remove(sql);
        places.release();
    }

    /** Ends all queries that run. */
    void stop() {
        // Not a method reference: that needs the class also where no query has run.
        for (Sql sql : running) {
            sql.cancel();
        }
    }

    /** Takes a place, once one is free. */
    private Sql enter(BooleanSupplier gone) {
        if (!options.sql()) {
            throw FlightFaults.of(CallStatus.UNIMPLEMENTED, "this server answers no SQL");
        }
        await(gone);
        try (Rollback undo = Rollback.of(places::release)) {
            Sql sql = Sql.open(allocator).withMemoryLimit(options.limits().queryMemoryBytes());
            served.tables().forEach(sql::with);
            running.add(sql);
            return undo.commit(sql);
        }
    }

    private void await(BooleanSupplier gone) {
        long start = System.nanoTime();
        try {
            while (!places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                if (gone.getAsBoolean() || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw FlightFaults.of(CallStatus.UNAVAILABLE, "the server is busy with other queries");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CallStatus.UNAVAILABLE
                    .withDescription("the server shuts down")
                    .withCause(e)
                    .toRuntimeException();
        }
    }
}
