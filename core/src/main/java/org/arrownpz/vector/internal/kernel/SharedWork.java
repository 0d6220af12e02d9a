package org.arrownpz.vector.internal.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.arrownpz.internal.memory.CommonPool;
import org.jspecify.annotations.Nullable;

/**
 * Numbered pieces of one kernel's work, done by the calling thread and, where it finds the time, one of the common pool.
 *
 * <p>The helper is never waited for until it has begun: where all processors are busy, the caller does every piece itself
 * and the helper, when it comes, finds nothing to do. Once the call returns or throws, nobody works on a piece any more.
 * The helper's faults are delivered to the helper and handed to the caller.
 *
 * <p>There is no helper where {@link CommonPool#mayHelp} says so.
 */
public final class SharedWork implements Runnable {
    /** Looks before the caller sleeps: the helper has one piece left, of some microseconds. */
    private static final int SPINS = 2000;

    private static final int IDLE = 0;
    private static final int HELPED = 1;
    private static final int ENDED = 2;

    private final int pieces;
    private final Side own;
    private final Side helpers;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger state = new AtomicInteger();
    /** Of the helper; read by the caller after the end. */
    private @Nullable Throwable failure;

    private SharedWork(int pieces, Side own, Side helpers) {
        this.pieces = pieces;
        this.own = own;
        this.helpers = helpers;
    }

    /** Work on a piece by one of the two threads. Holds no locks, and reads nothing that the other side writes. */
    public interface Side {
        /**
         * Whether to go on: where the caller does not, nobody begins another piece; the helper leaves those that follow
         * to the caller. Neither is offered what the other has refused.
         */
        boolean take(int piece);
    }

    /**
     * Offers each piece to one of two threads: to the caller from the first on upwards, to its helper from the last on
     * downwards, until they meet. What a side throws is thrown here; pieces that nobody has begun by then are left out.
     */
    public static void run(int pieces, Side own, Side helpers) {
        run(pieces, own, helpers, pieces > 1 && CommonPool.mayHelp());
    }

    /** The same for pieces that it does not matter which thread does, and all of which are done. */
    static void run(int pieces, IntConsumer work) {
        Side side = piece -> {
            work.accept(piece);
            return true;
        };
        run(pieces, side, side);
    }

    static void run(int pieces, Side own, Side helpers, boolean helped) {
        SharedWork shared = new SharedWork(pieces, own, helpers);
        // A fault from before would otherwise come up between asking for help and waiting for it.
        Memory.deliverFaults();
        Throwable thrown = null;
        try {
            if (helped) {
                CommonPool.ask(shared);
            }
            shared.takeOwn();
        } catch (Throwable e) {
            thrown = e;
        }
        shared.end();
        Throwable other = shared.failure;
        // What a fault has led to elsewhere says less than the fault.
        boolean takesOther = thrown == null || other instanceof InternalError;
        Throwable failure = takesOther && other != null ? other : thrown;
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /** The helper's part. */
    @Override
    public void run() {
        if (!state.compareAndSet(IDLE, HELPED)) {
            return;
        }
        try {
            takeHelpers();
        } catch (Throwable e) {
            failure = e;
        } finally {
            state.set(ENDED);
            LockSupport.unpark(caller);
        }
    }

    // How many pieces both have begun is counted, and by each side how many are its own: they meet, but never overlap.
    private void takeOwn() {
        try {
            int piece = 0;
            while (begun.getAndIncrement() < pieces && own.take(piece)) {
                piece++;
            }
        } finally {
            begun.set(pieces);
            Memory.deliverFaults();
        }
    }

    private void takeHelpers() {
        try {
            int piece = pieces - 1;
            while (begun.getAndIncrement() < pieces && helpers.take(piece)) {
                piece--;
            }
        } catch (Throwable e) {
            begun.set(pieces);
            throw e;
        } finally {
            Memory.deliverFaults();
        }
    }

    // Not to be interrupted: the memory that is worked on must not go away under the helper.
    private void end() {
        if (state.compareAndSet(IDLE, ENDED)) {
            return;
        }
        for (int i = 0; i < SPINS && state.get() != ENDED; i++) {
            Thread.onSpinWait();
        }
        boolean interrupted = false;
        while (state.get() != ENDED) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
