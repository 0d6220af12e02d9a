package org.arrownpz.vector.internal.kernel;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Variable-width values into padded rows: UTF-8 to UTF-32, and bytes as they are. */
public final class EncodeText {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private EncodeText() {}

    /**
     * The room that the values of a column need.
     *
     * @param longest code points (bytes where not text) of the longest value
     * @param valueBytes bytes of all valid values
     * @param endsInNul whether a value ends in NUL, which NumPy would drop
     * @param malformed whether a value is not UTF-8
     */
    public record Measure(long longest, long valueBytes, boolean endsInNul, boolean malformed) {
        public static final Measure NONE = new Measure(0, 0, false, false);

        public Measure plus(Measure other) {
            return new Measure(
                    Math.max(longest, other.longest),
                    valueBytes + other.valueBytes,
                    endsInNul || other.endsInNul,
                    malformed || other.malformed);
        }
    }

    /**
     * Scans all values once.
     *
     * @param wide whether offsets have 8 bytes
     * @throws IndexOutOfBoundsException when an offset is not within the data
     */
    public static Measure measure(
            ArrowBuf offsets, ArrowBuf data, @Nullable ArrowBuf validity, int count, boolean wide, boolean text) {
        try {
            if (count == 0) {
                return Measure.NONE;
            }
            long base = offsets(offsets, 0, count, wide);
            long bytes = Memory.address(data, 0, 0);
            long from = offset(base, 0, wide);
            long to = offset(base, count, wide);
            // Then values have as many code points as bytes.
            boolean ascii =
                    text && from >= 0 && to >= from && to <= data.capacity() && Utf8.isAscii(bytes + from, to - from);
            long longest = 0;
            long total = 0;
            boolean endsInNul = false;
            boolean malformed = false;
            for (int i = 0; i < count; i++) {
                if (validity != null && !EncodeBits.isSet(validity, i)) {
                    continue;
                }
                long start = offset(base, i, wide);
                long length = offset(base, i + 1, wide) - start;
                Objects.checkFromIndexSize(start, length, data.capacity());
                total += length;
                if (length == 0) {
                    continue;
                }
                endsInNul |= UNSAFE.getByte(bytes + start + length - 1) == 0;
                boolean counted = !text || ascii && start >= from && start + length <= to;
                long points = counted ? length : Utf8.decode(bytes + start, length, 0, 0, false);
                if (points < 0) {
                    malformed = true;
                } else {
                    longest = Math.max(longest, points);
                }
            }
            return new Measure(longest, total, endsInNul, malformed);
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Writes rows of {@code points} UTF-32 code units each, padded with zeros; null rows become zeros. */
    public static void putUtf32(
            ArrowBuf offsets,
            ArrowBuf data,
            @Nullable ArrowBuf validity,
            int first,
            int count,
            boolean wide,
            long points,
            boolean bigEndian,
            ArrowBuf target,
            long offset,
            long stride) {
        try {
            if (count == 0 || points == 0) {
                return;
            }
            long base = offsets(offsets, first, count, wide);
            long bytes = Memory.address(data, 0, 0);
            long width = points * 4;
            long to = EncodeFixed.target(target, offset, stride, count, width);
            for (int i = 0; i < count; i++) {
                long row = to + i * stride;
                long written = 0;
                if (validity == null || EncodeBits.isSet(validity, (long) first + i)) {
                    long start = offset(base, i, wide);
                    long length = offset(base, i + 1, wide) - start;
                    Objects.checkFromIndexSize(start, length, data.capacity());
                    written = Utf8.decode(bytes + start, length, row, points, bigEndian);
                    if (written < 0) {
                        throw new IllegalArgumentException("the column's text changed while it was written");
                    }
                }
                if (written < points) {
                    Memory.zero(row + written * 4, width - written * 4);
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Writes rows of {@code width} bytes each, padded with zeros; null rows become zeros. */
    public static void putBytes(
            ArrowBuf offsets,
            ArrowBuf data,
            @Nullable ArrowBuf validity,
            int first,
            int count,
            boolean wide,
            long width,
            ArrowBuf target,
            long offset,
            long stride) {
        try {
            if (count == 0 || width == 0) {
                return;
            }
            long base = offsets(offsets, first, count, wide);
            long bytes = Memory.address(data, 0, 0);
            long to = EncodeFixed.target(target, offset, stride, count, width);
            for (int i = 0; i < count; i++) {
                long row = to + i * stride;
                long length = 0;
                if (validity == null || EncodeBits.isSet(validity, (long) first + i)) {
                    long start = offset(base, i, wide);
                    length = offset(base, i + 1, wide) - start;
                    Objects.checkFromIndexSize(start, length, Math.min(data.capacity(), start + width));
                    Memory.copy(bytes + start, row, length);
                }
                Memory.zero(row + length, width - length);
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    private static long offsets(ArrowBuf offsets, long first, int count, boolean wide) {
        int size = wide ? 8 : 4;
        return Memory.address(offsets, first * size, (count + 1L) * size);
    }

    private static long offset(long base, long index, boolean wide) {
        return wide ? UNSAFE.getLong(base + index * 8) : Memory.int32(base + index * 4);
    }
}
