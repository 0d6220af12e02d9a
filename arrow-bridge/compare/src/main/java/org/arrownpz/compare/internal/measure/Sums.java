package org.arrownpz.compare.internal.measure;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Sums of raw bits over ranges of memory, by which the values of all readers are read and compared. No value is skipped,
 * and their order does not matter. Readers and floors use the same loops; nothing is allocated on the heap.
 */
public final class Sums {
    private static final long LOW_32 = 0xFFFFFFFFL;
    private static final long LOW_16 = 0x0000FFFF0000FFFFL;
    private static final long LOW_8 = 0x00FF00FF00FF00FFL;
    /** Sums of bytes are kept in 16-bit lanes, which hold those of so many words. */
    private static final int BYTE_LANES = 64;

    private Sums() {}

    /** The sum of little-endian unsigned integers of 1, 2, 4 or 8 bytes. */
    public static long integers(ArrowBuf buffer, long offset, long count, int width) {
        if (count == 0) {
            return 0;
        }
        long from = address(buffer, offset, Math.multiplyExact(count, width));
        return switch (width) {
            case 8 -> longs(from, count);
            case 4 -> ints(from, count);
            case 2 -> shorts(from, count);
            case 1 -> bytes(from, count);
            default -> throw new IllegalArgumentException("no integers of " + width + " bytes");
        };
    }

    /** The sum of those integers whose bit is set. */
    static long integers(ArrowBuf buffer, long offset, long count, int width, ArrowBuf bits) {
        if (count == 0) {
            return 0;
        }
        long from = address(buffer, offset, Math.multiplyExact(count, width));
        long valid = address(bits, 0, (count + 7) >> 3);
        long sum = 0;
        for (long i = 0; i < count; i++) {
            long bit = MemoryUtil.getByte(valid + (i >> 3)) >> (i & 7) & 1;
            sum += -bit & integer(from + i * width, width);
        }
        return sum;
    }

    private static long integer(long at, int width) {
        return switch (width) {
            case 8 -> MemoryUtil.getLong(at);
            case 4 -> MemoryUtil.getInt(at) & LOW_32;
            case 2 -> (MemoryUtil.getByte(at) & 0xFF) | (MemoryUtil.getByte(at + 1) & 0xFF) << 8;
            default -> MemoryUtil.getByte(at) & 0xFF;
        };
    }

    /** The sum of all bytes of a range of any length. */
    public static long bytes(ArrowBuf buffer, long offset, long length) {
        return length == 0 ? 0 : bytes(address(buffer, offset, length), length);
    }

    /** The number of set bits among the first {@code count}. */
    static long bits(ArrowBuf buffer, long count) {
        if (count == 0) {
            return 0;
        }
        long from = address(buffer, 0, (count + 7) >> 3);
        long sum = 0;
        long i = 0;
        for (; i + 64 <= count; i += 64) {
            sum += Long.bitCount(MemoryUtil.getLong(from + (i >> 3)));
        }
        for (; i < count; i++) {
            sum += MemoryUtil.getByte(from + (i >> 3)) >> (i & 7) & 1;
        }
        return sum;
    }

    /** The number of bits that are set in both, among the first {@code count}. */
    static long bits(ArrowBuf buffer, ArrowBuf mask, long count) {
        if (count == 0) {
            return 0;
        }
        long from = address(buffer, 0, (count + 7) >> 3);
        long valid = address(mask, 0, (count + 7) >> 3);
        long sum = 0;
        for (long i = 0; i < count; i++) {
            int both = MemoryUtil.getByte(from + (i >> 3)) & MemoryUtil.getByte(valid + (i >> 3));
            sum += both >> (i & 7) & 1;
        }
        return sum;
    }

    /** The sum of the squares of the lengths that {@code count} + 1 offsets make. */
    static long squaredLengths(ArrowBuf offsets, long count, int width) {
        if (count == 0) {
            return 0;
        }
        long from = address(offsets, 0, Math.multiplyExact(count + 1, width));
        long before = offset(from, width);
        long sum = 0;
        for (long i = 1; i <= count; i++) {
            long next = offset(from + i * width, width);
            sum += (next - before) * (next - before);
            before = next;
        }
        return sum;
    }

    /** One of the offsets of variable-width values, which are not negative. */
    static long offset(ArrowBuf offsets, long position, int width) {
        return offset(address(offsets, position * width, width), width);
    }

    private static long offset(long at, int width) {
        return width == 8 ? MemoryUtil.getLong(at) : MemoryUtil.getInt(at) & LOW_32;
    }

    private static long longs(long from, long count) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        long i = 0;
        for (; i + 4 <= count; i += 4) {
            long at = from + (i << 3);
            a += MemoryUtil.getLong(at);
            b += MemoryUtil.getLong(at + 8);
            c += MemoryUtil.getLong(at + 16);
            d += MemoryUtil.getLong(at + 24);
        }
        for (; i < count; i++) {
            a += MemoryUtil.getLong(from + (i << 3));
        }
        return a + b + c + d;
    }

    private static long ints(long from, long count) {
        long even = 0;
        long odd = 0;
        long i = 0;
        for (; i + 2 <= count; i += 2) {
            long word = MemoryUtil.getLong(from + (i << 2));
            even += word & LOW_32;
            odd += word >>> 32;
        }
        return i < count ? even + odd + (MemoryUtil.getInt(from + (i << 2)) & LOW_32) : even + odd;
    }

    private static long shorts(long from, long count) {
        long sum = 0;
        long i = 0;
        for (; i + 4 <= count; i += 4) {
            long word = MemoryUtil.getLong(from + (i << 1));
            long pairs = (word & LOW_16) + (word >>> 16 & LOW_16);
            sum += (pairs & LOW_32) + (pairs >>> 32);
        }
        for (; i < count; i++) {
            sum += integer(from + (i << 1), 2);
        }
        return sum;
    }

    private static long bytes(long from, long count) {
        long sum = 0;
        long i = 0;
        while (i + 8 <= count) {
            long end = Math.min(count, i + 8L * BYTE_LANES);
            long lanes = 0;
            for (; i + 8 <= end; i += 8) {
                long word = MemoryUtil.getLong(from + i);
                lanes += (word & LOW_8) + (word >>> 8 & LOW_8);
            }
            long pairs = (lanes & LOW_16) + (lanes >>> 16 & LOW_16);
            sum += (pairs & LOW_32) + (pairs >>> 32);
        }
        for (; i < count; i++) {
            sum += MemoryUtil.getByte(from + i) & 0xFF;
        }
        return sum;
    }

    private static long address(ArrowBuf buffer, long offset, long length) {
        if (offset < 0 || length < 0 || offset > buffer.capacity() - length) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + (offset + length) + " of " + buffer.capacity());
        }
        return buffer.memoryAddress() + offset;
    }
}
