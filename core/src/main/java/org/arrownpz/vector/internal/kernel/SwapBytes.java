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

    /** The content of a buffer, as far as the order of bytes goes. */
    public enum Form {
        /** Texts, bits and numbers of one byte, which have no order. */
        BYTES(1, 1),
        TWO(2, 2),
        FOUR(4, 4),
        EIGHT(8, 8),
        DECIMAL128(16, 8),
        DECIMAL256(32, 8),
        /** Months and days of 4 bytes, nanoseconds of 8. */
        MONTH_DAY_NANO(16, 4),
        /** A length, then 12 bytes of a short value, or 4 bytes of a long one, and two numbers. */
        VIEW(16, 4);

        private final int width;
        private final int unit;

        Form(int width, int unit) {
            this.width = width;
            this.unit = unit;
        }

        /** The form of numbers that are so many bytes wide. */
        public static Form ofWidth(int bytes) {
            return switch (bytes) {
                case 2 -> TWO;
                case 4 -> FOUR;
                case 8 -> EIGHT;
                case 16 -> DECIMAL128;
                case 32 -> DECIMAL256;
                default -> BYTES;
            };
        }
    }

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

    /**
     * Turns all big-endian values of an Arrow buffer into native ones, in place, in memory that is the caller's own.
     *
     * @throws IllegalArgumentException when the buffer holds no whole number of values
     */
    public static void turn(ArrowBuf values, Form form) {
        long bytes = values.capacity();
        if (bytes % form.width != 0) {
            throw new IllegalArgumentException(bytes + " bytes are no whole number of values of " + form.width);
        }
        if (form == Form.BYTES || bytes == 0) {
            return;
        }
        swap(values, 0, values, 0, bytes, form.unit);
        if (form.width == form.unit) {
            return;
        }
        long start = Memory.address(values, 0, bytes);
        for (long at = start; at < start + bytes; at += form.width) {
            switch (form) {
                case VIEW -> turnView(at);
                case MONTH_DAY_NANO -> U.putLong(at + 8, Long.rotateLeft(U.getLong(at + 8), 32));
                default -> reverseWords(at, at + form.width - 8);
            }
        }
    }

    private static void reverseWords(long first, long last) {
        for (long low = first, high = last; low < high; low += 8, high -= 8) {
            long word = U.getLong(low);
            U.putLong(low, U.getLong(high));
            U.putLong(high, word);
        }
    }

    /** Gives back the order that the bytes of a value had, once all words of the view have been turned. */
    private static void turnView(long view) {
        int length = U.getInt(view);
        boolean inline = length >= 0 && length <= EncodeOffsets.INLINE_BYTES;
        long end = view + (inline ? EncodeOffsets.VIEW_BYTES : 8);
        for (long at = view + 4; at < end; at += 4) {
            U.putInt(at, Integer.reverseBytes(U.getInt(at)));
        }
    }
}
