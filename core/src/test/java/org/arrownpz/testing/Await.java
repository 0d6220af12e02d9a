package org.arrownpz.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other threads and processes bring about. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long FIRST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private Await() {}

    /** Returns when the condition holds; after two minutes it fails with what was found. */
    public static void until(Callable<Boolean> condition, Supplier<String> found) {
        if (!holds(PATIENCE, condition)) {
            throw new AssertionError("not within " + PATIENCE + ": " + found.get());
        }
    }

    /** Returns true as soon as the condition holds, and false where it does not in that time. */
    public static boolean holds(Duration patience, Callable<Boolean> condition) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long pause = FIRST_PAUSE_NANOS; !condition.call(); pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
                if (System.nanoTime() > end) {
                    return false;
                }
                LockSupport.parkNanos(pause);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return true;
        } catch (Exception e) {
            throw new AssertionError("the condition cannot be told", e);
        }
    }
}
