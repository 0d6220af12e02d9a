package org.arrownpz.vector.internal.kernel;

import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Values picked by row numbers. Rows are 32-bit integers; −1 asks for a null, which comes out as zeros. Every row is
 * checked against the source before it is read.
 */
public final class GatherRows {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private GatherRows() {}

    /** Values of {@code width} bytes. */
    public static void fixed(ArrowBuf source, long sourceRows, int width, ArrowBuf rows, int count, ArrowBuf target) {
        long from = Memory.address(source, 0, Math.multiplyExact(sourceRows, (long) width));
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, Math.multiplyExact((long) count, (long) width));
        switch (width) {
            case 0 -> {}
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    UNSAFE.putByte(to + i, row < 0 ? 0 : UNSAFE.getByte(from + row));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    UNSAFE.putShort(to + 2L * i, row < 0 ? 0 : UNSAFE.getShort(from + 2L * row));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    UNSAFE.putInt(to + 4L * i, row < 0 ? 0 : UNSAFE.getInt(from + 4L * row));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    UNSAFE.putLong(to + 8L * i, row < 0 ? 0 : UNSAFE.getLong(from + 8L * row));
                }
            }
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    UNSAFE.putLong(to + 16L * i, row < 0 ? 0 : UNSAFE.getLong(from + 16L * row));
                    UNSAFE.putLong(to + 16L * i + 8, row < 0 ? 0 : UNSAFE.getLong(from + 16L * row + 8));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    int row = row(at, i, sourceRows);
                    if (row < 0) {
                        Memory.zero(to + (long) width * i, width);
                    } else {
                        Memory.copy(from + (long) width * row, to + (long) width * i, width);
                    }
                }
            }
        }
    }

    /**
     * Parts of rows that lie a fixed stride apart.
     *
     * @param sourceOffset where the part of row 0 begins
     * @param numbers row numbers that the caller has checked against the source's rows
     */
    public static void strided(
            ArrowBuf source,
            long sourceOffset,
            long stride,
            LongUnaryOperator numbers,
            long firstNumber,
            int count,
            ArrowBuf target,
            long width) {
        try {
            long to = Memory.address(target, 0, Math.multiplyExact((long) count, width));
            for (int i = 0; i < count; i++) {
                long row = numbers.applyAsLong(firstNumber + i);
                long from = Memory.address(source, Math.addExact(sourceOffset, Math.multiplyExact(row, stride)), width);
                Transpose.copyElement(from, to + i * width, width);
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    static int row(long rows, int index, long sourceRows) {
        int row = UNSAFE.getInt(rows + 4L * index);
        if (row >= sourceRows) {
            throw new IndexOutOfBoundsException("row " + row + " of " + sourceRows);
        }
        return row;
    }

    /**
     * Bits.
     *
     * @param source the bits, or null for ones
     * @param target receives whole bytes; the bits after the last are zero
     */
    public static void bits(@Nullable ArrowBuf source, long sourceRows, ArrowBuf rows, int count, ArrowBuf target) {
        long from = source == null ? 0 : Memory.address(source, 0, EncodeBits.bytes(sourceRows));
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, EncodeBits.bytes(count));
        for (int start = 0; start < count; start += 8) {
            int bits = 0;
            int end = Math.min(8, count - start);
            for (int b = 0; b < end; b++) {
                int row = row(at, start + b, sourceRows);
                int bit = row < 0 ? 0 : source == null ? 1 : UNSAFE.getByte(from + (row >>> 3)) >>> (row & 7) & 1;
                bits |= bit << b;
            }
            UNSAFE.putByte(to + (start >>> 3), (byte) bits);
        }
    }

    /** Whether no row asks for a null, and none of the bits of the rows, {@code size} for each, is zero. */
    public static boolean full(ArrowBuf bits, long sourceRows, int size, ArrowBuf rows, int count) {
        long at = Memory.address(rows, 0, 4L * count);
        for (int i = 0; i < count; i++) {
            int row = row(at, i, sourceRows);
            long first = (long) row * size;
            for (int done = 0; row >= 0 && done < size; done += 64) {
                int now = Math.min(64, size - done);
                if (EncodeBits.load(bits, first + done, now) != -1L >>> (64 - now)) {
                    return false;
                }
            }
            if (row < 0) {
                return false;
            }
        }
        return true;
    }

    /** The numbers of consecutive rows. */
    public static void range(int first, int count, ArrowBuf target) {
        long to = Memory.address(target, 0, 4L * count);
        for (int i = 0; i < count; i++) {
            UNSAFE.putInt(to + 4L * i, first + i);
        }
    }

    /** Whether any row asks for a null. */
    public static boolean anyNull(ArrowBuf rows, int count) {
        long at = Memory.address(rows, 0, 4L * count);
        int all = 0;
        for (int i = 0; i < count; i++) {
            all |= UNSAFE.getInt(at + 4L * i);
        }
        return all < 0;
    }

    /**
     * Offsets of the picked values, from 0 on.
     *
     * @param limit the length of what the source offsets point into
     * @param target receives {@code count + 1} offsets of {@code width} bytes
     * @return the last offset
     * @throws ArithmeticException when 32-bit offsets do not reach that far
     */
    public static long offsets(
            ArrowBuf source, long sourceRows, int width, long limit, ArrowBuf rows, int count, ArrowBuf target) {
        long from = sourceRows == 0 ? 0 : Memory.address(source, 0, Math.multiplyExact(sourceRows + 1, (long) width));
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, (count + 1L) * width);
        long total = 0;
        for (int i = 0; i < count; i++) {
            EncodeOffsets.store(to + (long) i * width, width, total);
            int row = row(at, i, sourceRows);
            if (row >= 0) {
                long start = EncodeOffsets.load(from + (long) row * width, width);
                long end = EncodeOffsets.load(from + (row + 1L) * width, width);
                if (start < 0 || end < start || end > limit) {
                    throw new IndexOutOfBoundsException("offsets " + start + " to " + end + " of " + limit);
                }
                total += end - start;
            }
        }
        if (width == 4 && total > Integer.MAX_VALUE) {
            throw new ArithmeticException(total + " values or bytes");
        }
        EncodeOffsets.store(to + (long) count * width, width, total);
        return total;
    }

    /**
     * The bytes behind offsets.
     *
     * @param total what {@link #offsets} returned; offsets that have changed since, as those of a mapped file may, are
     *     refused
     */
    public static void bytes(
            ArrowBuf data, ArrowBuf offsets, int width, ArrowBuf rows, int count, ArrowBuf target, long total) {
        long from = data.memoryAddress();
        long entries = offsets.memoryAddress();
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, total);
        long limit = data.capacity();
        long full = to + total;
        for (int i = 0; i < count; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            if (row < 0) {
                continue;
            }
            long start = EncodeOffsets.load(entries + (long) row * width, width);
            long length = EncodeOffsets.load(entries + (row + 1L) * width, width) - start;
            if (start < 0 || length < 0 || start > limit - length || length > full - to) {
                throw new IndexOutOfBoundsException("changed offset " + start);
            }
            Memory.copyFew(from + start, to, length);
            to += length;
        }
    }
}
