package org.arrownpz.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.event.spec.PackSpec;
import org.jspecify.annotations.Nullable;

/** Columns of the golden cases as vectors, and vectors as what the cases say. Times and the like are text. */
final class GoldenColumns {
    private GoldenColumns() {}

    static String label(JsonNode label) {
        return label.has("$tuple") ? label.path("$tuple").toString() : label.asText();
    }

    static List<PackSpec.ColumnRef> references(JsonNode argument) {
        List<PackSpec.ColumnRef> references = new ArrayList<>();
        if (argument.isArray()) {
            argument.forEach(item -> references.add(reference(item)));
        } else {
            references.add(reference(argument));
        }
        return references;
    }

    private static PackSpec.ColumnRef reference(JsonNode item) {
        return item.isInt() ? PackSpec.ColumnRef.of(item.asInt()) : PackSpec.ColumnRef.of(label(item));
    }

    static void vectors(
            JsonNode wanted,
            List<FieldVector> vectors,
            DictionaryProvider.MapDictionaryProvider dictionaries,
            BufferAllocator allocator) {
        JsonNode input = wanted.path("input");
        int rows = input.path("rows").size();
        if (wanted.path("name").asText().equals("index_level_as_key")) {
            List<Object> index = new ArrayList<>();
            input.path("index").forEach(item -> index.add(item.asText()));
            vectors.add(vector("g", "str", index, dictionaries, allocator));
        }
        for (int column = 0; column < input.path("columns").size(); column++) {
            List<Object> values = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                values.add(value(input.path("rows").path(row).path(column)));
            }
            String dtype = input.path("dtypes").path(column).asText();
            vectors.add(vector(label(input.path("columns").path(column)), dtype, values, dictionaries, allocator));
        }
    }

    /** A cell; null for None, NaT, NA. */
    static @Nullable Object value(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            node.forEach(item -> items.add(value(item)));
            return items;
        }
        if (node.isObject()) {
            if (node.has("$tuple") || node.has("$ndarray")) {
                return value(node.has("$tuple") ? node.path("$tuple") : node.path("$ndarray"));
            }
            return switch (node.path("$").asText()) {
                case "NaN" -> Double.NaN;
                case "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                case "-0.0" -> -0.0;
                case "NaT", "NA" -> null;
                default -> node.toString();
            };
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isTextual()
                ? node.textValue()
                : node.isIntegralNumber() ? node.bigIntegerValue() : node.doubleValue();
    }

    private static FieldVector vector(
            String name,
            String dtype,
            List<Object> values,
            DictionaryProvider.MapDictionaryProvider dictionaries,
            BufferAllocator allocator) {
        if (dtype.equals("category")) {
            return categories(name, values, dictionaries, allocator);
        }
        ArrowType type = dtype.equals("float64") ? floats() : type(values);
        Field field =
                type instanceof ArrowType.List ? list(name, values) : new Field(name, FieldType.nullable(type), null);
        FieldVector vector = field.createVector(allocator);
        fill(vector, values);
        return vector;
    }

    private static Field list(String name, List<Object> values) {
        List<Object> items = items(values);
        ArrowType item = type(items);
        Field child = item instanceof ArrowType.List
                ? list("item", items)
                : new Field("item", FieldType.nullable(item), null);
        return new Field(name, FieldType.nullable(new ArrowType.List()), List.of(child));
    }

    // A null or NaN among lists is a null list.
    private static List<Object> items(List<Object> values) {
        List<Object> items = new ArrayList<>();
        values.stream().filter(List.class::isInstance).forEach(value -> items.addAll((List<?>) value));
        return items;
    }

    // The seed's categories sort by their order: S, M, L and so on as the input's rows first show them.
    private static FieldVector categories(
            String name,
            List<Object> values,
            DictionaryProvider.MapDictionaryProvider dictionaries,
            BufferAllocator allocator) {
        Map<Object, Integer> numbers = new LinkedHashMap<>();
        values.forEach(value -> numbers.putIfAbsent(value, numbers.size()));
        long id = dictionaries.getDictionaryIds().size();
        DictionaryEncoding encoding = new DictionaryEncoding(id, true, new ArrowType.Int(32, true));
        FieldVector entries = vector("entries", "str", new ArrayList<>(numbers.keySet()), dictionaries, allocator);
        dictionaries.put(new Dictionary(entries, encoding));
        IntVector vector = new IntVector(name, new FieldType(true, encoding.getIndexType(), encoding), allocator);
        vector.allocateNew(values.size());
        for (int i = 0; i < values.size(); i++) {
            vector.set(i, numbers.get(values.get(i)));
        }
        vector.setValueCount(values.size());
        return vector;
    }

    private static ArrowType floats() {
        return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    }

    private static ArrowType type(List<Object> values) {
        boolean unsigned = values.contains(new BigInteger("18446744073709551615"));
        TreeSet<String> kinds = new TreeSet<>();
        boolean nan = false;
        for (Object value : values) {
            if (value instanceof Double number && number.isNaN()) {
                nan = true;
            } else if (value instanceof List) {
                kinds.add("list");
            } else if (value != null) {
                kinds.add(value.getClass().getSimpleName());
            }
        }
        if (kinds.size() > 1 && !kinds.equals(new TreeSet<>(List.of("BigInteger", "Double")))) {
            throw new IllegalArgumentException("a typed column cannot hold " + kinds);
        }
        String kind = kinds.isEmpty() ? (nan ? "Double" : "BigInteger") : kinds.last();
        return switch (kind) {
            case "list" -> new ArrowType.List();
            case "Boolean" -> new ArrowType.Bool();
            case "Double" -> floats();
            case "BigInteger" -> new ArrowType.Int(64, !unsigned);
            default -> new ArrowType.Utf8();
        };
    }

    private static void fill(FieldVector vector, List<Object> values) {
        vector.allocateNew();
        if (vector instanceof ListVector list) {
            int total = 0;
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) instanceof List<?> items) {
                    list.startNewValue(i);
                    list.endValue(i, items.size());
                    total += items.size();
                } else {
                    list.setNull(i);
                }
            }
            fill(list.getChildrenFromFields().get(0), items(values));
            list.setValueCount(values.size());
            list.getChildrenFromFields().get(0).setValueCount(total);
            return;
        }
        vector.setInitialCapacity(Math.max(1, values.size()));
        vector.allocateNew();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (vector instanceof Float8Vector doubles && value instanceof Number number) {
                doubles.set(i, number.doubleValue());
            } else if (value == null || value instanceof Double) {
                vector.setNull(i);
            } else if (vector instanceof BigIntVector longs) {
                longs.set(i, ((BigInteger) value).longValueExact());
            } else if (vector instanceof UInt8Vector longs) {
                longs.set(i, ((BigInteger) value).longValue());
            } else if (vector instanceof BitVector bits) {
                bits.set(i, (boolean) value ? 1 : 0);
            } else {
                ((VarCharVector) vector).setSafe(i, value.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(values.size());
    }

    /** The rows of a case's table, one way to say null and NaN, as pandas has. */
    static List<List<Object>> rows(JsonNode rows) {
        List<List<Object>> table = new ArrayList<>();
        rows.forEach(row -> {
            List<Object> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(plain(value(cell))));
            table.add(cells);
        });
        return table;
    }

    static List<List<Object>> rows(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        List<List<Object>> table = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            List<Object> cells = new ArrayList<>();
            for (FieldVector vector : root.getFieldVectors()) {
                DictionaryEncoding encoding = vector.getField().getDictionary();
                if (vector instanceof UInt8Vector numbers) {
                    cells.add(numbers.getObjectNoOverflow(row));
                    continue;
                }
                cells.add(plain(
                        encoding == null
                                ? vector.getObject(row)
                                : dictionaries
                                        .lookup(encoding.getId())
                                        .getVector()
                                        .getObject(((IntVector) vector).get(row))));
            }
            table.add(cells);
        }
        return table;
    }

    private static Object plain(@Nullable Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            return "null";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(GoldenColumns::plain).toList();
        }
        if (value instanceof Long number) {
            return BigInteger.valueOf(number);
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString();
    }
}
