package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The source of one or several adjacent columns of a root. Immutable; holds no memory. */
public interface ColumnSource {
    /** The number of columns. */
    int count();

    /**
     * Appends the vectors of the columns at some positions of this source (of all for null); the caller closes what was
     * appended, also on failure.
     */
    void read(Target to, int @Nullable [] wanted) throws NpzException;

    /** Appends what headers tell of these columns: the fields of their vectors, unless those depend on values. */
    void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException;

    /** Names the arrays that these columns lie in. */
    void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays);

    /** Whether the file says which values of a column are null. */
    default boolean hasNulls(int column) {
        return false;
    }

    /** Whether some rows of a column cost what they hold; else it is made whole, and rows taken from it. */
    default boolean readsRows(int column) {
        return true;
    }

    /** The columns at these positions as a source of their own. */
    default ColumnSource some(int[] positions) {
        return count() == 1 ? this : new Part(this, positions);
    }

    /**
     * The rows that are wanted, the list that their vectors are added to, and what makes these.
     *
     * @param ones the validity region that vectors share
     */
    record Target(VectorReader reader, AllValidBitmaps ones, Rows rows, List<FieldVector> vectors) {}

    /** One source for each block of one or two dimensions. */
    static List<ColumnSource> ofBlocks(List<NumpyArray> blocks, List<String> names) {
        List<ColumnSource> sources = new ArrayList<>(blocks.size());
        int next = 0;
        for (NumpyArray block : blocks) {
            int first = next;
            ColumnSource source = block.header().shape().dimensions() == 1
                    ? new OfArray(block, names.get(first))
                    : new OfBlock(block, position -> names.get(first + position));
            sources.add(source);
            next += source.count();
        }
        return sources;
    }

    /** One column from an array: of one dimension as it is, of more as lists, and of none as a row that says so. */
    record OfArray(NumpyArray array, String name) implements ColumnSource {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            FieldVector vector = to.reader().readRows(array, name, to.rows());
            to.vectors().add(array.header().shape().dimensions() == 0 ? scalar(vector) : vector);
        }

        private static FieldVector scalar(FieldVector vector) {
            try (vector) {
                FieldVector marked = ColumnOutline.scalar(vector.getField()).createVector(vector.getAllocator());
                vector.makeTransferPair(marked).transfer();
                return marked;
            }
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            columns.array(array, name);
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            arrays.accept(array);
        }
    }

    /** The columns of a two-dimensional array. */
    record OfBlock(NumpyArray block, IntFunction<String> names) implements ColumnSource {
        @Override
        public int count() {
            return (int) block.header().shape().length(1);
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            to.vectors().addAll(to.reader().readColumns(block, names, wanted, to.rows()));
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            columns.block(block, names, wanted);
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            arrays.accept(block);
        }
    }

    /** The fields of an array of records. */
    record OfRecords(NumpyArray array) implements ColumnSource {
        @Override
        public int count() {
            return ((StructDType) array.header().dtype()).fields().size();
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            to.vectors().addAll(to.reader().readFields(array, wanted, to.rows()));
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            columns.records(array, wanted);
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            arrays.accept(array);
        }
    }

    /** Some columns of a source, in any order. */
    record Part(ColumnSource whole, int[] positions) implements ColumnSource {
        @Override
        public int count() {
            return positions.length;
        }

        @Override
        public void read(Target to, int @Nullable [] wanted) throws NpzException {
            whole.read(to, chosen(wanted));
        }

        @Override
        public boolean hasNulls(int column) {
            return whole.hasNulls(positions[column]);
        }

        @Override
        public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
            whole.outline(columns, chosen(wanted));
        }

        @Override
        public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
            whole.arrays(chosen(wanted), arrays);
        }

        @Override
        public boolean readsRows(int column) {
            return whole.readsRows(positions[column]);
        }

        @Override
        public ColumnSource some(int[] wanted) {
            return new Part(whole, chosen(wanted));
        }

        private int[] chosen(int @Nullable [] wanted) {
            return wanted == null
                    ? positions
                    : Arrays.stream(wanted).map(column -> positions[column]).toArray();
        }
    }
}
