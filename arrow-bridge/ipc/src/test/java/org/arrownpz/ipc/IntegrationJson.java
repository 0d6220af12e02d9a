package org.arrownpz.ipc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What Arrow's integration tests say of a file in JSON, read here without Arrow's own reader, which knows one child of a
 * name. Values are texts as {@link IntegrationValues} has them.
 */
record IntegrationJson(Schema schema, List<List<List<String>>> batches) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The schema in message form, and the values batch by batch and column by column. */
    static IntegrationJson read(InputStream gzip) throws IOException {
        try (InputStream text = new GZIPInputStream(gzip)) {
            JsonNode json = MAPPER.readTree(text);
            Reading reading = new Reading(json);
            List<List<List<String>>> batches = new ArrayList<>();
            for (JsonNode batch : json.path("batches")) {
                batches.add(reading.columns(json.path("schema").path("fields"), batch.path("columns")));
            }
            // Arrow Java's own names of the modes.
            String schema = json.path("schema")
                    .toString()
                    .replace("\"SPARSE\"", "\"Sparse\"")
                    .replace("\"DENSE\"", "\"Dense\"");
            return new IntegrationJson(Schema.fromJSON(schema), batches);
        }
    }

    /** Dictionaries are there before what refers to them, or are read when they are asked for. */
    private static final class Reading {
        private final Map<Long, JsonNode> fields = new HashMap<>();
        private final Map<Long, JsonNode> data = new HashMap<>();
        private final Map<Long, List<String>> dictionaries = new HashMap<>();

        Reading(JsonNode json) {
            json.path("schema").path("fields").forEach(this::remember);
            json.path("dictionaries")
                    .forEach(one -> data.put(
                            one.path("id").longValue(),
                            one.path("data").path("columns").path(0)));
        }

        private void remember(JsonNode field) {
            if (field.hasNonNull("dictionary")) {
                fields.put(field.path("dictionary").path("id").longValue(), field);
            }
            field.path("children").forEach(this::remember);
        }

        List<List<String>> columns(JsonNode fieldNodes, JsonNode columns) {
            return IntStream.range(0, fieldNodes.size())
                    .mapToObj(i -> column(fieldNodes.path(i), columns.path(i)))
                    .toList();
        }

        private List<String> dictionary(long id) {
            if (!dictionaries.containsKey(id)) {
                dictionaries.put(id, values(fields.get(id), data.get(id)));
            }
            return dictionaries.get(id);
        }

        private List<String> column(JsonNode field, JsonNode column) {
            if (!field.hasNonNull("dictionary")) {
                return values(field, column);
            }
            List<String> values = dictionary(field.path("dictionary").path("id").longValue());
            return rows(column, row -> values.get(column.path("DATA").path(row).intValue()));
        }

        private interface Row {
            String at(int row);
        }

        private static List<String> rows(JsonNode column, Row value) {
            JsonNode validity = column.path("VALIDITY");
            return IntStream.range(0, column.path("count").intValue())
                    .mapToObj(row -> validity.isArray() && validity.path(row).intValue() == 0 ? "null" : value.at(row))
                    .toList();
        }

        private static int number(JsonNode column, String buffer, int row) {
            return column.path(buffer).path(row).asInt();
        }

        private List<String> values(JsonNode field, JsonNode column) {
            JsonNode type = field.path("type");
            List<List<String>> children = columns(field.path("children"), column.path("children"));
            return switch (type.path("name").textValue()) {
                case "null" -> rows(column, row -> "null");
                case "struct" -> rows(column, row -> IntegrationValues.struct(children, row));
                case "list", "largelist", "map" ->
                    rows(column, row -> {
                        int start = number(column, "OFFSET", row);
                        return IntegrationValues.list(
                                children.get(0), start, number(column, "OFFSET", row + 1) - start);
                    });
                case "listview", "largelistview" ->
                    rows(
                            column,
                            row -> IntegrationValues.list(
                                    children.get(0), number(column, "OFFSET", row), number(column, "SIZE", row)));
                case "fixedsizelist" -> {
                    int size = type.path("listSize").intValue();
                    yield rows(column, row -> IntegrationValues.list(children.get(0), row * size, size));
                }
                case "union" -> {
                    Map<Integer, List<String>> members = new TreeMap<>();
                    for (int i = 0; i < children.size(); i++) {
                        members.put(type.path("typeIds").path(i).intValue(), children.get(i));
                    }
                    boolean dense = type.path("mode").textValue().equals("DENSE");
                    yield rows(column, row -> {
                        int code = number(column, "TYPE_ID", row);
                        return code + ":" + members.get(code).get(dense ? number(column, "OFFSET", row) : row);
                    });
                }
                case "runendencoded" -> {
                    List<String> values = new ArrayList<>();
                    for (int run = 0; run < children.get(0).size(); run++) {
                        while (values.size() < Integer.parseInt(children.get(0).get(run))) {
                            values.add(children.get(1).get(run));
                        }
                    }
                    yield values.subList(0, column.path("count").intValue());
                }
                case "utf8view" -> rows(column, row -> view(column, row, true));
                case "binaryview" -> rows(column, row -> view(column, row, false));
                default -> rows(column, row -> scalar(type, column.path("DATA").path(row)));
            };
        }

        /** A view in place, or the bytes of a buffer, which stand there in hex. */
        private static String view(JsonNode column, int row, boolean isText) {
            JsonNode view = column.path("VIEWS").path(row);
            if (view.has("INLINED")) {
                return view.path("INLINED").textValue();
            }
            String buffer = column.path("VARIADIC_DATA_BUFFERS")
                    .path(view.path("BUFFER_INDEX").intValue())
                    .textValue();
            int start = 2 * view.path("OFFSET").intValue();
            String hex = buffer.substring(start, start + 2 * view.path("SIZE").intValue());
            return isText ? new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8) : hex;
        }

        private static String scalar(JsonNode type, JsonNode value) {
            return switch (type.path("name").textValue()) {
                case "bool" -> value.asInt() != 0 || value.asBoolean() ? "true" : "false";
                case "floatingpoint" ->
                    switch (type.path("precision").textValue()) {
                        case "HALF" -> String.valueOf(Float16.toFloat(Float16.toFloat16(value.floatValue())));
                        case "SINGLE" -> String.valueOf(Float.parseFloat(value.asText()));
                        default -> String.valueOf(value.doubleValue());
                    };
                case "decimal" ->
                    new BigDecimal(
                                    new BigInteger(value.asText()),
                                    type.path("scale").intValue())
                            .toPlainString();
                case "interval" ->
                    switch (type.path("unit").textValue()) {
                        case "YEAR_MONTH" -> value.asText();
                        case "DAY_TIME" ->
                            value.path("days").asText() + "d "
                                    + value.path("milliseconds").asText() + "ms";
                        default ->
                            value.path("months").asText() + "m "
                                    + value.path("days").asText() + "d "
                                    + value.path("nanoseconds").asText() + "ns";
                    };
                default -> value.asText();
            };
        }
    }
}
