package org.arrownpz.frame.internal.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.ValidityOnes;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Where one or several adjacent columns of a root come from. */
public interface ColumnSource {
    /** Appends the columns' vectors for a range of rows; the caller closes what was appended, also on failure. */
    void read(VectorReader reader, ValidityOnes ones, long from, int rows, List<FieldVector> vectors)
            throws NpzException;

    /** One column from an array: of one dimension as it is, of more as lists, and of none as a row that says so. */
    static ColumnSource ofArray(NpyArray array, String name) {
        if (array.header().shape().dimensions() == 0) {
            return (reader, ones, from, rows, vectors) -> vectors.add(scalar(reader.readRows(array, name, from, rows)));
        }
        return (reader, ones, from, rows, vectors) -> vectors.add(reader.readRows(array, name, from, rows));
    }

    private static FieldVector scalar(FieldVector vector) {
        Field field = vector.getField();
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        metadata.put(NumpyMetadata.DIMENSIONS, "0");
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        try (vector) {
            FieldVector marked =
                    new Field(field.getName(), type, field.getChildren()).createVector(vector.getAllocator());
            vector.makeTransferPair(marked).transfer();
            return marked;
        }
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
