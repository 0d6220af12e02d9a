package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
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
     * Appends the vectors of the columns at some positions of this source (of all for null) for some rows; the caller
     * closes what was appended, also on failure.
     */
    void read(VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException;

    /** Appends what headers tell of these columns: the fields of their vectors, unless those depend on values. */
    void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException;

    /** Names the arrays that these columns lie in. */
    void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays);

    /** Whether the file says which values of a column are null. */
    default boolean hasNulls(int column) {
        return false;
    }

    /** The same of one of the columns of several sources. */
    static boolean hasNulls(List<ColumnSource> sources, int column) {
        int left = column;
        for (ColumnSource source : sources) {
            if (left < source.count()) {
                return source.hasNulls(left);
            }
            left -= source.count();
        }
        throw new IndexOutOfBoundsException(column);
    }

    /** Whether a column's lists have more elements than one vector holds, so that it can be read in parts only. */
    default boolean isLong() {
        return false;
    }

    /** Whether some rows cost what they hold; else the columns are made whole, and rows taken from them. */
    default boolean readsRows() {
        return true;
    }

    /** The columns at these positions as a source of their own. */
    default ColumnSource some(int[] positions) {
        return count() == 1 ? this : new Part(this, positions);
    }

    /** One column from an array: of one dimension as it is, of more as lists, and of none as a row that says so. */
    static ColumnSource ofArray(NumpyArray array, String name) {
        return new ArrayColumn(array, name);
    }

    /** All columns of blocks of one and two dimensions, one after the other. */
    static ColumnSource ofBlocks(List<NumpyArray> blocks, List<String> names) {
        return new BlockIndex(blocks, names);
    }

    /** The selected columns (all for null) of a two-dimensional array. */
    static ColumnSource ofBlock(NumpyArray block, IntFunction<String> names, int @Nullable [] selected) {
        ColumnSource all = new BlockColumns(block, names);
        return selected == null ? all : new Part(all, selected);
    }
}
