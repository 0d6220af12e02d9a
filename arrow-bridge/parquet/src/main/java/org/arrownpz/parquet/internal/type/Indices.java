package org.arrownpz.parquet.internal.type;

import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/** Indices into dictionaries, of any width. */
public final class Indices {
    private Indices() {}

    /**
     * Indices for another dictionary, which the caller closes; the given ones stay the caller's.
     *
     * @param numbers for each entry of the old dictionary its number in the new one, negative for null; null when all
     *     have kept theirs
     */
    public static FieldVector remapped(FieldVector indices, int @Nullable [] numbers, Field field, Location location)
            throws NpzException {
        if (numbers == null && indices.getField().getType().equals(field.getType())) {
            return Rebuild.leaf(indices, field);
        }
        requireWithin(indices, numbers == null ? Integer.MAX_VALUE : numbers.length, location);
        FieldVector result = field.createVector(indices.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            BaseIntVector target = allocated(result, indices.getValueCount());
            ArrowBuf values = indices.getDataBuffer();
            int width = ((BaseFixedWidthVector) indices).getTypeWidth();
            for (int row = 0; row < indices.getValueCount(); row++) {
                if (!indices.isNull(row)) {
                    int index = (int) VectorRows.unsignedIndex(values, row, width);
                    set(target, row, numbers == null ? index : numbers[index]);
                }
            }
            result.setValueCount(indices.getValueCount());
            return undo.commit(result);
        }
    }

    /**
     * The indices of plain values, which the caller closes.
     *
     * @param numbers for each value the number of its entry, negative for null; null when the values are the entries
     */
    public static FieldVector of(FieldVector values, int @Nullable [] numbers, Field field) {
        FieldVector result = field.createVector(values.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            BaseIntVector target = allocated(result, values.getValueCount());
            for (int row = 0; row < values.getValueCount(); row++) {
                set(target, row, numbers == null ? row : numbers[row]);
            }
            result.setValueCount(values.getValueCount());
            return undo.commit(result);
        }
    }

    private static BaseIntVector allocated(FieldVector vector, int count) {
        ((BaseFixedWidthVector) vector).allocateNew(count);
        return (BaseIntVector) vector;
    }

    private static void set(BaseIntVector target, int row, int number) {
        if (number >= 0) {
            target.setWithPossibleTruncate(row, number);
        }
    }

    /** Refuses indices that point nowhere: native code does not look. */
    static void requireWithin(FieldVector indices, int entries, Location location) throws NpzException {
        int row = VectorRows.firstIndexOutside(indices, entries);
        if (row >= 0) {
            throw location.error(
                            ErrorCode.VALUE,
                            "column " + SafeText.quote(indices.getName()) + " has an index in row " + row
                                    + " that its dictionary has no entry for")
                    .expected("0 to " + (entries - 1))
                    .found(((BaseIntVector) indices).getValueAsLong(row))
                    .build();
        }
    }

    /** Numbers of the entries that are not null, which count up; negative for those that are. */
    static int[] withoutNulls(FieldVector values) {
        int[] numbers = new int[values.getValueCount()];
        Arrays.fill(numbers, -1);
        int next = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (!values.isNull(i)) {
                numbers[i] = next++;
            }
        }
        return numbers;
    }
}
