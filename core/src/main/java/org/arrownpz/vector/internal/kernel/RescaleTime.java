package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Times in a coarse unit to a finer one, checked. Values are little-endian; NaT stays NaT. */
public final class RescaleTime {
    private static final Unsafe U = Memory.UNSAFE;

    private RescaleTime() {}

    /**
     * Multiplies {@code count} 8-byte values by a factor. Source and target may be the same range.
     *
     * @param factor 1 or more
     * @return −1, or the index of the first value whose product is no 64-bit value (or would be NaT)
     */
    public static long multiply(
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
}
