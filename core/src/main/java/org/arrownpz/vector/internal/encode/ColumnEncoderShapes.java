package org.arrownpz.vector.internal.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.internal.text.JsonTree;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/** The JSON metadata of {@code arrow.fixed_shape_tensor}: {@code {"shape": [2, 3]}}. */
final class ColumnEncoderShapes {
    private static final Pattern TUPLE = Pattern.compile("\\(([0-9]{1,10}, ?)*[0-9]{0,10}\\)");
    private static final int MAX_DIMENSIONS = 64;

    private ColumnEncoderShapes() {}

    /** The shape of a row of fixed-size lists, by what the field says of it; null as below. */
    static long @Nullable [] of(Field field, int listSize) {
        String tuple = field.getMetadata().get(NumpyMetadata.SHAPE);
        if (tuple != null && tuple.length() <= 1024 && TUPLE.matcher(tuple).matches()) {
            String list = tuple.replace('(', '[').replace(')', ']').replaceAll(",\\s*]", "]");
            long[] shape = shape("{\"shape\":" + list + "}", listSize);
            if (shape != null) {
                return shape;
            }
        }
        boolean tensor = ColumnEncoderRules.extension(field).equals(NumpyMetadata.TENSOR);
        return shape(tensor ? field.getMetadata().get(NumpyMetadata.EXTENSION_METADATA) : null, listSize);
    }

    /**
     * The shape of a row.
     *
     * @param metadata the JSON text, or null for a list of one dimension
     * @return the lengths, or null when they are unreadable, permuted or do not make up the list size
     */
    static long @Nullable [] shape(@Nullable String metadata, int listSize) {
        if (metadata == null || metadata.isEmpty()) {
            return new long[] {listSize};
        }
        JsonNode tensor = JsonTree.read(metadata);
        JsonNode axes = tensor.path("permutation");
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i).asInt(-1) != i) {
                return null;
            }
        }
        JsonNode shape = tensor.path("shape");
        long[] lengths = new long[Math.min(MAX_DIMENSIONS, shape.size())];
        long product = 1;
        for (int i = 0; i < lengths.length; i++) {
            // Saturated: what counts is that it is too many.
            int length = shape.get(i).isInt() ? shape.get(i).intValue() : -1;
            if (length < 0) {
                return null;
            }
            lengths[i] = length;
            product = Math.min(Integer.MAX_VALUE + 1L, product * length);
        }
        return shape.size() == lengths.length && lengths.length > 0 && product == listSize ? lengths : null;
    }
}
