package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/**
 * 8-byte times to a finer unit, in which NaT stays NaT, and to 4-byte dates and intervals, in which it becomes 0; checked.
 * Values are little-endian.
 */
public final class NarrowTime {
    private static final Unsafe U = Memory.UNSAFE;
    // Months from 1970-01 that keep the day number within 32 bits; days are checked on their own.
    private static final long MONTH_BOUND = 71_000_000L;
    private static final long DAYS_TO_MARCH_0000 = 719_468;

    private NarrowTime() {}

    /**
     * Multiplies {@code count} 8-byte values by a factor. Source and target may be the same range.
     *
     * @param factor 1 or more
     * @return −1, or the index of the first value whose product is no 64-bit value (or would be NaT)
     */
    public static long rescale(
            ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long count, long factor) {
        try {
            long from = Memory.address(source, sourceOffset, Math.multiplyExact(count, 8L));
            long to = Memory.address(target, targetOffset, count * 8);
            long limit = Long.MAX_VALUE / factor;
            for (long i = 0; i < count; i++) {
                long value = U.getLong(from + 8 * i);
                if (value > limit || value < -limit) {
                    if (value != Long.MIN_VALUE) {
                        return i;
                    }
                    U.putLong(to + 8 * i, value);
                } else {
                    U.putLong(to + 8 * i, value * factor);
                }
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * Writes {@code value * factor} as 32-bit integers: days from days or weeks, months from months or years.
     *
     * @return −1, or the index of the first value that does not fit
     */
    public static long multiply(
            ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long count, long factor) {
        try {
            long from = Memory.address(source, sourceOffset, Math.multiplyExact(count, 8L));
            long to = Memory.address(target, targetOffset, count * 4);
            long high = Integer.MAX_VALUE / factor;
            long low = Integer.MIN_VALUE / factor;
            for (long i = 0; i < count; i++) {
                long value = U.getLong(from + 8 * i);
                if (value > high || value < low) {
                    if (value != Long.MIN_VALUE) {
                        return i;
                    }
                    value = 0;
                }
                U.putInt(to + 4 * i, (int) (value * factor));
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * Writes the first day of each month as days from 1970-01-01 in the proleptic Gregorian calendar.
     *
     * @param factor months of one step: 12 for years
     * @return −1, or the index of the first value that does not fit
     */
    public static long monthsToDays(
            ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long count, long factor) {
        try {
            long from = Memory.address(source, sourceOffset, Math.multiplyExact(count, 8L));
            long to = Memory.address(target, targetOffset, count * 4);
            long bound = MONTH_BOUND / factor;
            for (long i = 0; i < count; i++) {
                long value = U.getLong(from + 8 * i);
                if (value > bound || value < -bound) {
                    if (value != Long.MIN_VALUE) {
                        return i;
                    }
                    U.putInt(to + 4 * i, 0);
                    continue;
                }
                long day = firstDay(value * factor);
                if (day != (int) day) {
                    return i;
                }
                U.putInt(to + 4 * i, (int) day);
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    // Years run from March, so that the leap day is the last of its year.
    private static long firstDay(long monthsFrom1970) {
        long fromMarch = monthsFrom1970 + 1970 * 12 - 2;
        long year = Math.floorDiv(fromMarch, 12);
        long month = fromMarch - 12 * year;
        long day = (153 * month + 2) / 5;
        return 365 * year
                + Math.floorDiv(year, 4)
                - Math.floorDiv(year, 100)
                + Math.floorDiv(year, 400)
                + day
                - DAYS_TO_MARCH_0000;
    }
}
