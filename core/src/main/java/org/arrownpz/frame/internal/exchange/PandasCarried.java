package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.label.FrameAxis;

/**
 * The schema metadata key {@code pandas} that a frame brought along. It holds what frames have not (attributes, dtypes of
 * pandas' own), and is handed on with it: unchanged as long as the frame has the labels that the key gave it, otherwise
 * with what the frame says of its axes.
 */
final class PandasCarried {
    // pandas' names of types that tell nothing of how the column is stored.
    private static final Set<String> VAGUE = Set.of("object", "empty", "mixed", "string");

    private PandasCarried() {}

    /** @param own the key for the frame as it is */
    static JsonNode merged(String carried, ObjectNode own, FrameState frame, Schema schema) {
        if (!(PandasReader.tree(carried) instanceof ObjectNode root)) {
            return own;
        }
        List<Field> fields = schema.getFields();
        PandasReader.Document document = PandasReader.document(root, fields);
        if (document == null) {
            // The frame was made without it. pandas may see more in it than this library does.
            FrameAxis plain = FrameAxis.ofTexts(names(fields));
            if (frame.indexLevels() == 0 && plain.sameLabels(frame.columns())) {
                return root;
            }
            own.set("attributes", root.path("attributes").isObject() ? root.get("attributes") : own.get("attributes"));
            return own;
        }
        boolean sameIndex = sameIndex(document, frame);
        FrameAxis columns = PandasReader.columns(root, fields.subList(frame.indexLevels(), fields.size()));
        boolean sameColumns = columns.sameLabels(frame.columns());
        if (!sameIndex) {
            root.set("index_columns", own.get("index_columns"));
        }
        if (!sameColumns) {
            root.set("column_indexes", own.get("column_indexes"));
        }
        root.set("columns", entries(PandasReader.entries(root), own, frame, sameIndex, sameColumns));
        return root;
    }

    private static List<String> names(List<Field> fields) {
        List<String> names = new ArrayList<>(fields.size());
        fields.forEach(field -> names.add(field.getName()));
        return names;
    }

    private static boolean sameIndex(PandasReader.Document document, FrameState frame) {
        int[] positions = document.indexFields();
        int levels = frame.indexLevels();
        if (positions.length != levels) {
            return false;
        }
        PandasReader.Range range = document.range();
        // A range becomes labels where there are columns beside it, and is not in the frame where there are none.
        if (range != null
                && frame.columns().length() > 0
                && !range.isAutomatic(frame.rowCount())
                && range.hasLength(frame.rowCount())) {
            return false;
        }
        for (int level = 0; level < levels; level++) {
            if (positions[level] != level) {
                return false;
            }
        }
        return document.indexName().equals(frame.index().name());
    }

    private static ArrayNode entries(
            Map<String, JsonNode> carried, ObjectNode own, FrameState frame, boolean sameIndex, boolean sameColumns) {
        ArrayNode columns = own.arrayNode();
        int data = own.get("columns").size() - frame.indexLevels();
        for (JsonNode entry : own.get("columns")) {
            JsonNode known = carried.get(entry.path("field_name").asText());
            boolean sameName = columns.size() < data ? sameColumns : sameIndex;
            if (known instanceof ObjectNode kept && isSameType(kept, entry)) {
                if (!sameName) {
                    kept.set("name", entry.get("name"));
                }
                columns.add(kept);
                continue;
            }
            if (known != null && known.has("name") && sameName) {
                ((ObjectNode) entry).set("name", known.get("name"));
            }
            columns.add(entry);
        }
        return columns;
    }

    private static boolean isSameType(JsonNode kept, JsonNode own) {
        String before = kept.path("pandas_type").asText();
        String now = own.path("pandas_type").asText();
        return before.equals(now) || VAGUE.contains(before) || VAGUE.contains(now) || before.startsWith("list[");
    }
}
