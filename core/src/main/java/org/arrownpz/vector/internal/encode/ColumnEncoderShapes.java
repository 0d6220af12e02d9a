package org.arrownpz.vector.internal.encode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/** The JSON metadata of {@code arrow.fixed_shape_tensor}: {@code {"shape": [2, 3]}}. */
final class ColumnEncoderShapes {
    private static final JsonFactory JSON = new JsonFactory();
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
        LongStream.Builder lengths = LongStream.builder();
        int dimensions = 0;
        long product = 1;
        try (JsonParser parser = JSON.createParser(metadata)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    return null;
                }
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    boolean shape = name.equals("shape");
                    if (name.equals("dim_names")) {
                        continue;
                    }
                    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || i >= MAX_DIMENSIONS) {
                        return null;
                    }
                    long value = parser.getLongValue();
                    if (!shape && value != i || shape && (value < 0 || value > Integer.MAX_VALUE)) {
                        return null;
                    }
                    if (shape) {
                        product = Math.multiplyExact(product, value);
                        lengths.add(value);
                        dimensions++;
                    }
                }
            }
        } catch (IOException | ArithmeticException e) {
            return null;
        }
        return dimensions > 0 && product == listSize ? lengths.build().toArray() : null;
    }
}
