package org.arrownpz.sql;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.sql.internal.Workspace;
import org.arrownpz.sql.internal.worker.WorkerPool;
import org.arrownpz.sql.internal.worker.WorkerRunner;
import org.arrownpz.support.Rollback;

/**
 * Processes that run SQL statements, so that a statement that passes a bound or ignores an interrupt can be ended. Each is
 * a JVM of the same user, Java and class path, without this one's environment. A process is used again after a
 * statement that ended well and whose memory came back. All end with this object, and where this JVM ends.
 *
 * <p>Safe for use by several threads.
 */
public final class SqlWorkers implements AutoCloseable {
    /**
     * The reasons for which processes are replaced: they ended by themselves, passed a limit, did not listen when their
     * statement was cancelled, or held too much memory after one.
     */
    public static final List<String> REASONS = WorkerPool.REASONS;

    private final WorkerPool pool;

    private SqlWorkers(WorkerPool pool) {
        this.pool = pool;
    }

    /**
     * Starts the first process, without waiting for it.
     *
     * @param most how many statements run at a time
     * @param log gets a line for each process that ends by itself, from any thread
     * @throws NpzException IO when there is no temporary directory
     */
    public static SqlWorkers start(int most, Consumer<String> log) throws NpzException {
        if (most < 1) {
            throw new IllegalArgumentException("at least one statement runs at a time, not " + most);
        }
        return new SqlWorkers(new WorkerPool(most, log));
    }

    /**
     * Takes a process for statements of a caller, and waits for one where all are in use: callers take turns. It is given
     * back when the object is closed, and its last result. Tables are files.
     *
     * @param allocator holds results
     * @param gone whether nobody waits any more
     * @throws RejectedExecutionException when others take too long, or too many wait
     * @throws java.util.concurrent.CancellationException when nobody waits any more
     * @throws NpzException INTERNAL when there can be no process
     */
    public Sql take(BufferAllocator allocator, String caller, BooleanSupplier gone) throws NpzException {
        Workspace workspace = new Workspace();
        WorkerRunner runner = new WorkerRunner(pool, allocator, workspace, caller, gone, () -> {});
        try (Rollback undo = Rollback.of(runner)) {
            runner.reserve();
            return undo.commit(new Sql(workspace, runner));
        }
    }

    /** An object that closes this one, and does not wait for a process before there is a statement. */
    Sql only(BufferAllocator allocator) {
        Workspace workspace = new Workspace();
        return new Sql(workspace, new WorkerRunner(pool, allocator, workspace, "", () -> false, this::close));
    }

    /** The number of processes. */
    public int count() {
        return pool.count();
    }

    /** The memory of all processes, without mapped files; 0 where the system does not tell. */
    public long residentBytes() {
        return pool.residentBytes();
    }

    /** The number of processes that were replaced for one of the {@link #REASONS}. */
    public long ended(String reason) {
        return pool.ended(reason);
    }

    /** Ends all processes, with what they run, and refuses statements. */
    @Override
    public void close() {
        pool.close();
    }
}
