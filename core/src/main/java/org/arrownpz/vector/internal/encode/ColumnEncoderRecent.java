package org.arrownpz.vector.internal.encode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Encodings of columns whose field alone decides them, for further columns of the same type: wide frames have few types.
 * Used by one thread.
 */
final class ColumnEncoderRecent {
    private final Map<FieldType, ColumnEncoding.Numpy> known = new HashMap<>();

    /** The encoding of a column like one before, or null. */
    ColumnEncoding.@Nullable Numpy find(List<? extends FieldVector> chunks) {
        return isFlat(chunks) && chunks.get(0).getNullCount() == 0
                ? known.get(chunks.get(0).getField().getFieldType())
                : null;
    }

    /** Remembers the encoding of a column, where it does not depend on values. */
    void add(List<? extends FieldVector> chunks, ColumnEncoding encoding) {
        Field field = chunks.get(0).getField();
        if (isFlat(chunks)
                && encoding instanceof ColumnEncoding.Numpy numpy
                && numpy.nullCount() == 0
                && isSteady(field)) {
            known.put(field.getFieldType(), numpy);
        }
    }

    private static boolean isFlat(List<? extends FieldVector> chunks) {
        return chunks.size() == 1 && chunks.get(0) instanceof BaseFixedWidthVector;
    }

    /** 64-bit times may hold what NumPy takes for NaT, and so be none of NumPy's. */
    private static boolean isSteady(Field field) {
        ArrowType type = field.getType();
        return type instanceof ArrowType.FloatingPoint
                || type instanceof ArrowType.Bool
                || type instanceof ArrowType.Int
                        && ColumnEncoderRules.extension(field).isEmpty();
    }
}
