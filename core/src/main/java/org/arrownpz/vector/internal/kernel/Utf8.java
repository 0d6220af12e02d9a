package org.arrownpz.vector.internal.kernel;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** UTF-8 (RFC 3629): shortest forms, no surrogates, at most U+10FFFF. */
public final class Utf8 {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final long HIGH_BITS = 0x8080808080808080L;
    /** Of Arrow's columnar format, "Variable-size Binary View Layout": up to 12 bytes lie in the view itself. */
    private static final int VIEW_BYTES = EncodeOffsets.VIEW_BYTES;

    private static final int INLINE_BYTES = EncodeOffsets.INLINE_BYTES;

    private Utf8() {}

    /**
     * The first text that is not UTF-8, or does not lie within the data, or -1.
     *
     * @param offsets known not to fall
     * @param width bytes of an offset, 4 or 8
     * @param validity null where no text is null; texts that are null may hold anything
     */
    public static long firstInvalid(
            ArrowBuf offsets, int width, ArrowBuf data, @Nullable ArrowBuf validity, long rows) {
        if (rows == 0) {
            return -1;
        }
        try {
            long base = Memory.address(offsets, 0, (rows + 1) * width);
            long bytes = Memory.address(data, 0, 0);
            long capacity = data.capacity();
            long start = EncodeOffsets.load(base, width);
            long last = EncodeOffsets.load(base + rows * width, width);
            if (isWithin(start, last, capacity) && isAscii(bytes + start, last - start)) {
                return -1;
            }
            for (long i = 0; i < rows; i++) {
                long end = EncodeOffsets.load(base + (i + 1) * width, width);
                if (isPresent(validity, i)
                        && !(isWithin(start, end, capacity) && isValid(bytes + start, end - start))) {
                    return i;
                }
                start = end;
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    /** The same of views, over what they may point into. */
    public static long firstInvalidView(ArrowBuf views, List<ArrowBuf> data, @Nullable ArrowBuf validity, long rows) {
        try {
            long base = Memory.address(views, 0, rows * VIEW_BYTES);
            for (long i = 0; i < rows; i++) {
                if (isPresent(validity, i) && !isValidView(base + i * VIEW_BYTES, data)) {
                    return i;
                }
            }
            return -1;
        } finally {
            Memory.deliverFaults();
        }
    }

    private static boolean isValidView(long view, List<ArrowBuf> data) {
        long length = Memory.int32(view);
        if (length <= INLINE_BYTES) {
            return length >= 0 && isValid(view + 4, length);
        }
        long number = Memory.int32(view + 8);
        long start = Memory.int32(view + 12);
        if (number < 0 || number >= data.size()) {
            return false;
        }
        ArrowBuf target = data.get((int) number);
        return isWithin(start, start + length, target.capacity()) && isValid(target.memoryAddress() + start, length);
    }

    private static boolean isPresent(@Nullable ArrowBuf validity, long row) {
        return validity == null || EncodeBits.isSet(validity, row);
    }

    private static boolean isWithin(long start, long end, long capacity) {
        return start >= 0 && end >= start && end <= capacity;
    }

    static boolean isAscii(long from, long length) {
        long i = 0;
        for (; i + 8 <= length; i += 8) {
            if ((UNSAFE.getLong(from + i) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (UNSAFE.getByte(from + i) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValid(long from, long length) {
        return decode(from, length, 0, 0, false) >= 0;
    }

    /** Decodes ASCII at the beginning of a value, some characters at a time; returns how many it took. */
    private static long widen(long from, long length, long to) {
        long i = 0;
        for (; i + 4 <= length; i += 4) {
            long four = UNSAFE.getInt(from + i) & 0xffffffffL;
            if ((four & HIGH_BITS) != 0) {
                return i;
            }
            UNSAFE.putLong(to + i * 4, four & 0x7f | (four & 0x7f00) << 24);
            UNSAFE.putLong(to + i * 4 + 8, four >>> 16 & 0x7f | (four & 0x7f000000L) << 8);
        }
        return i;
    }

    /**
     * Decodes one value, or counts its code points where {@code to} is 0.
     *
     * @return the number of code points, or -1 when the bytes are not UTF-8 or need more than {@code room}
     */
    static long decode(long from, long length, long to, long room, boolean bigEndian) {
        long i = to == 0 || bigEndian || length > room ? 0 : widen(from, length, to);
        long points = i;
        while (i < length) {
            if (to == 0 && i + 8 <= length && (UNSAFE.getLong(from + i) & HIGH_BITS) == 0) {
                i += 8;
                points += 8;
                continue;
            }
            int lead = UNSAFE.getByte(from + i) & 0xff;
            int more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
            if (more < 0 || i + more >= length) {
                return -1;
            }
            int point = more == 0 ? lead : lead & 0x3f >>> more;
            for (int k = 1; k <= more; k++) {
                int next = UNSAFE.getByte(from + i + k) & 0xff;
                if ((next & 0xc0) != 0x80) {
                    return -1;
                }
                point = point << 6 | next & 0x3f;
            }
            if (more == 2 && (point < 0x800 || point >= 0xd800 && point < 0xe000)
                    || more == 3 && (point < 0x10000 || point > 0x10ffff)) {
                return -1;
            }
            if (to != 0) {
                if (points >= room) {
                    return -1;
                }
                UNSAFE.putInt(to + points * 4, bigEndian ? Integer.reverseBytes(point) : point);
            }
            i += more + 1;
            points++;
        }
        return points;
    }
}
