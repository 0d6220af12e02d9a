package org.arrownpz.vector.internal.kernel;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Reverses the bytes of every element: big-endian to little-endian and back. */
public final class SwapBytes {
    private static final Unsafe U = Memory.UNSAFE;
    private static final long ODD_BYTES = 0x00FF00FF00FF00FFL;
    /** Words of the array that pairs of bytes are swapped in, which stays in the first cache. */
    private static final int WORDS = 1024;
    /** From here on, going through the array pays. */
    private static final long LONG_RANGE = 4 * WORDS;

    private static final AtomicReference<long[]> IDLE = new AtomicReference<>(new long[WORDS]);

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
            swap(from, to, bytes, unit);
        } finally {
            Memory.deliverFaults();
        }
    }

    /** The same by addresses, without a check. */
    static void swap(long from, long to, long bytes, int unit) {
        switch (unit) {
            case 2 -> swap2(from, to, bytes);
            case 4 -> swap4(from, to, bytes);
            case 8 -> swap8(from, to, bytes);
            default -> throw new IllegalArgumentException("no swap of " + unit + " bytes");
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

    // The compiler has vector instructions for this on arrays, on memory at addresses it has none: there and back again
    // is twice as fast as the plain loop.
    private static void swap2(long from, long to, long bytes) {
        long done = 0;
        if (bytes >= LONG_RANGE) {
            long[] idle = IDLE.getAndSet(null);
            long[] words = idle == null ? new long[WORDS] : idle;
            while (bytes - done >= 8) {
                int count = (int) Math.min(WORDS, (bytes - done) / 8);
                U.copyMemory(null, from + done, words, Unsafe.ARRAY_LONG_BASE_OFFSET, count * 8L);
                swapPairs(words, count);
                U.copyMemory(words, Unsafe.ARRAY_LONG_BASE_OFFSET, null, to + done, count * 8L);
                done += count * 8L;
            }
            IDLE.set(words);
        }
        for (; done + 8 <= bytes; done += 8) {
            U.putLong(to + done, swapPairs(U.getLong(from + done)));
        }
        for (; done < bytes; done += 2) {
            U.putShort(to + done, Short.reverseBytes(U.getShort(from + done)));
        }
    }

    private static void swapPairs(long[] words, int count) {
        for (int i = 0; i < count; i++) {
            words[i] = swapPairs(words[i]);
        }
    }

    private static long swapPairs(long word) {
        return (word & ODD_BYTES) << 8 | (word >>> 8) & ODD_BYTES;
    }
}
