package org.arrownpz.frame;

import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.memory.ValidityOnes;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.vector.VectorReader;
import org.jspecify.annotations.Nullable;

/** Where one or several adjacent columns of a root come from. */
interface ColumnSource {
    /** Appends the columns' vectors for a range of rows; the caller closes what was appended, also on failure. */
    void read(VectorReader reader, ValidityOnes ones, long from, int rows, List<FieldVector> vectors)
            throws NpzException;

    /** One column from a one-dimensional array, or from an array of more dimensions as lists. */
    static ColumnSource ofArray(NpyArray array, String name) {
        return (reader, ones, from, rows, vectors) -> vectors.add(reader.readRows(array, name, from, rows));
    }

    /** All columns of blocks of one and two dimensions, one after the other. */
    static ColumnSource ofBlocks(List<NpyArray> blocks, List<String> names) {
        return (reader, ones, from, rows, vectors) -> {
            int next = 0;
            for (NpyArray block : blocks) {
                if (block.header().shape().dimensions() == 1) {
                    vectors.add(reader.readRows(block, names.get(next++), from, rows));
                } else {
                    int first = next;
                    vectors.addAll(
                            reader.readColumns(block, position -> names.get(first + position), null, from, rows));
                    next += (int) block.header().shape().length(1);
                }
            }
        };
    }

    /** The selected columns (all for null) of a two-dimensional array. */
    static ColumnSource ofBlock(NpyArray block, IntFunction<String> names, int @Nullable [] selected) {
        return (reader, ones, from, rows, vectors) ->
                vectors.addAll(reader.readColumns(block, names, selected, from, rows));
    }
}
