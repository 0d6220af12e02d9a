package org.arrownpz.flight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Ends the waiting for what a client never sends. Flight waits for a put's descriptor and schema without end, also when
 * the call is cancelled meanwhile, and each such put would keep a thread for as long as the process lives.
 */
final class PutWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 100;

    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz-flight-watch");
        thread.setDaemon(true);
        return thread;
    });

    PutWatch() {
        var unused = clock.scheduleWithFixedDelay(this::check, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A thread that waits, and whether it does so in vain. */
    private static final class Waiting {
        private final Thread thread = Thread.currentThread();
        private final BooleanSupplier vain;
        private boolean interrupted;
        private boolean done;

        Waiting(BooleanSupplier vain) {
            this.vain = vain;
        }

        synchronized void check() {
            if (!done && vain.getAsBoolean()) {
                interrupted = true;
                thread.interrupt();
            }
        }

        synchronized void done() {
            done = true;
            if (interrupted) {
                // The thread belongs to a pool; the interruption was meant for this waiting alone.
                Thread.interrupted();
            }
        }
    }

    /** Waits, and is interrupted when it turns out to be in vain. */
    <T> T await(BooleanSupplier vain, Supplier<T> wait) {
        Waiting own = new Waiting(vain);
        waiting.add(own);
        try {
            return wait.get();
        } finally {
            waiting.remove(own);
            own.done();
        }
    }

    private void check() {
        waiting.forEach(Waiting::check);
    }

    @Override
    public void close() {
        clock.shutdown();
    }
}
