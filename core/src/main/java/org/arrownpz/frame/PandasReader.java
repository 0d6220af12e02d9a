package org.arrownpz.frame;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.PyLiteral;
import org.arrownpz.dtype.PySyntaxException;
import org.arrownpz.dtype.PyValue;
import org.arrownpz.dtype.ScalarDType;
import org.jspecify.annotations.Nullable;

/** Reads the schema metadata key {@code pandas} as pandas and pyarrow write it. */
final class PandasReader {
    private static final ReadLimits LIMITS = ReadLimits.defaults().withMetadataBytes(1L << 30);

    private PandasReader() {}

    /**
     * What the key says.
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
            FrameAxis columns) {}

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
        try {
            JsonNode root = JsonText.parse(
                    json.getBytes(StandardCharsets.UTF_8),
                    LIMITS,
                    Location.ofFile(null).member(Interchange.PANDAS_KEY));
            return document(root, schema.getFields());
        } catch (NpzException e) {
            return null;
        }
    }

    private static @Nullable Document document(JsonNode root, List<Field> fields) {
        JsonNode index = root.path("index_columns");
        JsonNode columns = root.path("columns");
        if (!index.isArray() || !columns.isArray()) {
            return null;
        }
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            positions.put(fields.get(i).getName(), i);
        }
        Map<String, JsonNode> entries = new HashMap<>();
        columns.forEach(entry -> entries.put(entry.path("field_name").asText(), entry));
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
        return new Document(found, names, range, columnsAxis(root.path("column_indexes"), fields, found));
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

    private static FrameAxis columnsAxis(JsonNode indexes, List<Field> fields, int[] index) {
        Set<Integer> taken = new HashSet<>();
        for (int position : index) {
            taken.add(position);
        }
        List<String> texts = new ArrayList<>(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            if (!taken.contains(i)) {
                texts.add(fields.get(i).getName());
            }
        }
        int depth = indexes.size();
        if (depth > 1) {
            FrameAxis hierarchy = hierarchy(indexes, texts);
            return hierarchy == null ? FrameAxis.ofTexts(texts) : hierarchy;
        }
        Label name = depth == 1 ? name(indexes.get(0).path("name")) : Label.NONE;
        LabelArray labels =
                depth == 1 ? labels(indexes.get(0).path("pandas_type").asText(), texts) : null;
        if (labels == null) {
            return FrameAxis.ofTexts(texts).withName(name);
        }
        return new FrameAxis(IndexClass.INDEX, 1, List.of(), name, texts.size(), false, 1, List.of(labels));
    }

    private static @Nullable FrameAxis hierarchy(JsonNode indexes, List<String> texts) {
        int depth = indexes.size();
        List<List<String>> levels = new ArrayList<>(depth);
        for (int level = 0; level < depth; level++) {
            levels.add(new ArrayList<>(texts.size()));
        }
        for (String text : texts) {
            List<String> items = tuple(text);
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
            LabelArray typed = labels(indexes.get(level).path("pandas_type").asText(), levels.get(level));
            labels.add(typed == null ? LabelArray.ofTexts(levels.get(level)) : typed);
            names.add(name(indexes.get(level).path("name")));
            classes.add(IndexClass.INDEX);
        }
        Label name =
                names.stream().allMatch(label -> label instanceof Label.None) ? Label.NONE : new Label.Tuple(names);
        return new FrameAxis(IndexClass.HIERARCHY, depth, classes, name, texts.size(), false, depth, labels);
    }

    // pyarrow names the fields of MultiIndex columns by Python's text of the tuple.
    private static @Nullable List<String> tuple(String text) {
        try {
            if (PyLiteral.parse(text, 8, false) instanceof PyValue.Tuple tuple) {
                List<String> items = new ArrayList<>(tuple.items().size());
                for (PyValue item : tuple.items()) {
                    if (item instanceof PyValue.Text string) {
                        items.add(string.value());
                    } else if (item instanceof PyValue.Int integer && integer.exact()) {
                        items.add(Long.toString(integer.value()));
                    } else if (item instanceof PyValue.Bool bool) {
                        items.add(bool.value() ? "True" : "False");
                    } else {
                        return null;
                    }
                }
                return items;
            }
            return null;
        } catch (PySyntaxException e) {
            return null;
        }
    }

    /** Labels of the type that pandas states, where every text is the text of such a value; null otherwise. */
    private static @Nullable LabelArray labels(String pandasType, List<String> texts) {
        ByteBuffer data =
                ByteBuffer.allocate(Math.multiplyExact(8, texts.size())).order(ByteOrder.LITTLE_ENDIAN);
        try {
            switch (pandasType) {
                case "int64", "int32", "int16", "int8" -> {
                    for (String text : texts) {
                        data.putLong(exact(Long.parseLong(text), text));
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.INT, 8), data.array(), texts.size());
                }
                case "uint64", "uint32", "uint16", "uint8" -> {
                    for (String text : texts) {
                        long value = Long.parseUnsignedLong(text);
                        if (!Long.toUnsignedString(value).equals(text)) {
                            return null;
                        }
                        data.putLong(value);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.UINT, 8), data.array(), texts.size());
                }
                case "float64" -> {
                    for (String text : texts) {
                        double value = Double.parseDouble(text);
                        if (!PyFloat.repr(value).equals(text)) {
                            return null;
                        }
                        data.putDouble(value);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.FLOAT, 8), data.array(), texts.size());
                }
                case "bool" -> {
                    byte[] bits = new byte[texts.size()];
                    for (int i = 0; i < bits.length; i++) {
                        if (!texts.get(i).equals("True") && !texts.get(i).equals("False")) {
                            return null;
                        }
                        bits[i] = (byte) (texts.get(i).equals("True") ? 1 : 0);
                    }
                    return LabelArray.of(ScalarDType.of(DTypeKind.BOOL, 1), bits, bits.length);
                }
                default -> {
                    return null;
                }
            }
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long exact(long value, String text) {
        if (!Long.toString(value).equals(text)) {
            throw new NumberFormatException("not Python's text of an int");
        }
        return value;
    }
}
