package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Offsets, sizes, run ends and views moved to where their values will lie. */
public final class EncodeOffsets {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    /** Bytes of one view of a Utf8View or BinaryView vector. */
    public static final int VIEW_BYTES = 16;

    /** Bytes of an offset of the large types. */
    public static final int WIDE = 8;

    /** Values up to this length lie in the view itself. */
    public static final int INLINE_BYTES = 12;

    private EncodeOffsets() {}

    /** One integer of 2, 4 or 8 bytes. */
    public static long get(ArrowBuf values, long index, int width) {
        long value = at(values, index, width);
        Memory.deliverFaults();
        return value;
    }

    private static long at(ArrowBuf values, long index, int width) {
        return load(Memory.address(values, index * width, width), width);
    }

    /** Stores one integer of 2, 4 or 8 bytes. */
    public static void set(ArrowBuf values, long byteOffset, int width, long value) {
        store(Memory.address(values, byteOffset, width), width, value);
    }

    /** Copies integers with an amount added to each, none becoming more than {@code most}. */
    public static void add(ArrowBuf source, long first, int count, int width, long delta, long most, ArrowBuf target) {
        long from = Memory.address(source, first * width, (long) count * width);
        long to = Memory.address(target, 0, (long) count * width);
        for (int i = 0; i < count; i++) {
            long value = Math.min(load(from + (long) i * width, width) + delta, most);
            store(to + (long) i * width, width, value);
        }
        Memory.deliverFaults();
    }

    /** The lowest start and highest end of the non-empty valid list views of a range; {0, 0} where there is none. */
    public static long[] viewedRange(
            ArrowBuf offsets, ArrowBuf sizes, @Nullable ArrowBuf validity, long first, int count, int width) {
        try {
            long low = Long.MAX_VALUE;
            long high = 0;
            for (long i = first; i < first + count; i++) {
                long size = at(sizes, i, width);
                if (size > 0 && (validity == null || EncodeBits.isSet(validity, i))) {
                    long start = at(offsets, i, width);
                    low = Math.min(low, start);
                    high = Math.max(high, Math.addExact(start, size));
                }
            }
            return low == Long.MAX_VALUE ? new long[] {0, 0} : new long[] {low, high};
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * Offsets or sizes of list views; empty and null ones become 0.
     *
     * @param delta added to offsets
     * @param wantSizes whether sizes are wanted rather than offsets
     */
    public static void putListViews(
            ArrowBuf offsets,
            ArrowBuf sizes,
            @Nullable ArrowBuf validity,
            long first,
            int count,
            int width,
            long delta,
            boolean wantSizes,
            ArrowBuf target) {
        long to = Memory.address(target, 0, (long) count * width);
        for (int i = 0; i < count; i++) {
            long size = at(sizes, first + i, width);
            boolean empty = size <= 0 || validity != null && !EncodeBits.isSet(validity, first + i);
            long value = empty ? 0 : wantSizes ? size : at(offsets, first + i, width) + delta;
            store(to + (long) i * width, width, value);
        }
        Memory.deliverFaults();
    }

    /** Widens {@code low} and {@code high} (by type id) to the child rows that a dense union uses. */
    public static void denseRanges(ArrowBuf types, ArrowBuf offsets, long first, int count, long[] low, long[] high) {
        for (long i = first; i < first + count; i++) {
            int type = UNSAFE.getByte(Memory.address(types, i, 1));
            long offset = at(offsets, i, 4);
            if (type >= 0 && offset >= 0) {
                low[type] = Math.min(low[type], offset);
                high[type] = Math.max(high[type], offset + 1);
            }
        }
        Memory.deliverFaults();
    }

    /** Offsets of a dense union, moved by an amount for each type id. */
    public static void putDense(
            ArrowBuf types, ArrowBuf offsets, long first, int count, long[] delta, ArrowBuf target) {
        long to = Memory.address(target, 0, count * 4L);
        for (int i = 0; i < count; i++) {
            int type = UNSAFE.getByte(Memory.address(types, first + i, 1));
            store(to + i * 4L, 4, type < 0 ? 0 : at(offsets, first + i, 4) + delta[type]);
        }
        Memory.deliverFaults();
    }

    /** Raises {@code ends} (by data buffer) to the last byte that valid views use. */
    public static void viewEnds(ArrowBuf views, @Nullable ArrowBuf validity, long first, int count, long[] ends) {
        try {
            for (long i = first; i < first + count; i++) {
                long at = Memory.address(views, i * VIEW_BYTES, VIEW_BYTES);
                int length = (int) Memory.int32(at);
                if (length > INLINE_BYTES && (validity == null || EncodeBits.isSet(validity, i))) {
                    int buffer = (int) Memory.int32(at + 8);
                    int offset = (int) Memory.int32(at + 12);
                    if (buffer < 0 || buffer >= ends.length || offset < 0) {
                        throw new IndexOutOfBoundsException("view " + i + " points to no data buffer");
                    }
                    ends[buffer] = Math.max(ends[buffer], (long) offset + length);
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Views with renumbered data buffers; null ones and the unused bytes of short ones become 0. */
    public static void putViews(
            ArrowBuf views, @Nullable ArrowBuf validity, long first, int count, int[] buffers, ArrowBuf target) {
        long to = Memory.address(target, 0, (long) count * VIEW_BYTES);
        Memory.zero(to, (long) count * VIEW_BYTES);
        for (int i = 0; i < count; i++) {
            if (validity != null && !EncodeBits.isSet(validity, first + i)) {
                continue;
            }
            long from = Memory.address(views, (first + i) * VIEW_BYTES, VIEW_BYTES);
            long row = to + (long) i * VIEW_BYTES;
            int length = (int) Memory.int32(from);
            if (length <= INLINE_BYTES) {
                Memory.copy(from, row, 4L + Math.max(0, length));
            } else {
                Memory.copy(from, row, VIEW_BYTES);
                UNSAFE.putInt(row + 8, buffers[(int) Memory.int32(from + 8)]);
            }
        }
        Memory.deliverFaults();
    }

    public static long load(long address, int width) {
        return switch (width) {
            case 2 -> UNSAFE.getShort(address);
            case 4 -> Memory.int32(address);
            default -> UNSAFE.getLong(address);
        };
    }

    static void store(long address, int width, long value) {
        switch (width) {
            case 1 -> UNSAFE.putByte(address, (byte) value);
            case 2 -> UNSAFE.putShort(address, (short) value);
            case 4 -> UNSAFE.putInt(address, (int) value);
            default -> UNSAFE.putLong(address, value);
        }
    }

    /** The first of the run ends that is at the given row or beyond it. */
    public static long firstRun(ArrowBuf ends, long count, int width, long row) {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (get(ends, middle, width) < row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
