package org.arrownpz.vector.internal.kernel;

import sun.misc.Unsafe;

/** The loops that bring a row-major block into columns, a piece that stays in cache at a time. */
final class TransposeTiles {
    private static final Unsafe U = Memory.UNSAFE;
    private static final int CACHE_LINE = 64;
    private static final int TILE_ROWS = 512;
    private static final int STRIP_BYTES = 512 << 10;
    private static final int LONGEST_STRIP_ROW = 4096;
    /** Blocks of fewer bytes are done before a helper would come. */
    private static final long LEAST_SHARED = 2 << 20;

    private static final long LOW_HALF = 0xFFFFFFFFL;

    private TransposeTiles() {}

    /** {@link Transpose#columns} by addresses, of at least one element; large blocks by {@link SharedWork}. */
    static void columns(long from, long rowBytes, long to, long targetStride, long rows, long columns, long width) {
        long span = columns * width;
        boolean strips = span > CACHE_LINE && span <= LONGEST_STRIP_ROW;
        long step = strips ? STRIP_BYTES / span & -8L : TILE_ROWS;
        if (rows * span < LEAST_SHARED) {
            for (long row = 0; row < rows; row += step) {
                strip(from, rowBytes, to, targetStride, row, (int) Math.min(step, rows - row), columns, width);
            }
            return;
        }
        // Narrow rows: some tiles at a time, as asking for a piece costs as much as a few of their rows.
        long part = strips ? step : Math.max(1, STRIP_BYTES / (span * TILE_ROWS)) * TILE_ROWS;
        SharedWork.run(Math.toIntExact((rows + part - 1) / part), piece -> {
            long end = Math.min(rows, (piece + 1L) * part);
            for (long row = piece * part; row < end; row += step) {
                strip(from, rowBytes, to, targetStride, row, (int) Math.min(step, end - row), columns, width);
            }
        });
    }

    private static void strip(
            long from, long rowBytes, long to, long targetStride, long row, int height, long columns, long width) {
        long tileColumns = Math.max(4, CACHE_LINE / width);
        long span = columns * width;
        boolean narrow = span <= LONGEST_STRIP_ROW;
        if (narrow && span > CACHE_LINE) {
            U.putByte(to + row * width, (byte) touch(from + row * rowBytes, rowBytes, height, span));
        }
        for (long column = 0; column < columns; column += tileColumns) {
            int breadth = (int) Math.min(tileColumns, columns - column);
            long tileFrom = from + row * rowBytes + column * width;
            long tileTo = to + column * targetStride + row * width;
            tile(tileFrom, rowBytes, tileTo, targetStride, height, breadth, width, narrow);
        }
    }

    // Rows in order are what the processor fetches ahead, steps of a row's length are not: reading a strip of moderate
    // rows once brings it into the second cache, for the tiles to find it there. The result is to be used for
    // something, lest the loop be dropped.
    private static long touch(long from, long rowBytes, int rows, long span) {
        long bits = 0;
        if (span == rowBytes) {
            return touched(from, (int) (rows * span));
        }
        for (int r = 0; r < rows; r++, from += rowBytes) {
            bits |= touched(from, (int) span);
        }
        return bits;
    }

    private static long touched(long from, int bytes) {
        long bits = 0;
        for (int i = 0; i + 8 <= bytes; i += CACHE_LINE) {
            bits |= U.getLong(from + i);
        }
        return bits;
    }

    // A cache line of columns at a time, each written in order: the rows of a tile stay in a cache, and few pages are
    // in
    // use at once, whatever the stride. One loop per width, so that each is plain loads and stores.
    private static void tile(
            long from, long rowBytes, long to, long stride, int rows, int columns, long width, boolean narrow) {
        int column = 0;
        if (width == 8 && narrow) {
            for (; column + 8 <= columns; column += 8) {
                eight8(from + column * width, rowBytes, to + column * stride, stride, rows);
            }
        }
        if (width == 1 || width == 2 || width == 4 || width == 8) {
            for (; column + 4 <= columns; column += 4) {
                long source = from + column * width;
                long target = to + column * stride;
                switch ((int) width) {
                    case 8 -> four8(source, rowBytes, target, stride, rows);
                    case 4 -> four4(source, rowBytes, target, stride, rows);
                    case 2 -> four2(source, rowBytes, target, stride, rows);
                    default -> four1(source, rowBytes, target, stride, rows);
                }
            }
        }
        for (; column < columns; column++) {
            Transpose.column(from + column * width, rowBytes, to + column * stride, rows, width);
        }
    }

