package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Dates, instants and spans into int64 counts of another unit.
 *
 * <p>A value is divided by {@code den} and multiplied by {@code num}; with {@code months} it is first turned from days
 * since 1970-01-01 into months since then. NumPy reserves −2⁶³ for NaT.
 */
public final class EncodeTime {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final long NO_MONTH = Long.MIN_VALUE;

    private EncodeTime() {}

    /** Whether every valid value (of 4 or 8 bytes) converts exactly and does not become NaT. */
    public static boolean fits(
            ArrowBuf values, @Nullable ArrowBuf validity, int count, int width, boolean months, long num, long den) {
        try {
            if (count == 0) {
                return true;
            }
            long from = Memory.address(values, 0, (long) width * count);
            long highest = (Long.MAX_VALUE / num);
            for (int i = 0; i < count; i++) {
                if (validity != null && !EncodeBits.isSet(validity, i)) {
                    continue;
                }
                long value = width == 4 ? Memory.int32(from + i * 4L) : UNSAFE.getLong(from + i * 8L);
                if (months) {
                    value = monthOf(value);
                    if (value == NO_MONTH) {
                        return false;
                    }
                }
                long steps = value / den;
                if (value == Long.MIN_VALUE || steps * den != value || steps > highest || steps < -highest) {
                    return false;
                }
            }
            return true;
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Writes converted values; those that do not fit (under null slots) become anything. */
    public static void put(
            ArrowBuf values,
            long first,
            int count,
            int width,
            boolean months,
            long num,
            long den,
            boolean bigEndian,
            ArrowBuf target,
            long offset,
            long stride) {
        try {
            if (count == 0) {
                return;
            }
            long from = Memory.address(values, first * width, (long) width * count);
            long to = EncodeFixed.target(target, offset, stride, count, 8);
            for (int i = 0; i < count; i++) {
                long value = width == 4 ? Memory.int32(from + i * 4L) : UNSAFE.getLong(from + i * 8L);
                if (months) {
                    value = monthOf(value);
                }
                if (den != 1) {
                    value /= den;
                }
                value *= num;
                UNSAFE.putLong(to + i * stride, bigEndian ? Long.reverseBytes(value) : value);
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Whether a valid value is −2⁶³, which NumPy would take for NaT. */
    public static boolean hasNat(ArrowBuf values, @Nullable ArrowBuf validity, int count) {
        try {
            if (count == 0) {
                return false;
            }
            long from = Memory.address(values, 0, 8L * count);
            for (int i = NatScan.first(from, 0, count); i < count; i = NatScan.first(from, i + 1, count)) {
                if (validity == null || EncodeBits.isSet(validity, i)) {
                    return true;
                }
            }
            return false;
        } finally {
            Memory.deliverFaults();
        }
    }

    // Months since 1970-01 of a day that is the first of a month, in the proleptic Gregorian calendar. The calendar
    // repeats every 400 years of 146,097 days; years run from March, so that the leap day is the last.
    static long monthOf(long day) {
        if (day < Integer.MIN_VALUE || day > Integer.MAX_VALUE) {
            return NO_MONTH;
        }
        long shifted = day + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long marchMonth = (5 * dayOfYear + 2) / 153;
        if (dayOfYear != (153 * marchMonth + 2) / 5) {
            return NO_MONTH;
        }
        // Month 0 of this count is March of year 0.
        return (era * 400 + yearOfEra) * 12 + marchMonth + 2 - 1970 * 12;
    }
}
