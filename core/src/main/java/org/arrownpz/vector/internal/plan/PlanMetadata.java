package org.arrownpz.vector.internal.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/** The field metadata of planned columns, and the parameters of their extension types. */
final class PlanMetadata {
    private PlanMetadata() {}

    /** The base metadata of a column of that type, to be added to. */
    static Map<String, String> of(DType dtype) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(NumpyMetadata.DTYPE, dtype.toString());
        return metadata;
    }

    static String unicode(ScalarDType dtype) {
        String order = dtype.order() == ByteOrdering.BIG ? "big" : "little";
        return "{\"units\":" + dtype.itemSize() / 4 + ",\"byte_order\":\"" + order + "\"}";
    }

    static String opaque(String typeName) {
        return "{\"type_name\":\"" + typeName + "\",\"vendor_name\":\"numpy\"}";
    }

    /** The parameters of {@link NumpyMetadata#OPAQUE} for an array's elements; null where nothing is known of them. */
    static @Nullable String opaque(NumpyArray array) {
        NumpyArray.Packed packed = array.packed();
        if (packed != null) {
            return "{\"type_name\":\"" + packed.type() + "\",\"vendor_name\":\"safetensors\"}";
        }
        SmallFloat type = array.smallFloat();
        return type == null ? null : NumpyMetadata.opaque(type);
    }

    /** The parameters of {@link NumpyMetadata#TENSOR} for rows in C order. */
    static String tensor(Shape row) {
        return "{\"shape\":" + jsonList(row.lengths()) + "}";
    }

    /** The parameters of {@link NumpyMetadata#TENSOR} for values whose physical dimensions are those of the row reversed. */
    static String reversedTensor(Shape row) {
        int dimensions = row.dimensions();
        long[] physical = new long[dimensions];
        long[] permutation = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            physical[i] = row.length(dimensions - 1 - i);
            permutation[i] = dimensions - 1 - i;
        }
        return "{\"shape\":" + jsonList(physical) + ",\"permutation\":" + jsonList(permutation) + "}";
    }

    private static String jsonList(long[] values) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ",").append(values[i]);
        }
        return text.append(']').toString();
    }
}
