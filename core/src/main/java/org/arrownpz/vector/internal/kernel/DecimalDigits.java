package org.arrownpz.vector.internal.kernel;

import java.math.BigInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Decimals as the integers that they are stored as, held against the digits of their type. */
public final class DecimalDigits {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private DecimalDigits() {}

    /**
     * The row of the first value that is not null and has more digits, or -1.
     *
     * @param validity the bitmap, or null for ones
     * @param width bytes of a value, 16 or 32
     * @param digits what fits into such a value: at most 38 or 76
     */
    public static long firstTooLong(ArrowBuf values, @Nullable ArrowBuf validity, long count, int width, int digits) {
        BigInteger bound = BigInteger.TEN.pow(digits);
        long[] above = words(bound, width);
        long[] below = words(bound.negate(), width);
        try {
            long at = Memory.address(values, 0, Math.multiplyExact(count, (long) width));
            for (long row = 0; row < count; row++, at += width) {
                if ((compare(at, above) >= 0 || compare(at, below) <= 0)
                        && (validity == null || EncodeBits.isSet(validity, row))) {
                    return row;
                }
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    private static long[] words(BigInteger value, int width) {
        long[] words = new long[width / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = value.shiftRight(Long.SIZE * i).longValue();
        }
        return words;
    }

    // In two's complement, the lowest word first.
    private static int compare(long at, long[] words) {
        int word = words.length - 1;
        int order = Long.compare(UNSAFE.getLong(at + (long) word * Long.BYTES), words[word]);
        while (order == 0 && word > 0) {
            word--;
            order = Long.compareUnsigned(UNSAFE.getLong(at + (long) word * Long.BYTES), words[word]);
        }
        return order;
    }
}
