package org.arrownpz.vector.internal.encode;

import java.util.IdentityHashMap;
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
    private static final int MOST = 64;

    private final Map<FieldType, ColumnEncoding.Numpy> known = new IdentityHashMap<>();
    private @Nullable FieldType lastType;
    private ColumnEncoding.@Nullable Numpy last;

    /** The encoding of a column like one before, or null. */
    ColumnEncoding.@Nullable Numpy find(List<? extends FieldVector> chunks) {
        FieldVector vector = chunks.get(0);
        if (chunks.size() != 1 || !(vector instanceof BaseFixedWidthVector)) {
            return null;
        }
        FieldType type = vector.getField().getFieldType();
        ColumnEncoding.Numpy found = last;
        if (type != lastType) {
            found = known.get(type);
            // Columns that are built one by one have a type object each.
            found = found == null && type.equals(lastType) ? last : found;
        }
        if (found == null || vector.getNullCount() > 0) {
            return null;
        }
        lastType = type;
        last = found;
        return found;
    }

    /** Remembers the encoding of a column, where it does not depend on values. */
    void add(List<? extends FieldVector> chunks, ColumnEncoding encoding) {
        FieldVector vector = chunks.get(0);
        if (chunks.size() == 1
                && vector instanceof BaseFixedWidthVector
                && encoding instanceof ColumnEncoding.Numpy numpy
                && numpy.nullCount() == 0
                && isSteady(vector.getField())) {
            lastType = vector.getField().getFieldType();
            last = numpy;
            if (known.size() < MOST) {
                known.put(lastType, numpy);
            }
        }
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
