package org.arrownpz.support;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The progress of one piece of long work on a file, for those who {@link Watch} it; where nobody does, it counts for
 * nobody. Safe for use by several threads.
 */
public final class Meter {
    /** Of work that is no part of what is watched. */
    public static final Meter NONE = new Meter(0, 0);

    private final long total;
    private final double bytes;
    private final AtomicLong done = new AtomicLong();

    private Meter(long total, double bytes) {
        this.total = total;
        this.bytes = bytes;
    }

    /**
     * Begins to count.
     *
     * @param total how much there is to do, in any unit; 0 where nobody knows, and bytes are counted
     * @param bytes how much it weighs beside other work
     */
    public static Meter begin(long total, double bytes) {
        Meter meter = new Meter(Math.max(0, total), bytes);
        Watch.all(meter);
        return meter;
    }

    /** So much more is done. */
    public void add(long more) {
        if (this != NONE) {
            done.addAndGet(more);
        }
    }

    /** So much is done. */
    public void set(long all) {
        if (this != NONE) {
            done.set(all);
        }
    }

    /** Counts the rest as done: it will not be done any more. Work that has not begun by then is not counted at all. */
    public void end() {
        if (done.get() == 0) {
            Watch.none(this);
        } else if (this != NONE) {
            done.accumulateAndGet(total, Math::max);
        }
    }

    boolean isKnown() {
        return total > 0;
    }

    double bytes() {
        return bytes;
    }

    /** Of its bytes, those that are done. */
    double bytesDone() {
        double part = done.get();
        return total == 0 ? part : bytes * Math.min(1, part / total);
    }

    /**
     * Sees how far the process is with the files that it begins to read, or to write in one piece, while the watch is open. Safe
     * for use by several threads.
     */
    public static final class Watch implements AutoCloseable {
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
}
