package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** What {@link LongRuns} finds, from the last row on backwards, as long as keys rise. Used by one thread. */
final class LongRunsFromEnd {
    private static final int MASK = LongRuns.BLOCK - 1;
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private final long base;
    private final long flip;
    private final long to;
    private final long values;
    private int free;

    /**
     * @param starts receives the runs' first rows, 32 bits each, the last run's at {@code capacity - 1}
     * @param keys receives the runs' keys, 64 bits each, likewise
     */
    LongRunsFromEnd(LongRuns runs, ArrowBuf starts, ArrowBuf keys, int capacity) {
        this.base = runs.base;
        this.flip = runs.flip;
        this.to = Memory.address(starts, 0, 4L * capacity);
        this.values = Memory.address(keys, 0, 8L * capacity);
        this.free = capacity;
    }

    /** The index of the first run, which is the number of entries that are free. */
    int first() {
        return free;
    }

    /**
     * Puts the runs that begin in a range before those that are there.
     *
     * @param first the first row, which is not the first of all; ranges precede each other
     * @param count the number of rows, at most {@link LongRuns#BLOCK}
     * @return false, with nothing done, where there may be no room for so many runs or a key is less than the one before
     */
    boolean scan(int first, int count) {
        if (count > free) {
            return false;
        }
        long low = base + 8L * (first - 1);
        int found = block(low, first, count, to + 4L * (free - 1 - MASK), values + 8L * (free - 1 - MASK));
        int begin = free - found;
        boolean rises = found == 0
                || LongRuns.firstDescent(values, flip, begin + 1, free) < 0
                        && (UNSAFE.getLong(low) ^ flip) < (UNSAFE.getLong(values + 8L * begin) ^ flip);
        free = rises ? begin : free;
        return rises;
    }

    // As in LongRuns: stored for every row, at a place that moves where the key of the row before is another.
    private static int block(long low, int first, int count, long to, long values) {
        int rows = Math.min(count, LongRuns.BLOCK);
        long key = UNSAFE.getLong(low + 8L * rows);
        int found = 0;
        int i = rows - 1;
        for (; i >= 3; i -= 4) {
            long a = UNSAFE.getLong(low + 8L * i);
            put(to, values, found, first + i, key);
            found += LongRuns.change(key, a);
            long b = UNSAFE.getLong(low + 8L * i - 8);
            put(to, values, found, first + i - 1, a);
            found += LongRuns.change(a, b);
            long c = UNSAFE.getLong(low + 8L * i - 16);
            put(to, values, found, first + i - 2, b);
            found += LongRuns.change(b, c);
            key = UNSAFE.getLong(low + 8L * i - 24);
            put(to, values, found, first + i - 3, c);
            found += LongRuns.change(c, key);
        }
        for (; i >= 0; i--) {
            long before = UNSAFE.getLong(low + 8L * i);
            put(to, values, found, first + i, key);
            found += LongRuns.change(key, before);
            key = before;
        }
        return found;
    }

    private static void put(long to, long values, int found, int row, long key) {
        int place = (MASK - found) & MASK;
        UNSAFE.putInt(to + 4L * place, row);
        UNSAFE.putLong(values + 8L * place, key);
    }
}
