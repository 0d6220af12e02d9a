package org.arrownpz.vector.internal.kernel;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Offsets and views of a part of a vector, moved in place to where the part's values begin. They are copies in memory of
 * their own: what is checked here stays as it is, whatever happens to the file that they came from.
 */
public final class SliceParts {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final long VIEW_BYTES = EncodeOffsets.VIEW_BYTES;
    /** The places in a long view of its data buffer's number and of its first byte there. */
    private static final int BUFFER = 8;

    private static final int OFFSET = 12;

    private SliceParts() {}

    /** Adds an amount to integers of 2, 4 or 8 bytes. */
    public static void shift(ArrowBuf values, int count, int width, long delta) {
        long at = Memory.address(values, 0, (long) count * width);
        long end = at + (long) count * width;
        switch (width) {
            case 2 -> {
                for (; at < end; at += 2) {
                    UNSAFE.putShort(at, (short) (UNSAFE.getShort(at) + delta));
                }
            }
            case 4 -> {
                int amount = (int) delta;
                for (; at < end; at += 4) {
                    UNSAFE.putInt(at, UNSAFE.getInt(at) + amount);
                }
            }
            default -> {
                for (; at < end; at += 8) {
                    UNSAFE.putLong(at, UNSAFE.getLong(at) + delta);
                }
            }
        }
    }

    /**
     * The bytes of each data buffer that views need; views of nulls become 0.
     *
     * @param validity the views' bitmap, which may be mapped, or null for ones
     * @param capacities the length of each data buffer
     * @param low receives the first byte of each buffer
     * @param high receives the end of the last one, 0 for buffers that nothing needs
     * @return the lengths of all values outside of views
     * @throws IndexOutOfBoundsException when a view leads out of its buffer
     */
    public static long measureViews(
            ArrowBuf views, @Nullable ArrowBuf validity, int count, long[] capacities, long[] low, long[] high) {
        Arrays.fill(low, Long.MAX_VALUE);
        long bytes = 0;
        long view = Memory.address(views, 0, count * VIEW_BYTES);
        for (int i = 0; i < count; i++, view += VIEW_BYTES) {
            if (validity != null && !EncodeBits.isSet(validity, i)) {
                UNSAFE.putLong(view, 0);
                UNSAFE.putLong(view + 8, 0);
                continue;
            }
            int length = UNSAFE.getInt(view);
            if (length < 0) {
                throw new IndexOutOfBoundsException("view " + i + " has a length of " + length);
            }
            if (length > EncodeOffsets.INLINE_BYTES) {
                int buffer = UNSAFE.getInt(view + BUFFER);
                int offset = UNSAFE.getInt(view + OFFSET);
                if (buffer < 0 || buffer >= high.length || offset < 0 || offset > capacities[buffer] - length) {
                    throw new IndexOutOfBoundsException("view " + i + " leads out of its data buffer");
                }
                low[buffer] = Math.min(low[buffer], offset);
                high[buffer] = Math.max(high[buffer], (long) offset + length);
                bytes += length;
            }
        }
        return bytes;
    }

    /** Lets views name the data buffers by other numbers, each of which begins so many bytes later. */
    public static void moveViews(ArrowBuf views, int count, int[] numbers, long[] low) {
        long view = Memory.address(views, 0, count * VIEW_BYTES);
        for (int i = 0; i < count; i++, view += VIEW_BYTES) {
            if (UNSAFE.getInt(view) > EncodeOffsets.INLINE_BYTES) {
                int buffer = UNSAFE.getInt(view + BUFFER);
                UNSAFE.putInt(view + BUFFER, numbers[buffer]);
                UNSAFE.putInt(view + OFFSET, (int) (UNSAFE.getInt(view + OFFSET) - low[buffer]));
            }
        }
    }

    /** Copies the values of views, which have been measured, one behind the other into what becomes their only buffer. */
    public static void gatherViews(ArrowBuf views, int count, ArrowBuf[] data, ArrowBuf target) {
        try {
            long view = Memory.address(views, 0, count * VIEW_BYTES);
            long written = 0;
            for (int i = 0; i < count; i++, view += VIEW_BYTES) {
                int length = UNSAFE.getInt(view);
                if (length > EncodeOffsets.INLINE_BYTES) {
                    ArrowBuf source = data[UNSAFE.getInt(view + BUFFER)];
                    long from = Memory.address(source, UNSAFE.getInt(view + OFFSET), length);
                    Memory.copy(from, Memory.address(target, written, length), length);
                    UNSAFE.putInt(view + BUFFER, 0);
                    UNSAFE.putInt(view + OFFSET, (int) written);
                    written += length;
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }
}
