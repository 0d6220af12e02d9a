package org.arrownpz.frame.internal.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * Where one or several adjacent columns of a root come from.
 *
 * @param values makes their vectors
 * @param headers tells what headers say of them
 */
public record ColumnSource(Values values, Headers headers) {
    /** Makes vectors. */
    public interface Values {
        /** Appends the columns' vectors for a range of rows; the caller closes what was appended, also on failure. */
        void read(VectorReader reader, AllValidBitmaps ones, long from, int rows, List<FieldVector> vectors)
                throws NpzException;
    }

    /** Tells columns without reading a value. */
    public interface Headers {
        /** Appends the columns: the fields of the vectors, unless those depend on values. */
        void outline(ColumnOutline columns) throws NpzException;
    }

    /** {@link Values#read}. */
    public void read(VectorReader reader, AllValidBitmaps ones, long from, int rows, List<FieldVector> vectors)
            throws NpzException {
        values.read(reader, ones, from, rows, vectors);
    }

    /** {@link Headers#outline}. */
    public void outline(ColumnOutline columns) throws NpzException {
        headers.outline(columns);
    }

    /** One column from an array: of one dimension as it is, of more as lists, and of none as a row that says so. */
    public static ColumnSource ofArray(NumpyArray array, String name) {
        Values values = array.header().shape().dimensions() == 0
                ? (reader, ones, from, rows, vectors) -> vectors.add(scalar(reader.readRows(array, name, from, rows)))
                : (reader, ones, from, rows, vectors) -> vectors.add(reader.readRows(array, name, from, rows));
        return new ColumnSource(values, columns -> columns.array(array, name));
    }

    private static FieldVector scalar(FieldVector vector) {
        try (vector) {
            FieldVector marked = scalar(vector.getField()).createVector(vector.getAllocator());
            vector.makeTransferPair(marked).transfer();
            return marked;
        }
    }

    /** The field of an array of no dimension. */
    static Field scalar(Field field) {
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        metadata.put(NumpyMetadata.DIMENSIONS, "0");
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        return new Field(field.getName(), type, field.getChildren());
    }

    /** All columns of blocks of one and two dimensions, one after the other. */
    public static ColumnSource ofBlocks(List<NumpyArray> blocks, List<String> names) {
        Values values = (reader, ones, from, rows, vectors) -> {
            int next = 0;
            for (NumpyArray block : blocks) {
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
        return new ColumnSource(values, columns -> {
            int next = 0;
            for (NumpyArray block : blocks) {
                if (block.header().shape().dimensions() == 1) {
                    columns.array(block, names.get(next++));
                } else {
                    int first = next;
                    columns.block(block, position -> names.get(first + position), null);
                    next += (int) block.header().shape().length(1);
                }
            }
        });
    }

    /** The selected columns (all for null) of a two-dimensional array. */
    public static ColumnSource ofBlock(NumpyArray block, IntFunction<String> names, int @Nullable [] selected) {
        return new ColumnSource(
                (reader, ones, from, rows, vectors) ->
                        vectors.addAll(reader.readColumns(block, names, selected, from, rows)),
                columns -> columns.block(block, names, selected));
    }
}
