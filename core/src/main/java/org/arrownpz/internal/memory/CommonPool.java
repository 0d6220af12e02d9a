package org.arrownpz.internal.memory;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

/**
 * The common pool as a second thread for large work; a caller never waits for a piece that has not begun. Safe for use by several
 * threads.
 */
public final class CommonPool {
    private static final boolean HAS_THREADS =
            Integer.getInteger("java.util.concurrent.ForkJoinPool.common.parallelism", 1) != 0;

    private CommonPool() {}

    /**
     * Whether asking for help may be of use: not on one processor, nor where the pool is told to have no threads by {@code
     * -Djava.util.concurrent.ForkJoinPool.common.parallelism=0}.
     */
    public static boolean mayHelp() {
        return HAS_THREADS && Runtime.getRuntime().availableProcessors() > 1;
    }

    /** Lets the pool run something soon, later or never. */
    public static void ask(Runnable work) {
        ask(ForkJoinPool.commonPool(), work);
    }

    /** The same of another executor. */
    public static void ask(Executor helpers, Runnable work) {
        try {
            helpers.execute(work);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // No thread to be had: whoever asks does it all.
        }
    }
}
