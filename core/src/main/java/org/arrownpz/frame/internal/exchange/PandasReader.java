package org.arrownpz.frame.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.JsonText;
import org.arrownpz.frame.internal.meta.NameCodec;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;
import org.jspecify.annotations.Nullable;

/** Reads the schema metadata key {@code pandas} as pandas and pyarrow write it. */
final class PandasReader {
    private static final ReadLimits LIMITS = ReadLimits.defaults().withMetadataBytes(1L << 30);

    private PandasReader() {}

    /**
     * The content of the key.
     *
     * @param indexFields positions of the fields that are the index, outermost level first; empty for a range
     * @param indexNames the names of the levels, or the one name of a range
     * @param range the range, or null where the index is stored in fields
     * @param columns the columns' axis
     */
    record Document(
            int[] indexFields,
            List<Label> indexNames,
            @Nullable Range range,
            FrameAxis columns) {
        /** The name that a frame's index has of these. */
        Label indexName() {
            return FrameSelection.nameOf(indexNames);
        }
    }

    /** A RangeIndex. */
    record Range(long start, long stop, long step) {
        boolean isAutomatic(long rows) {
            return start == 0 && step == 1 && stop == rows;
        }

        /** Whether the range has that many elements, as pandas counts them. */
        boolean hasLength(long rows) {
            if (step == 0) {
                return false;
            }
            BigInteger span = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
            BigInteger width = BigInteger.valueOf(step);
            BigInteger[] parts = span.divideAndRemainder(width);
            BigInteger length = parts[0].add(BigInteger.valueOf(parts[1].signum() == 0 ? 0 : 1));
            return length.max(BigInteger.ZERO).equals(BigInteger.valueOf(rows));
        }
    }

    /** The document, or null where the key is incomplete or does not fit the schema: a wrong key is worse than none. */
    static @Nullable Document parse(String json, Schema schema) {
        JsonNode root = tree(json);
        return root == null ? null : document(root, schema.getFields());
    }

    /** The key's JSON, or null where it is none. */
    static @Nullable JsonNode tree(String json) {
        try {
            return JsonText.parse(
                    json.getBytes(StandardCharsets.UTF_8),
                    LIMITS,
                    Location.ofFile(null).member(Interchange.PANDAS_KEY));
        } catch (NpzException e) {
            return null;
        }
    }

    static @Nullable Document document(JsonNode root, List<Field> fields) {
        JsonNode index = root.path("index_columns");
        JsonNode columns = root.path("columns");
        if (!index.isArray() || !columns.isArray()) {
            return null;
        }
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            positions.put(fields.get(i).getName(), i);
        }
        Map<String, JsonNode> entries = entries(root);
        List<Integer> indexFields = new ArrayList<>();
        List<Label> names = new ArrayList<>();
        Range range = null;
        for (JsonNode item : index) {
            if (item.isTextual()) {
                Integer position = positions.get(item.textValue());
                JsonNode entry = entries.get(item.textValue());
                if (position == null || entry == null || indexFields.contains(position)) {
                    return null;
                }
                indexFields.add(position);
                names.add(name(entry.path("name")));
            } else if (item.path("kind").asText().equals("range") && index.size() == 1 && isRange(item)) {
                range = new Range(
                        item.get("start").longValue(),
                        item.get("stop").longValue(),
                        item.get("step").longValue());
                names.add(name(item.path("name")));
            } else {
                return null;
            }
        }
        if (names.isEmpty()) {
            names.add(Label.NONE);
        }
        int[] found = indexFields.stream().mapToInt(Integer::intValue).toArray();
        return new Document(
                found, names, range, columnsAxis(root.path("column_indexes"), texts(fields, indexFields, entries)));
    }

    /** The columns' axis for fields that are columns, whatever the key says of the index. */
    static FrameAxis columns(JsonNode root, List<Field> fields) {
        return columnsAxis(root.path("column_indexes"), texts(fields, List.of(), entries(root)));
    }

    /** The key's words on fields, by their names. */
    static Map<String, JsonNode> entries(JsonNode root) {
        Map<String, JsonNode> entries = new HashMap<>();
        root.path("columns")
                .forEach(entry -> entries.put(entry.path("field_name").asText(), entry));
        return entries;
    }

    private static boolean isRange(JsonNode item) {
        return NameCodec.isCount(item.get("start"), Long.MIN_VALUE, Long.MAX_VALUE)
                && NameCodec.isCount(item.get("stop"), Long.MIN_VALUE, Long.MAX_VALUE)
                && NameCodec.isCount(item.get("step"), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static Label name(JsonNode node) {
        Label name = node.isMissingNode() ? Label.NONE : NameCodec.decode(node);
        return name == null ? Label.NONE : name;
    }

    // pandas takes the label of a column from its entry; the field's name is another where labels are no texts.
    private static List<String> texts(List<Field> fields, List<Integer> index, Map<String, JsonNode> entries) {
        Set<Integer> levels = new HashSet<>(index);
        List<String> names = new ArrayList<>(fields.size());
        List<String> texts = new ArrayList<>(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            if (!levels.contains(i)) {
                String field = fields.get(i).getName();
                JsonNode entry = entries.get(field);
                JsonNode name = entry == null ? null : entry.get("name");
                names.add(field);
                texts.add(name != null && name.isTextual() ? name.textValue() : field);
            }
        }
        return ColumnNames.areDistinct(texts) ? texts : names;
    }

    private static FrameAxis columnsAxis(JsonNode indexes, List<String> texts) {
        int depth = indexes.size();
        if (depth > 1) {
            FrameAxis hierarchy = hierarchy(indexes, texts);
            return hierarchy == null ? FrameAxis.ofTexts(texts) : hierarchy;
        }
        Label name = depth == 1 ? name(indexes.get(0).path("name")) : Label.NONE;
        LabelArray labels = depth == 1 ? PandasTexts.typed(indexes.get(0), texts) : null;
        if (labels == null) {
            return FrameAxis.ofTexts(texts).withName(name);
        }
        return FrameAxis.ofColumns(AxisType.flat(PandasTexts.indexClass(labels), name), List.of(labels));
    }

    private static @Nullable FrameAxis hierarchy(JsonNode indexes, List<String> texts) {
        int depth = indexes.size();
        List<List<String>> levels = new ArrayList<>(depth);
        for (int level = 0; level < depth; level++) {
            levels.add(new ArrayList<>(texts.size()));
        }
        for (String text : texts) {
            List<String> items = PandasTexts.tuple(text);
            if (items == null || items.size() != depth) {
                return null;
            }
            for (int level = 0; level < depth; level++) {
                levels.get(level).add(items.get(level));
            }
        }
        List<LabelArray> labels = new ArrayList<>(depth);
        List<Label> names = new ArrayList<>(depth);
        List<IndexClass> classes = new ArrayList<>(depth);
        for (int level = 0; level < depth; level++) {
            LabelArray typed = PandasTexts.typed(indexes.get(level), levels.get(level));
            labels.add(typed == null ? LabelArray.ofTexts(levels.get(level)) : typed);
            names.add(name(indexes.get(level).path("name")));
            classes.add(PandasTexts.indexClass(labels.get(level)));
        }
        Label name = FrameSelection.nameOf(names);
        return FrameAxis.ofColumns(AxisType.of(classes, name), labels);
    }
}
