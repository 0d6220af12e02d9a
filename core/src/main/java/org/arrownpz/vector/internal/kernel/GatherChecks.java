package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Checks of structural buffers that come from files, before a vector exists over them. Each returns the index of the
 * first bad entry, or -1.
 */
public final class GatherChecks {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private GatherChecks() {}

    /** Offsets start at 0 or above, do not fall, and end at {@code last} at most. */
    public static long offsets(ArrowBuf offsets, long entries, int width, long last) {
        long base = Memory.address(offsets, 0, entries * width);
        long before = 0;
        for (long i = 0; i < entries; i++) {
            long value = EncodeOffsets.load(base + i * width, width);
            if (value < before || value > last) {
                return i;
            }
            before = value;
        }
        return -1;
    }

    /** Signed numbers are 0 or above, and below a bound. */
    public static long places(ArrowBuf numbers, long count, int width, long bound) {
        long base = count == 0 ? 0 : Memory.address(numbers, 0, count * width);
        for (long i = 0; i < count; i++) {
            long value = EncodeOffsets.load(base + i * width, width);
            if (value < 0 || value >= bound) {
                return i;
            }
        }
        return -1;
    }

    /** List views lie within the child. */
    public static long listViews(ArrowBuf offsets, ArrowBuf sizes, long count, int width, long childLength) {
        long starts = Memory.address(offsets, 0, count * width);
        long lengths = Memory.address(sizes, 0, count * width);
        for (long i = 0; i < count; i++) {
            long start = EncodeOffsets.load(starts + i * width, width);
            long length = EncodeOffsets.load(lengths + i * width, width);
            if (start < 0 || length < 0 || length > childLength || start > childLength - length) {
                return i;
            }
        }
        return -1;
    }

    /** Type ids are among those of the union, and offsets (null for sparse unions) within the child of their type. */
    public static long unionTypes(ArrowBuf types, @Nullable ArrowBuf offsets, long count, long[] childLengths) {
        long ids = Memory.address(types, 0, count);
        long starts = offsets == null ? 0 : Memory.address(offsets, 0, count * 4);
        for (long i = 0; i < count; i++) {
            int type = UNSAFE.getByte(ids + i);
            if (type < 0 || childLengths[type] < 0) {
                return i;
            }
            if (offsets != null) {
                int offset = (int) Memory.int32(starts + i * 4);
                if (offset < 0 || offset >= childLengths[type]) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Run ends rise from above 0 to {@code length} or beyond. */
    public static long runEnds(ArrowBuf ends, long count, int width, long length) {
        long base = Memory.address(ends, 0, count * width);
        long before = 0;
        for (long i = 0; i < count; i++) {
            long end = EncodeOffsets.load(base + i * width, width);
            if (end <= before) {
                return i;
            }
            before = end;
        }
        return before < length ? count : -1;
    }

    /** Views have a length, and long ones lie within their data buffer. */
    public static long views(ArrowBuf views, @Nullable ArrowBuf validity, long count, long[] bufferLengths) {
        long base = Memory.address(views, 0, count * EncodeOffsets.VIEW_BYTES);
        for (long i = 0; i < count; i++) {
            if (validity != null && !EncodeBits.isSet(validity, i)) {
                continue;
            }
            long view = base + i * EncodeOffsets.VIEW_BYTES;
            int length = (int) Memory.int32(view);
            if (length < 0) {
                return i;
            }
            if (length > EncodeOffsets.INLINE_BYTES) {
                int buffer = (int) Memory.int32(view + 8);
                int offset = (int) Memory.int32(view + 12);
                if (buffer < 0
                        || buffer >= bufferLengths.length
                        || offset < 0
                        || (long) offset + length > bufferLengths[buffer]) {
                    return i;
                }
            }
        }
        return -1;
    }
}
