package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** NumPy's NUL-padded bytes ({@code S<n>}) to offsets and values: trailing NULs go, inner ones stay. */
public final class StripNul {
    private static final Unsafe U = Memory.UNSAFE;

    private StripNul() {}

    /** The bytes that {@code count} elements hold without their trailing NULs. */
    public static long total(ArrowBuf source, long sourceOffset, long count, long width) {
        long from = Memory.address(source, sourceOffset, Math.multiplyExact(count, width));
        long total = 0;
        for (long i = 0; i < count; i++) {
            total += length(from + i * width, width);
        }
        Memory.deliverFaults();
        return total;
    }

    /**
     * Writes {@code count + 1} offsets and the values.
     *
     * @param large whether offsets have 8 bytes instead of 4
     * @param values receives {@link #total} bytes, which fit the offsets
     */
    public static void strip(
            ArrowBuf source,
            long sourceOffset,
            long count,
            long width,
            boolean large,
            ArrowBuf offsets,
            ArrowBuf values) {
        long from = Memory.address(source, sourceOffset, Math.multiplyExact(count, width));
        long offset = Memory.address(offsets, 0, Math.multiplyExact(count + 1, large ? 8L : 4L));
        long to = Memory.address(values, 0, values.capacity());
        long end = to + values.capacity();
        long position = to;
        putOffset(offset, 0, 0, large);
        for (long i = 0; i < count; i++) {
            long cell = from + i * width;
            // The source may change under us (a mapped file): never write beyond what was counted.
            long length = Math.min(length(cell, width), end - position);
            Memory.copyFew(cell, position, length);
            position += length;
            putOffset(offset, i + 1, position - to, large);
        }
        Memory.deliverFaults();
    }

    static void putOffset(long address, long index, long value, boolean large) {
        if (large) {
            U.putLong(address + 8 * index, value);
        } else {
            U.putInt(address + 4 * index, (int) value);
        }
    }

    private static long length(long cell, long width) {
        long end = width;
        while (end >= 8) {
            long word = U.getLong(cell + end - 8);
            if (word != 0) {
                return end - (Long.numberOfLeadingZeros(word) >>> 3);
            }
            end -= 8;
        }
        while (end > 0 && U.getByte(cell + end - 1) == 0) {
            end--;
        }
        return end;
    }
}
