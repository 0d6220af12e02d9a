package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Finds NaT (−2⁶³) in datetime64 and timedelta64 values, little-endian. */
public final class NatScan {
    private static final Unsafe U = Memory.UNSAFE;

    private NatScan() {}

    /** Whether any of {@code count} 8-byte values is NaT. */
    public static boolean contains(ArrowBuf source, long offset, long count) {
        try {
            long from = Memory.address(source, offset, Math.multiplyExact(count, 8L));
            long blocks = count >>> 9;
            for (long block = 0; block < blocks; block++, from += 4096) {
                if (contains(from, 512)) {
                    return true;
                }
            }
            return contains(from, (int) (count & 511));
        } finally {
            Memory.deliverFaults();
        }
    }

    // x & -x is the lowest set bit of x, negative for -2^63 alone: no comparison or branch per value.
    private static boolean contains(long from, int count) {
        long a = 0;
        long b = 0;
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            long p = U.getLong(from + 8L * i);
            long q = U.getLong(from + 8L * i + 8);
            long r = U.getLong(from + 8L * i + 16);
            long s = U.getLong(from + 8L * i + 24);
            a |= p & -p | q & -q;
            b |= r & -r | s & -s;
        }
        for (; i < count; i++) {
            long p = U.getLong(from + 8L * i);
            a |= p & -p;
        }
        return (a | b) < 0;
    }

    /**
     * Writes the validity of {@code count} values: a set bit for every value but NaT.
     *
     * @param target receives {@code PackBits.bytesFor(count)} bytes; the bits after the last are zero
     * @return the number of NaT
     */
    public static int validity(ArrowBuf source, long offset, int count, ArrowBuf target, long targetOffset) {
        try {
            long from = Memory.address(source, offset, 8L * count);
            long to = Memory.address(target, targetOffset, PackBits.bytesFor(count));
            int nulls = 0;
            for (int start = 0; start < count; start += 64, from += 512, to += 8) {
                int values = Math.min(64, count - start);
                long full = -1L >>> (64 - values);
                long bits = contains(from, values) ? bits(from, values) : full;
                nulls += values - Long.bitCount(bits);
                if (values == 64) {
                    U.putLong(to, bits);
                } else {
                    for (int i = 0; i < PackBits.bytesFor(values); i++) {
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
