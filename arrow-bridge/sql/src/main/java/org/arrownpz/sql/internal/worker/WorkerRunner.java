package org.arrownpz.sql.internal.worker;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.sql.internal.Runner;
import org.arrownpz.sql.internal.Workspace;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Runs statements in a process of a pool: the same one, as long as they end well. */
public final class WorkerRunner implements Runner {
    private final WorkerPool pool;
    private final BufferAllocator allocator;
    private final Workspace workspace;
    private final String caller;
    private final BooleanSupplier gone;
    private final Runnable done;
    private @Nullable WorkerProcess worker;
    private boolean cancelled;
    private boolean closed;
    private boolean reading;

    /**
     * @param allocator holds results
     * @param caller for whom statements run; callers take turns
     * @param gone whether nobody waits for the statement any more, while it waits itself
     * @param done called when this is closed, and its last result
     */
    public WorkerRunner(
            WorkerPool pool,
            BufferAllocator allocator,
            Workspace workspace,
            String caller,
            BooleanSupplier gone,
            Runnable done) {
        this.pool = pool;
        this.allocator = allocator;
        this.workspace = workspace;
        this.caller = caller;
        this.gone = gone;
        this.done = done;
    }

    /** Waits for a process, so that statements do not. */
    public void reserve() throws NpzException {
        worker();
    }

    private WorkerProcess worker() throws NpzException {
        WorkerProcess old;
        synchronized (this) {
            requireNone();
            old = worker;
            if (old != null && old.isReusable()) {
                return old;
            }
            worker = null;
        }
        if (old != null) {
            pool.giveBack(old);
        }
        WorkerProcess taken = pool.take(caller, () -> isCancelled() || gone.getAsBoolean());
        try (Rollback undo = Rollback.of(() -> pool.giveBack(taken))) {
            synchronized (this) {
                requireNone();
                worker = taken;
            }
            return undo.commit(taken);
        }
    }

    private void requireNone() {
        if (cancelled) {
            throw new CancellationException("the query was cancelled");
        }
        if (closed || reading) {
            throw new IllegalStateException(closed ? "it is closed" : "the result before is not closed yet");
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private WorkerProcess begin(boolean describes, String statement, @Nullable List<?> parameters) throws NpzException {
        long number = pool.nextNumber();
        Request request = new Request(number, describes, statement, parameters, workspace);
        WorkerProcess process = worker();
        process.begin(pool.id(number), request);
        if (isCancelled()) {
            // It may have missed that.
            process.cancel();
        }
        return process;
    }

    @Override
    public ArrowReader query(String statement, List<?> parameters) throws NpzException {
        WorkerProcess process = begin(false, statement, parameters);
        next(process, Pipe.STARTED);
        synchronized (this) {
            reading = true;
        }
        return WorkerReader.of(process, allocator, () -> {
            synchronized (this) {
                reading = false;
                if (!closed) {
                    return;
                }
            }
            release();
        });
    }

    @Override
    public Description describe(String statement, @Nullable List<?> parameters) throws NpzException {
        WorkerProcess process = begin(true, statement, parameters);
        Values.Reader told = Values.Reader.of(process.body(next(process, Pipe.DESCRIPTION)));
        next(process, Pipe.END);
        List<String> types = told.texts();
        return new Description(types, Schema.deserializeMessage(ByteBuffer.wrap(told.some())));
    }

    private static Pipe.Head next(WorkerProcess process, byte kind) throws NpzException {
        Pipe.Head head = process.next();
        if (head.kind() != kind) {
            process.close();
            throw Failure.internal("the statement's process answers something else", null)
                    .build();
        }
        return head;
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (worker != null) {
            // Not later, when it may run another's statement.
            worker.cancel();
        }
    }

    /** Gives the process back, once its result is closed. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (reading) {
                return;
            }
        }
        release();
    }

    private void release() {
        WorkerProcess process;
        synchronized (this) {
            process = worker;
            worker = null;
        }
        if (process != null) {
            pool.giveBack(process);
        }
        done.run();
    }
}
