package org.arrownpz.internal.storage;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sees how far the process is with the files that it begins to read, or to write in one piece, while the watch is open. Safe
 * for use by several threads.
 */
public final class Watch implements AutoCloseable {
    private static final Set<Watch> OPEN = ConcurrentHashMap.newKeySet();

    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    private Watch() {}

    /** The caller closes it. */
    public static Watch open() {
        Watch watch = new Watch();
        OPEN.add(watch);
        return watch;
    }

    static void all(Meter meter) {
        OPEN.forEach(watch -> watch.meters.add(meter));
    }

    static void none(Meter meter) {
        OPEN.forEach(watch -> watch.meters.remove(meter));
    }

    /** The share that is done, of 1; negative where nobody knows how much there is. */
    public double share() {
        double all = 0;
        double done = 0;
        for (Meter meter : meters) {
            if (!meter.isKnown()) {
                return -1;
            }
            all += meter.bytes();
            done += meter.bytesDone();
        }
        return all > 0 ? done / all : -1;
    }

    /** About how many bytes are done. */
    public long bytes() {
        double done = 0;
        for (Meter meter : meters) {
            done += meter.bytesDone();
        }
        return (long) done;
    }

    /** Stops: later work is not seen any more. */
    @Override
    public void close() {
        OPEN.remove(this);
    }
}
