package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Elements from one memory order into another: strided columns, whole blocks, n-dimensional arrays. */
public final class Transpose {
    private static final Unsafe U = Memory.UNSAFE;
    private static final int REORDER_ROWS = 128;
    private static final int REORDER_COLUMNS = 64;

    private Transpose() {}

    /**
     * Copies elements that lie {@code stride} bytes apart next to each other.
     *
     * @param stride bytes from one element to the next, {@code width} or more
     */
    public static void gather(
            ArrowBuf source,
            long sourceOffset,
            long stride,
            ArrowBuf target,
            long targetOffset,
            long count,
            long width) {
        try {
            if (count == 0 || width == 0) {
                return;
            }
            long span = Math.addExact(Math.multiplyExact(count - 1, stride), width);
            long from = Memory.address(source, sourceOffset, span);
            long to = Memory.address(target, targetOffset, Math.multiplyExact(count, width));
            if (stride == width) {
                Memory.copy(from, to, span);
                return;
            }
            column(from, stride, to, count, width);
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * Copies columns of a row-major block: column {@code c} of it goes to {@code targetOffset + c * targetStride}.
     *
     * @param sourceOffset the first row's first wanted column
     * @param rowBytes bytes from one row to the next
     * @param targetStride bytes from one target column to the next, {@code rows * width} or more
     */
    public static void columns(
            ArrowBuf source,
            long sourceOffset,
            long rowBytes,
            ArrowBuf target,
            long targetOffset,
            long targetStride,
            long rows,
            long columns,
            long width) {
        try {
            if (rows == 0 || columns == 0 || width == 0) {
                return;
            }
            long from = Memory.address(
                    source,
                    sourceOffset,
                    Math.addExact(Math.multiplyExact(rows - 1, rowBytes), Math.multiplyExact(columns, width)));
            long to = Memory.address(
                    target,
                    targetOffset,
                    Math.addExact(Math.multiplyExact(columns - 1, targetStride), Math.multiplyExact(rows, width)));
            TransposeTiles.columns(from, rowBytes, to, targetStride, rows, columns, width);
        } finally {
            Memory.deliverFaults();
        }
    }

    /**
     * Copies rows of a Fortran-order array into C order: target row {@code r} holds, in C order, all elements whose
     * first index is {@code firstRow + r}.
     *
     * @param lengths the array's dimensions, two or more
     * @param source the whole array
     */
    public static void fortranRows(
            ArrowBuf source, long sourceOffset, long[] lengths, long firstRow, long rows, ArrowBuf target, long width) {
        try {
            long rest = 1;
            for (int i = 1; i < lengths.length; i++) {
                rest = Math.multiplyExact(rest, lengths[i]);
            }
            if (rows == 0 || rest == 0 || width == 0) {
                return;
            }
            long columnBytes = Math.multiplyExact(lengths[0], width);
            long rowBytes = Math.multiplyExact(rest, width);
            long from = Memory.address(source, sourceOffset, Math.multiplyExact(columnBytes, rest)) + firstRow * width;
            long to = Memory.address(target, 0, Math.multiplyExact(rowBytes, rows));
            long[] starts = new long[REORDER_COLUMNS];
            long[] index = new long[lengths.length];
            for (long position = 0; position < rest; position += REORDER_COLUMNS) {
                int breadth = (int) Math.min(REORDER_COLUMNS, rest - position);
                for (int i = 0; i < breadth; i++) {
                    starts[i] = from + fortranPosition(index, lengths) * columnBytes;
                    advance(index, lengths);
                }
                for (long row = 0; row < rows; row += REORDER_ROWS) {
                    int height = (int) Math.min(REORDER_ROWS, rows - row);
                    for (int i = 0; i < breadth; i++) {
                        long elementFrom = starts[i] + row * width;
                        long elementTo = to + row * rowBytes + (position + i) * width;
                        for (int r = 0; r < height; r++) {
                            copyElement(elementFrom + r * width, elementTo + r * rowBytes, width);
                        }
                    }
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    private static long fortranPosition(long[] index, long[] lengths) {
        long position = 0;
        for (int i = lengths.length - 1; i > 0; i--) {
            position = position * lengths[i] + index[i];
        }
        return position;
    }

    /** The next index in C order, of all dimensions but the first. */
    private static void advance(long[] index, long[] lengths) {
        for (int i = lengths.length - 1; i > 0; i--) {
            if (++index[i] < lengths[i]) {
                return;
            }
            index[i] = 0;
        }
    }

    static void column(long from, long stride, long to, long rows, long width) {
        if (width == 8) {
            for (long r = 0; r < rows; r++) {
                U.putLong(to + 8 * r, U.getLong(from + r * stride));
            }
        } else if (width == 4) {
            for (long r = 0; r < rows; r++) {
                U.putInt(to + 4 * r, U.getInt(from + r * stride));
            }
        } else {
            for (long r = 0; r < rows; r++) {
                copyElement(from + r * stride, to + r * width, width);
            }
        }
    }

    static void copyElement(long from, long to, long width) {
        if (width == 8) {
            U.putLong(to, U.getLong(from));
        } else if (width == 4) {
            U.putInt(to, U.getInt(from));
        } else if (width > 64) {
            Memory.copy(from, to, width);
        } else {
            copySmall(from, to, (int) width);
        }
    }

    // copyMemory costs more than these loops for a few words.
    private static void copySmall(long from, long to, int width) {
        int i = 0;
        for (; i + 8 <= width; i += 8) {
            U.putLong(to + i, U.getLong(from + i));
        }
        if (i + 4 <= width) {
            U.putInt(to + i, U.getInt(from + i));
            i += 4;
        }
        for (; i < width; i++) {
            U.putByte(to + i, U.getByte(from + i));
        }
    }
}
