package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** The structure of picked rows of lists, unions and run-end encoded columns: which rows of the children they need. */
public final class GatherNested {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private GatherNested() {}

    /**
     * The rows of the children of picked lists.
     *
     * @param total what {@link GatherRows#offsets} returned; offsets that have changed since are refused
     */
    public static void children(ArrowBuf offsets, int width, ArrowBuf rows, int count, ArrowBuf target, int total) {
        long entries = offsets.memoryAddress();
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, 4L * total);
        long full = to + 4L * total;
        for (int i = 0; i < count; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            if (row < 0) {
                continue;
            }
            long start = EncodeOffsets.load(entries + (long) row * width, width);
            long end = EncodeOffsets.load(entries + (row + 1L) * width, width);
            if (start < 0 || end < start || end - start > (full - to) / 4) {
                throw new IndexOutOfBoundsException("changed offset " + start);
            }
            for (long child = start; child < end; child++, to += 4) {
                UNSAFE.putInt(to, (int) child);
            }
        }
    }

    /** The rows of the children of picked fixed-size lists. */
    public static void children(int size, ArrowBuf rows, int count, ArrowBuf target) {
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, Math.multiplyExact(4L * count, (long) size));
        for (int i = 0; i < count; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            for (int k = 0; k < size; k++, to += 4) {
                UNSAFE.putInt(to, row < 0 ? -1 : Math.addExact(Math.multiplyExact(row, size), k));
            }
        }
    }

    /**
     * The type ids of a union; a null takes the given one.
     *
     * @return how many rows each type id has
     */
    public static int[] typeIds(
            ArrowBuf source, long sourceRows, ArrowBuf rows, int count, byte ofNull, ArrowBuf target) {
        long from = Memory.address(source, 0, sourceRows);
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(target, 0, count);
        int[] counts = new int[Byte.MAX_VALUE + 1];
        for (int i = 0; i < count; i++) {
            int row = GatherRows.row(at, i, sourceRows);
            byte id = row < 0 ? ofNull : UNSAFE.getByte(from + row);
            if (id < 0) {
                throw new IndexOutOfBoundsException("type id " + id);
            }
            counts[id]++;
            UNSAFE.putByte(to + i, id);
        }
        return counts;
    }

    /** The rows that a child of a dense union is picked by, and the union's offsets to them. */
    public static void dense(
            ArrowBuf typeIds,
            ArrowBuf offsets,
            long sourceRows,
            ArrowBuf rows,
            int count,
            int id,
            ArrowBuf targetOffsets,
            ArrowBuf childRows) {
        long from = sourceRows == 0 ? 0 : Memory.address(offsets, 0, 4 * sourceRows);
        long ids = Memory.address(typeIds, 0, count);
        long at = Memory.address(rows, 0, 4L * count);
        long to = Memory.address(targetOffsets, 0, 4L * count);
        int next = 0;
        for (int i = 0; i < count; i++) {
            if (UNSAFE.getByte(ids + i) != id) {
                continue;
            }
            int row = GatherRows.row(at, i, sourceRows);
            UNSAFE.putInt(to + 4L * i, next);
            int child = row < 0 ? -1 : UNSAFE.getInt(from + 4L * row);
            if (row >= 0 && child < 0) {
                throw new IndexOutOfBoundsException("union offset " + child);
            }
            UNSAFE.putInt(Memory.address(childRows, 4L * next++, 4), child);
        }
    }

    /**
     * The runs of picked rows of a run-end encoded column: neighbours out of one run become one.
     *
     * @param ends the source's run ends of {@code width} bytes
     * @param targetEnds receives run ends of {@code width} bytes
     * @param runRows receives the source run of each
     * @return the number of runs
     * @throws ArithmeticException when the run ends cannot count so many rows
     */
    public static int runs(
            ArrowBuf ends, int runs, int width, ArrowBuf rows, int count, ArrowBuf targetEnds, ArrowBuf runRows) {
        if (width < 8 && count > (width == 2 ? Short.MAX_VALUE : Integer.MAX_VALUE)) {
            throw new ArithmeticException(count + " rows behind " + 8 * width + "-bit run ends");
        }
        long at = Memory.address(rows, 0, 4L * count);
        int found = 0;
        int last = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int row = UNSAFE.getInt(at + 4L * i);
            int run = row < 0 ? -1 : run(ends, runs, width, row, last);
            if (run != last) {
                UNSAFE.putInt(Memory.address(runRows, 4L * found++, 4), run);
                last = run;
            }
            EncodeOffsets.set(targetEnds, (found - 1L) * width, width, i + 1);
        }
        return found;
    }

    private static int run(ArrowBuf ends, int runs, int width, int row, int guess) {
        if (guess >= 0
                && row < EncodeOffsets.get(ends, guess, width)
                && (guess == 0 || row >= EncodeOffsets.get(ends, guess - 1, width))) {
            return guess;
        }
        int low = 0;
        int high = runs;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (EncodeOffsets.get(ends, middle, width) <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == runs) {
            throw new IndexOutOfBoundsException("row " + row + " lies behind the last run");
        }
        return low;
    }
}