    private static void eight8(long from, long stride, long to, long step, int rows) {
        long second = to + step;
        long third = second + step;
        long fourth = third + step;
        long fifth = fourth + step;
        long sixth = fifth + step;
        long seventh = sixth + step;
        long eighth = seventh + step;
        for (int r = 0; r < rows; r++, from += stride) {
            U.putLong(to + 8L * r, U.getLong(from));
            U.putLong(second + 8L * r, U.getLong(from + 8));
            U.putLong(third + 8L * r, U.getLong(from + 16));
            U.putLong(fourth + 8L * r, U.getLong(from + 24));
            U.putLong(fifth + 8L * r, U.getLong(from + 32));
            U.putLong(sixth + 8L * r, U.getLong(from + 40));
            U.putLong(seventh + 8L * r, U.getLong(from + 48));
            U.putLong(eighth + 8L * r, U.getLong(from + 56));
        }
    }

    private static void four8(long from, long stride, long to, long step, int rows) {
        long second = to + step;
        long third = second + step;
        long fourth = third + step;
        for (int r = 0; r < rows; r++, from += stride) {
            U.putLong(to + 8L * r, U.getLong(from));
            U.putLong(second + 8L * r, U.getLong(from + 8));
            U.putLong(third + 8L * r, U.getLong(from + 16));
            U.putLong(fourth + 8L * r, U.getLong(from + 24));
        }
    }

    // Two rows at a time: half as many loads and stores, of whole words.
    private static void four4(long from, long stride, long to, long step, int rows) {
        long second = to + step;
        long third = second + step;
        long fourth = third + step;
        int r = 0;
        for (; r + 2 <= rows; r += 2, from += 2 * stride) {
            long a = U.getLong(from);
            long b = U.getLong(from + stride);
            long c = U.getLong(from + 8);
            long d = U.getLong(from + stride + 8);
            U.putLong(to + 4L * r, a & LOW_HALF | b << 32);
            U.putLong(second + 4L * r, a >>> 32 | b & ~LOW_HALF);
            U.putLong(third + 4L * r, c & LOW_HALF | d << 32);
            U.putLong(fourth + 4L * r, c >>> 32 | d & ~LOW_HALF);
        }
        if (r < rows) {
            U.putInt(to + 4L * r, U.getInt(from));
            U.putInt(second + 4L * r, U.getInt(from + 4));
            U.putInt(third + 4L * r, U.getInt(from + 8));
            U.putInt(fourth + 4L * r, U.getInt(from + 12));
        }
    }

    private static void four2(long from, long stride, long to, long step, int rows) {
        long second = to + step;
        long third = second + step;
        long fourth = third + step;
        for (int r = 0; r < rows; r++, from += stride) {
            U.putShort(to + 2L * r, U.getShort(from));
            U.putShort(second + 2L * r, U.getShort(from + 2));
            U.putShort(third + 2L * r, U.getShort(from + 4));
            U.putShort(fourth + 2L * r, U.getShort(from + 6));
        }
    }

    private static void four1(long from, long stride, long to, long step, int rows) {
        long second = to + step;
        long third = second + step;
        long fourth = third + step;
        for (int r = 0; r < rows; r++, from += stride) {
            U.putByte(to + 1L * r, U.getByte(from));
            U.putByte(second + 1L * r, U.getByte(from + 1));
            U.putByte(third + 1L * r, U.getByte(from + 2));
            U.putByte(fourth + 1L * r, U.getByte(from + 3));
        }
    }
}
