package org.arrownpz.vector.read;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.internal.kernel.GatherRows;
import org.arrownpz.vector.internal.kernel.Transpose;

/** Reads single rows of an array, wherever they lie: from one view of it where there is one, else row by row. */
record PickedRows(BufferAllocator allocator) {
    /** The most that one region holds: mappings of old JDKs end at 2 GiB, and other sources copy what they give. */
    private static final long VIEWED_PART = 1L << 30;

    private static final long COPIED_PART = 64L << 20;
    /** The most that is read element by element where it lies apart. */
    private static final long FEW_BYTES = 256 << 10;

    /** Something done with the rows of a strip, the first of which has a position among all that are wanted. */
    @FunctionalInterface
    interface Work {
        void take(ArrowBuf strip, long at, int count);
    }

    /**
     * Parts of the rows, one after the other, in memory that the caller releases.
     *
     * @param start where the part of row 0 begins among the array's bytes
     * @param stride bytes from one row to the next
     * @param width bytes of the part
     */
    ArrowBuf gather(NumpyArray array, long start, long stride, long width, Rows rows) throws NpzException {
        ArrowBuf memory = allocate(array, Math.multiplyExact(width, (long) rows.count()));
        try (Rollback undo = Rollback.of(memory)) {
            try (ArrowBuf view = view(array)) {
                fill(array, view, start, stride, width, rows, 0, rows.count(), memory);
            }
            return undo.commit(memory);
        }
    }

    /** {@link #gather} a strip at a time, into memory that stays in the second cache. */
    void strips(NumpyArray array, long start, long stride, long width, Rows rows, Work work) throws NpzException {
        int most = (int) Math.max(1, Math.min(rows.count(), Strips.BYTES / Math.max(1, width)));
        try (ArrowBuf strip = allocate(array, Math.multiplyExact(width, (long) most));
                ArrowBuf view = view(array)) {
            for (int at = 0; at < rows.count(); at += most) {
                int count = Math.min(most, rows.count() - at);
                fill(array, view, start, stride, width, rows, at, count, strip);
                work.take(strip, at, count);
            }
        }
    }

    /**
     * Rows of an array in Fortran order of two dimensions or more, each in C order.
     *
     * @param rowBytes bytes of one row
     */
    void reorder(NumpyArray array, long[] lengths, long width, Rows rows, long rowBytes, ArrowBuf target)
            throws NpzException {
        boolean apart = Strips.lieApart(array, target.capacity(), FEW_BYTES, lengths[0] * width);
        if (apart || !array.data().views(array.data().size())) {
            reorderParts(array, lengths, width, rows, rowBytes, apart, target);
            return;
        }
        try (ArrowBuf source = view(array)) {
            if (rows.isRange()) {
                Transpose.fortranRows(source, 0, lengths, rows.first(), rows.count(), target, width);
                return;
            }
            for (int i = 0; i < rows.count(); i++) {
                try (ArrowBuf row = Buffers.slice(target, i * rowBytes, rowBytes)) {
                    Transpose.fortranRows(source, 0, lengths, rows.at(i), 1, row, width);
                }
            }
        }
    }

    /**
     * {@link #reorder} of an array that no single view holds: as many runs along the first dimension as one does, or where
     * the rows lie apart, their part of each.
     */
    private void reorderParts(
            NumpyArray array, long[] lengths, long width, Rows rows, long rowBytes, boolean apart, ArrowBuf target)
            throws NpzException {
        long runBytes = Math.multiplyExact(lengths[0], width);
        if (runBytes == 0 || rowBytes == 0 || rows.count() == 0) {
            return;
        }
        long runs = rowBytes / width;
        long part = array.data().views(VIEWED_PART) ? VIEWED_PART : COPIED_PART;
        if (apart || runBytes > part) {
            reorderRuns(array, lengths, width, rows, rowBytes, target);
            return;
        }
        long step = part / runBytes;
        for (long first = 0; first < runs; first += step) {
            long count = Math.min(step, runs - first);
            try (ArrowBuf source = array.region(first * runBytes, count * runBytes)) {
                for (long run = first; run < first + count; run++) {
                    long place = inRow(run, lengths) * width;
                    for (int i = 0; i < rows.count(); i++) {
                        long at = (run - first) * runBytes + rows.at(i) * width;
                        Transpose.gather(source, at, width, target, i * rowBytes + place, 1, width);
                    }
                }
            }
        }
    }

    /** Reads of each run what it has of the rows: of neighbours at once. */
    private void reorderRuns(NumpyArray array, long[] lengths, long width, Rows rows, long rowBytes, ArrowBuf target)
            throws NpzException {
        int most = (int) Math.max(1, Math.min(rows.count(), FEW_BYTES / width));
        try (ArrowBuf some = allocate(array, width * most)) {
            for (int first = 0; first < rows.count(); first += most) {
                int count = Math.min(most, rows.count() - first);
                for (long run = 0; run < rowBytes / width; run++) {
                    long start = run * lengths[0] * width;
                    if (rows.isRange()) {
                        ByteBuffer room = some.nioBuffer(0, Math.toIntExact(count * width));
                        array.data().read(start + rows.at(first) * width, room);
                    } else {
                        read(array, start, width, width, rows, first, count, some);
                    }
                    long place = first * rowBytes + inRow(run, lengths) * width;
                    for (int i = 0; i < count; i++) {
                        Transpose.gather(some, i * width, width, target, place + i * rowBytes, 1, width);
                    }
                }
            }
        }
    }

    /** The place in a row, in C order, of a run along the first dimension, counted in Fortran order. */
    private static long inRow(long run, long[] lengths) {
        long place = 0;
        for (int i = 1; i < lengths.length; i++) {
            place = place * lengths[i] + run % lengths[i];
            run /= lengths[i];
        }
        return place;
    }

    private void fill(
            NumpyArray array,
            ArrowBuf view,
            long start,
            long stride,
            long width,
            Rows rows,
            long first,
            int count,
            ArrowBuf target)
            throws NpzException {
        if (view.capacity() > 0) {
            GatherRows.strided(view, start, stride, rows::at, first, count, target, width);
            return;
        }
        read(array, start, stride, width, rows, first, count, target);
    }

    private static void read(
            NumpyArray array, long start, long stride, long width, Rows rows, long first, int count, ArrowBuf target)
            throws NpzException {
        for (int i = 0; i < count && width > 0; i++) {
            ByteBuffer room = target.nioBuffer(i * width, Math.toIntExact(width));
            array.data().read(start + rows.at(first + i) * stride, room);
        }
    }

    /** All of the array where that copies nothing, else nothing. */
    private static ArrowBuf view(NumpyArray array) throws NpzException {
        long size = array.data().size();
        return array.region(0, array.data().views(size) ? size : 0);
    }

    private ArrowBuf allocate(NumpyArray array, long bytes) throws NpzException {
        return Allocations.allocate(allocator, bytes, array.location(), "picked rows");
    }
}
