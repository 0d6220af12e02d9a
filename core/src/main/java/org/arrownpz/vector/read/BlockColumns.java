package org.arrownpz.vector.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.internal.kernel.Transpose;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.jspecify.annotations.Nullable;

/** The columns of 2-D arrays. */
record BlockColumns(VectorReader reader, ColumnBuilder builder, PickedRows picked, BufferAllocator allocator) {
    /** Columns that are converted after the transposition go through memory of at most this size (or one column). */
    private static final long SCRATCH_BYTES = 256L << 20;
    /** Rows are taken in parts: mappings of old JDKs end at 2 GiB, and other sources copy what they give. */
    private static final long VIEWED_PART = 1L << 30;

    private static final long COPIED_PART = 64L << 20;
    /** Of rows up to that length, strips hold enough to be quicker than a mapping. */
    private static final long LONGEST_READ_ROW = 4 << 10;
    /** Of longer rows, a strip of few would not stay in the second cache. */
    private static final long LONGEST_COPIED_ROW = 128 << 10;

    private static final long ALIGNMENT = 64;

    /** The vectors of the columns; arguments have been checked. */
    List<FieldVector> read(
            NumpyArray array, ColumnPlan plan, IntFunction<String> names, int @Nullable [] selected, Rows rows)
            throws NpzException {
        long length = array.header().shape().length(0);
        int columns = (int) array.header().shape().length(1);
        int count = selected == null ? columns : selected.length;
        List<FieldVector> vectors = new ArrayList<>(count);
        try {
            if (array.header().columnsContiguous()) {
                for (int i = 0; i < count; i++) {
                    int column = selected == null ? i : selected[i];
                    long first = column * length * plan.width();
                    vectors.add(reader.contiguous(array, plan, names.apply(column), first, rows));
                }
            } else {
                new Strided(array, plan, names, selected, rows).read(count, vectors);
            }
            return vectors;
        } catch (Throwable failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** Columns whose elements lie a row apart. */
    private final class Strided {
        private final NumpyArray array;
        private final ColumnPlan.Transpose plan;
        private final IntFunction<String> names;
        private final int @Nullable [] selected;
        private final Rows wanted;
        private final int rows;
        private final long width;
        private final long rowBytes;
        private final long columnStride;

        Strided(
                NumpyArray array,
                ColumnPlan element,
                IntFunction<String> names,
                int @Nullable [] selected,
                Rows wanted) {
            this.array = array;
            this.plan = new ColumnPlan.Transpose(element);
            this.names = names;
            this.selected = selected;
            this.wanted = wanted;
            this.rows = wanted.count();
            this.width = element.width();
            this.rowBytes = Math.multiplyExact(array.header().shape().length(1), width);
            this.columnStride = Math.addExact(Math.multiplyExact(width, (long) rows), ALIGNMENT - 1) & -ALIGNMENT;
        }

        void read(int count, List<FieldVector> vectors) throws NpzException {
            long atOnce = plan.element().isView() ? count : Math.max(1, SCRATCH_BYTES / Math.max(1, columnStride));
            int group = (int) Math.min(count, atOnce);
            for (int first = 0; first < count; first += group) {
                readGroup(first, Math.min(group, count - first), vectors);
            }
        }

        private void readGroup(int first, int count, List<FieldVector> vectors) throws NpzException {
            Tally scratch = new Tally(array);
            try (ArrowBuf target = builder.allocateShared(
                    Math.multiplyExact(columnStride, (long) count), scratch, "the columns of a row-major block")) {
                transpose(first, count, target);
                VectorReader.deliverFaults();
                boolean asIs = plan.element() instanceof ColumnPlan.View view && !view.scanNat();
                for (int i = 0; i < count; i++) {
                    int column = column(first + i);
                    if (asIs) {
                        Field field = plan.field(names.apply(column));
                        ArrowBuf values = Buffers.slice(target, i * columnStride, width * rows);
                        vectors.add(reader.flat(plan, field, rows, values, null));
                        continue;
                    }
                    Cells.Origin origin = row -> wanted.at(row) * rowBytes + column * width;
                    Cells cells = new Cells(target, i * columnStride, width, rows, Cells.Placement.SCRATCH, origin);
                    vectors.add(reader.finish(plan, cells, names.apply(column), new Tally(array)));
                }
            }
        }

        private void transpose(int first, int count, ArrowBuf target) throws NpzException {
            if (!wanted.isRange()) {
                pick(first, count, target);
                return;
            }
            long fromRow = wanted.first();
            boolean views = array.data().views(Math.min(VIEWED_PART, rowBytes * rows));
            boolean isDense = rowBytes <= LONGEST_READ_ROW && count * width * 2 >= rowBytes;
            if (Strips.suit(array, rowBytes * rows) && rowBytes <= LONGEST_COPIED_ROW && (isDense || !views)) {
                long strip = Math.max(8, Strips.BYTES / rowBytes & -8L) * rowBytes;
                Strips.run(
                        allocator,
                        array,
                        fromRow * rowBytes,
                        rowBytes * rows,
                        strip,
                        (source, at, length) ->
                                transpose(source, 0, rowBytes, at / rowBytes, length / rowBytes, first, count, target));
                return;
            }
            long part = views ? VIEWED_PART : COPIED_PART;
            long step = Math.max(1, part / Math.max(1, rowBytes));
            for (long row = 0; row < rows; row += step) {
                long height = Math.min(step, rows - row);
                try (ArrowBuf source = array.region((fromRow + row) * rowBytes, height * rowBytes)) {
                    transpose(source, 0, rowBytes, row, height, first, count, target);
                }
            }
        }

        /** Gathers as many rows as stay in the second cache, from the first to the last wanted column, and transposes them. */
        private void pick(int first, int count, ArrowBuf target) throws NpzException {
            int lowest = column(first);
            int highest = lowest;
            for (int i = 1; i < count; i++) {
                lowest = Math.min(lowest, column(first + i));
                highest = Math.max(highest, column(first + i));
            }
            long start = lowest * width;
            long span = (highest + 1) * width - start;
            picked.strips(
                    array,
                    start,
                    rowBytes,
                    span,
                    wanted,
                    (strip, at, height) -> transpose(strip, start, span, at, height, first, count, target));
        }

        /**
         * Transposes some rows.
         *
         * @param start where in its row the source begins
         * @param stride bytes from one of the source's rows to the next
         */
        private void transpose(
                ArrowBuf source,
                long start,
                long stride,
                long row,
                long height,
                int first,
                int count,
                ArrowBuf target) {
            for (int i = 0; i < count; ) {
                int run = run(first + i, count - i);
                Transpose.columns(
                        source,
                        column(first + i) * width - start,
                        stride,
                        target,
                        i * columnStride + row * width,
                        columnStride,
                        height,
                        run,
                        width);
                i += run;
            }
        }

        /** The number of wanted columns from there on that are neighbours in the array, too. */
        private int run(int position, int limit) {
            int run = 1;
            while (run < limit && column(position + run) == column(position) + run) {
                run++;
            }
            return run;
        }

        private int column(int position) {
            return selected == null ? position : selected[position];
        }
    }
}
