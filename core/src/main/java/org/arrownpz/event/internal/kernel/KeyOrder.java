package org.arrownpz.event.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** The order of runs, by their first rows. */
public final class KeyOrder {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private static final int MARKED = -2;

    private KeyOrder() {}

    /** The result of {@link #check}. */
    public enum Order {
        /** Each run's key is greater than that of the run before. */
        RISING,
        /** Some neighbouring runs have one key, which null keys between them had kept apart. */
        REPEATING
    }

    /**
     * Looks for a run whose key is less than that of the run before.
     *
     * @param starts first rows of the runs; complemented ones are passed over
     * @param order receives REPEATING at index 0 where neighbours are equal
     * @return the run, or −1 where there is none
     */
    public static int check(ArrowBuf starts, int runs, Order[] order, KeyColumn... keys) {
        long at = Memory.address(starts, 0, 4L * runs);
        order[0] = Order.RISING;
        if (keys.length == 1 && keys[0].isPlain64() && !keys[0].isNat()) {
            // The key has no nulls, but a session's time may: marked runs are for the loop below.
            int firstDescent = plain(keys[0].plain64(), keys[0].plainFlip(), at, runs);
            if (firstDescent != MARKED) {
                return firstDescent;
            }
        }
        int before = -1;
        for (int run = 0; run < runs; run++) {
            int row = UNSAFE.getInt(at + 4L * run);
            if (row < 0) {
                continue;
            }
            if (before >= 0) {
                int sign = compare(keys, before, row);
                if (sign > 0) {
                    return run;
                }
                if (sign == 0) {
                    order[0] = Order.REPEATING;
                }
            }
            before = row;
        }
        return -1;
    }

    /** As {@link #check} for runs of which none is marked, so that any that does not rise falls; else MARKED. */
    private static int plain(long base, long flip, long at, int runs) {
        long previous = Long.MIN_VALUE;
        for (int run = 0; run < runs; run++) {
            int row = UNSAFE.getInt(at + 4L * run);
            if (row < 0) {
                return MARKED;
            }
            long value = UNSAFE.getLong(base + 8L * row) ^ flip;
            if (value < previous) {
                return run;
            }
            previous = value;
        }
        return -1;
    }

    /** Compares the keys of two rows; nulls come last. */
    public static int compare(KeyColumn[] keys, long left, long right) {
        for (KeyColumn key : keys) {
            int sign = key.compare(left, right);
            if (sign != 0) {
                return sign;
            }
        }
        return 0;
    }
}
