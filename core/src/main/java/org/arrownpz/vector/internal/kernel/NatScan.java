package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Finds NaT (−2⁶³) in datetime64 and timedelta64 values, little-endian. */
public final class NatScan {
    private static final Unsafe U = Memory.UNSAFE;
    /** Values that are looked at by one loop that counts in 32 bits. */
    private static final int STEP = 1 << 20;

    private NatScan() {}

    /** Whether any of {@code count} 8-byte values is NaT. */
    public static boolean contains(ArrowBuf source, long offset, long count) {
        try {
            long from = Memory.address(source, offset, Math.multiplyExact(count, 8L));
            for (long done = 0; done < count; done += STEP) {
                int values = (int) Math.min(STEP, count - done);
                if (first(from + 8 * done, 0, values) < values) {
                    return true;
                }
            }
            return false;
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * The index of the first NaT from {@code start} on, or {@code count}. A comparison and a branch that is never taken
     * cost less per value than collecting bits; nothing else may be in the loop.
     */
    static int first(long from, int start, int count) {
        for (int i = start; i < count; i++) {
            if (U.getLong(from + i * 8L) == Long.MIN_VALUE) {
                return i;
            }
        }
        return count;
    }

    /**
     * Writes the validity of {@code count} values: a set bit for every value but NaT.
     *
     * @param target receives {@code EncodeBits.bytes(count)} bytes; the bits after the last are zero
     * @return the number of NaT
     */
    public static int validity(ArrowBuf source, long offset, int count, ArrowBuf target, long targetOffset) {
        try {
            long from = Memory.address(source, offset, 8L * count);
            long to = Memory.address(target, targetOffset, EncodeBits.bytes(count));
            int nulls = 0;
            for (int start = 0; start < count; start += 64, from += 512, to += 8) {
                int values = Math.min(64, count - start);
                long full = -1L >>> (64 - values);
                long bits = first(from, 0, values) < values ? bits(from, values) : full;
                nulls += values - Long.bitCount(bits);
                if (values == 64) {
                    U.putLong(to, bits);
                } else {
                    for (int i = 0; i < EncodeBits.bytes(values); i++) {
                        U.putByte(to + i, (byte) (bits >>> (8 * i)));
                    }
                }
            }
            return nulls;
        } finally {
            Memory.deliverFaults();
        }
    }

    private static long bits(long from, int values) {
        long bits = 0;
        for (int i = 0; i < values; i++) {
            long v = U.getLong(from + 8L * i);
            bits |= ((v & -v) >>> 63 ^ 1) << i;
        }
        return bits;
    }
}
