package org.arrownpz.event.internal.kernel;

import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** Byte strings at checked addresses, eight bytes at a time. */
final class KeyBytes {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private KeyBytes() {}

    static boolean equal(long left, long right, long length) {
        long i = 0;
        for (; i <= length - 8; i += 8) {
            if (UNSAFE.getLong(left + i) != UNSAFE.getLong(right + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (UNSAFE.getByte(left + i) != UNSAFE.getByte(right + i)) {
                return false;
            }
        }
        return true;
    }

    static int compare(long left, long leftLength, long right, long rightLength) {
        long common = Math.min(leftLength, rightLength);
        long i = 0;
        for (; i <= common - 8; i += 8) {
            long a = UNSAFE.getLong(left + i);
            long b = UNSAFE.getLong(right + i);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; i < common; i++) {
            int difference = (UNSAFE.getByte(left + i) & 0xff) - (UNSAFE.getByte(right + i) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return Long.compare(leftLength, rightLength);
    }

    static int compareDecimals(long left, long right, int width) {
        int at = width - 4;
        int top = Integer.compare(UNSAFE.getInt(left + at), UNSAFE.getInt(right + at));
        while (top == 0 && at > 0) {
            at -= 4;
            top = Integer.compareUnsigned(UNSAFE.getInt(left + at), UNSAFE.getInt(right + at));
        }
        return top;
    }

    static int compareIntervals(long left, long right) {
        int months = Integer.compare(UNSAFE.getInt(left), UNSAFE.getInt(right));
        int days = Integer.compare(UNSAFE.getInt(left + 4), UNSAFE.getInt(right + 4));
        int nanos = Long.compare(UNSAFE.getLong(left + 8), UNSAFE.getLong(right + 8));
        return months != 0 ? months : days != 0 ? days : nanos;
    }

    /** The first eight bytes, zeros behind the end, ordered as signed. */
    static long prefix(long from, long length) {
        long word = 0;
        if (length >= 8) {
            word = Long.reverseBytes(UNSAFE.getLong(from));
        } else {
            for (int i = 0; i < length; i++) {
                word |= (UNSAFE.getByte(from + i) & 0xffL) << (56 - 8 * i);
            }
        }
        return word ^ Long.MIN_VALUE;
    }
}
