package org.arrownpz.flight.internal.access;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets addresses wait for their refusals that have sent too many wrong secrets. Who sends the right one never waits, so
 * that nobody shuts others out. Safe for use by several threads.
 */
final class Delays {
    /** Wrong ones that an address may send in {@link #WINDOW_NANOS} without waiting. */
    private static final int FREE = 10;

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long STEP_MILLIS = 200;
    private static final long MOST_MILLIS = 5000;
    private static final int MAX_ADDRESSES = 10_000;
    /** Refusals that wait; more are sent at once. */
    private static final int MAX_WAITING = 1000;

    static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrow-npz-refusals");
        thread.setDaemon(true);
        return thread;
    });

    private record Wrong(long since, int count) {}

    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Wrong> addresses = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Wrong> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** Closes a call, now or later. */
    void close(ServerCall<?, ?> call, String address, boolean wrong, Status status) {
        long millis = wrong ? millis(address, System.nanoTime()) : 0;
        if (millis == 0 || waiting.get() >= MAX_WAITING) {
            call.close(status, new Metadata());
            return;
        }
        waiting.incrementAndGet();
        CLOCK.schedule(
                () -> {
                    waiting.decrementAndGet();
                    if (!call.isCancelled()) {
                        call.close(status, new Metadata());
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** The time that the next refusal of an address waits. */
    synchronized long millis(String address, long now) {
        Wrong before = addresses.remove(address);
        Wrong wrong = before == null || now - before.since > WINDOW_NANOS
                ? new Wrong(now, 1)
                : new Wrong(before.since, before.count + 1);
        addresses.put(address, wrong);
        return wrong.count <= FREE ? 0 : Math.min(MOST_MILLIS, (wrong.count - FREE) * STEP_MILLIS);
    }
}
