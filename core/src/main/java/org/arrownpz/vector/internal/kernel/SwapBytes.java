package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Reverses the bytes of every element: big-endian to little-endian and back. */
public final class SwapBytes {
    private static final Unsafe U = Memory.UNSAFE;

    private SwapBytes() {}

    /**
     * Swaps {@code bytes / unit} elements. Source and target may be the same range, but not overlap otherwise.
     *
     * @param unit bytes of one element: 2, 4 or 8
     * @throws IllegalArgumentException when the unit is another one or does not divide the range
     */
    public static void swap(
            ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long bytes, int unit) {
        try {
            long from = Memory.address(source, sourceOffset, bytes);
            long to = Memory.address(target, targetOffset, bytes);
            if (bytes % unit != 0) {
                throw new IllegalArgumentException(bytes + " bytes are no whole number of elements of " + unit);
            }
            switch (unit) {
                case 2 -> swap2(from, to, bytes);
                case 4 -> swap4(from, to, bytes);
                case 8 -> swap8(from, to, bytes);
                default -> throw new IllegalArgumentException("no swap of " + unit + " bytes");
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    private static void swap8(long from, long to, long bytes) {
        for (long done = 0; done < bytes; ) {
            // An int counter lets the compiler unroll the loop.
            int chunk = (int) Math.min(bytes - done, 1 << 30);
            for (int i = 0; i < chunk; i += 8) {
                U.putLong(to + done + i, Long.reverseBytes(U.getLong(from + done + i)));
            }
            done += chunk;
        }
    }

    private static void swap4(long from, long to, long bytes) {
        long pairs = bytes & -8L;
        for (long done = 0; done < pairs; ) {
            int chunk = (int) Math.min(pairs - done, 1 << 30);
            for (int i = 0; i < chunk; i += 8) {
                long reversed = Long.reverseBytes(U.getLong(from + done + i));
                U.putLong(to + done + i, Long.rotateLeft(reversed, 32));
            }
            done += chunk;
        }
        if (pairs < bytes) {
            U.putInt(to + pairs, Integer.reverseBytes(U.getInt(from + pairs)));
        }
    }

    private static void swap2(long from, long to, long bytes) {
        long fours = bytes & -8L;
        for (long done = 0; done < fours; ) {
            int chunk = (int) Math.min(fours - done, 1 << 30);
            for (int i = 0; i < chunk; i += 8) {
                long v = U.getLong(from + done + i);
                U.putLong(to + done + i, (v & 0x00FF00FF00FF00FFL) << 8 | (v >>> 8) & 0x00FF00FF00FF00FFL);
            }
            done += chunk;
        }
        for (long i = fours; i < bytes; i += 2) {
            U.putShort(to + i, Short.reverseBytes(U.getShort(from + i)));
        }
    }
}
