package org.arrownpz.parquet.internal.type;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;

/**
 * Arrow's canonical extension types (arrow, docs/format/CanonicalExtensions.rst), as far as Arrow C++ knows them: it
 * refuses a whole file where one breaks its rules.
 */
final class ExtensionRules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExtensionRules() {}

    /** Whether a field's metadata name no extension type, an unknown one, or one that its storage and parameters fit. */
    static boolean hold(Map<String, String> metadata, ArrowType storage) {
        String name = metadata.getOrDefault(ExtensionType.EXTENSION_METADATA_KEY_NAME, "");
        String parameters = metadata.getOrDefault(ExtensionType.EXTENSION_METADATA_KEY_METADATA, "");
        try {
            return switch (name) {
                case "arrow.uuid" -> storage.equals(new ArrowType.FixedSizeBinary(16)) && parameters.isEmpty();
                case "arrow.bool8" -> storage.equals(ParquetTypes.INT8) && parameters.isEmpty();
                case "arrow.json" -> storage instanceof ArrowType.Utf8 || storage instanceof ArrowType.LargeUtf8;
                case "arrow.opaque" -> {
                    JsonNode opaque = JSON.readTree(parameters);
                    yield opaque.path("type_name").isTextual()
                            && opaque.path("vendor_name").isTextual();
                }
                case "arrow.fixed_shape_tensor" ->
                    storage instanceof ArrowType.FixedSizeList list
                            && isTensor(JSON.readTree(parameters), list.getListSize());
                default -> true;
            };
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean isTensor(JsonNode tensor, int size) {
        JsonNode shape = tensor.path("shape");
        long product = 1;
        for (JsonNode length : shape) {
            // Longer ones are no list's; the product stays within a long.
            boolean fits = length.canConvertToInt() && length.intValue() >= 0 && product <= Integer.MAX_VALUE;
            product = fits ? product * length.intValue() : -1;
        }
        boolean permuted = true;
        for (int i = 0; tensor.has("permutation") && i < shape.size(); i++) {
            int axis = i;
            JsonNode axes = tensor.path("permutation");
            boolean found = false;
            for (JsonNode each : axes) {
                found |= each.isInt() && each.intValue() == axis;
            }
            permuted &= found && axes.size() == shape.size();
        }
        JsonNode names = tensor.path("dim_names");
        return shape.isArray()
                && product == size
                && permuted
                && (names.isMissingNode() || names.size() == shape.size());
    }
}
