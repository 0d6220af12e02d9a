package org.arrownpz.event.internal.kernel;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/**
 * Runs of equal keys, where the key is one column of 64-bit integers without nulls: their first rows, their keys, and
 * whether these rise, in one pass over the rows from front to back. Used by one thread.
 */
public final class LongRuns {
    /** Rows of one loop: with their number known to be small, places are computed by the loads and stores themselves. */
    public static final int BLOCK = 1 << 13;

    private static final int MASK = BLOCK - 1;
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private final long base;
    private final long flip;
    private int firstDescent = -1;

    /** @param key as of {@link KeyScan#longRuns} */
    LongRuns(KeyColumn key) {
        this.base = key.plain64();
        this.flip = key.plainFlip();
    }

    /**
     * Appends the runs that begin in a range.
     *
     * @param first the first row; ranges follow each other
     * @param count the number of rows, at most {@link #BLOCK}
     * @param starts receives the runs' first rows, 32 bits each, from index {@code runs} on
     * @param keys receives the runs' keys, 64 bits each; both must have room for {@code count + 1} more
     * @return the number of runs so far
     */
    public int scan(int first, int count, ArrowBuf starts, ArrowBuf keys, int runs) {
        if (count == 0) {
            return runs;
        }
        Objects.checkIndex(count, BLOCK + 1);
        long room = runs + (long) count + 1;
        long to = Memory.address(starts, 0, 4 * room);
        long values = Memory.address(keys, 0, 8 * room);
        int known = runs;
        if (first == 0) {
            // The first of all rows begins a run whatever it holds.
            UNSAFE.putInt(to, 0);
            UNSAFE.putLong(values, UNSAFE.getLong(base));
            known = 1;
        }
        long previous = UNSAFE.getLong(values + 8L * (known - 1));
        int found = known + block(base + 8L * first, first, count, previous, to + 4L * known, values + 8L * known);
        if (firstDescent < 0) {
            firstDescent = firstDescent(values, flip, Math.max(1, runs), found);
        }
        return found;
    }

    /** The first run so far whose key is less than that of the run before, or −1. */
    public int firstDescent() {
        return firstDescent;
    }

    // Row and key are stored for every row, but their place moves on only where the key changes: no branch to
    // mispredict. The mask changes nothing. Four rows at a time, each loaded where it is used: the compiler, left to
    // unroll as it likes, runs out of registers.
    private static int block(long from, int row, int count, long before, long to, long values) {
        int rows = Math.min(count, BLOCK);
        long previous = before;
        int found = 0;
        int i = 0;
        for (; i + 4 <= rows; i += 4) {
            long a = UNSAFE.getLong(from + 8L * i);
            put(to, values, found & MASK, row + i, a);
            found += change(a, previous);
            long b = UNSAFE.getLong(from + 8L * i + 8);
            put(to, values, found & MASK, row + i + 1, b);
            found += change(b, a);
            long c = UNSAFE.getLong(from + 8L * i + 16);
            put(to, values, found & MASK, row + i + 2, c);
            found += change(c, b);
            previous = UNSAFE.getLong(from + 8L * i + 24);
            put(to, values, found & MASK, row + i + 3, previous);
            found += change(previous, c);
        }
        for (; i < rows; i++) {
            long key = UNSAFE.getLong(from + 8L * i);
            put(to, values, found & MASK, row + i, key);
            found += change(key, previous);
            previous = key;
        }
        return found;
    }

    private static void put(long to, long values, int place, int row, long key) {
        UNSAFE.putInt(to + 4L * place, row);
        UNSAFE.putLong(values + 8L * place, key);
    }

    /** 1 for keys that differ, else 0. */
    private static int change(long left, long right) {
        long difference = left ^ right;
        return (int) ((difference | -difference) >>> 63);
    }

    /** The first of the runs from {@code from} on whose key is less than that of the run before, or −1. */
    private static int firstDescent(long values, long flip, int from, int runs) {
        long previous = UNSAFE.getLong(values + 8L * (from - 1)) ^ flip;
        long falls = 0;
        for (int run = from; run < runs; run++) {
            long ordered = UNSAFE.getLong(values + 8L * run) ^ flip;
            falls |= ordered < previous ? 1 : 0;
            previous = ordered;
        }
        return falls == 0 ? -1 : found(values, flip, from, runs);
    }

    private static int found(long values, long flip, int from, int runs) {
        int run = from;
        while (run < runs
                && (UNSAFE.getLong(values + 8L * run) ^ flip) >= (UNSAFE.getLong(values + 8L * run - 8) ^ flip)) {
            run++;
        }
        return run;
    }
}
