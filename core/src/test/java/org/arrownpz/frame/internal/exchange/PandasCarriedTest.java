package org.arrownpz.frame.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Golden;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The schema key of pandas on its way through NPZ: what pandas wrote into it comes back to pandas. */
@ExtendWith(LeakCheck.class)
class PandasCarriedTest {
    private static final String PLAIN = "{\"kind\": \"range\", \"name\": null, \"start\": 0, \"stop\": 2, \"step\": 1}";
    private static final String TEXT = "{\"name\": null, \"field_name\": null, \"pandas_type\": \"unicode\","
            + " \"numpy_type\": \"str\", \"metadata\": {\"encoding\": \"UTF-8\"}}";

    @TempDir
    Path directory;

    private static String column(String name, String field, String numpy) {
        return "{\"name\": " + name + ", \"field_name\": \"" + field + "\", \"pandas_type\": \"int64\","
                + " \"numpy_type\": \"" + numpy + "\", \"metadata\": null}";
    }

    private static String key(String index, String axis, String... columns) {
        return "{\"index_columns\": [" + index + "], \"column_indexes\": [" + axis + "], \"columns\": ["
                + String.join(", ", columns)
                + "], \"attributes\": {\"unit\": [\"m\", null]}, \"creator\": {\"library\":"
                + " \"pyarrow\", \"version\": \"25.0.1\"}, \"pandas_version\": \"3.0.6\"}";
    }

    /** The frame's schema after a way through NPZ, and through the schema's own metadata. */
    private Schema throughNpz(BufferAllocator allocator, String key, FieldVector... columns) throws Exception {
        Path file = directory.resolve("frame.npz");
        try (VectorSchemaRoot root = Roots.root(Map.of("pandas", key, "mine", "x"), columns);
                Frame frame = Frame.of(root)) {
            assertThat(frame.schema().getCustomMetadata()).isEqualTo(Map.of("mine", "x"));
            Frames.write(frame, file, WriteOptions.defaults());
        }
        try (Frame read = Frames.open(allocator, file);
                Frame again = Frame.of(read.interchangeRoot())) {
            assertThat(read.schema().getCustomMetadata()).isEqualTo(Map.of("mine", "x"));
            assertThat(again.interchangeSchema().getCustomMetadata())
                    .isEqualTo(read.interchangeSchema().getCustomMetadata());
            return read.interchangeSchema();
        }
    }

    private static JsonNode pandas(Schema schema) throws Exception {
        return Golden.JSON.readTree(schema.getCustomMetadata().get("pandas"));
    }

    @Test
    void comesBackUnchangedWhereTheFrameIsAsItSays(BufferAllocator allocator) throws Exception {
        String key = key(PLAIN, TEXT, column("\"a\"", "a", "Int64"));
        Schema schema = throughNpz(allocator, key, Roots.longs(allocator, "a", 1, 2));

        assertThat(pandas(schema)).isEqualTo(Golden.JSON.readTree(key));
    }

    @Test
    void keepsFieldNamesThatAreNotTheLabelsOwn(BufferAllocator allocator) throws Exception {
        String dates = "{\"name\": null, \"field_name\": null, \"pandas_type\": \"datetime64[us]\","
                + " \"numpy_type\": \"datetime64[us]\", \"metadata\": null}";
        String date = "2020-01-01 00:00:00";
        String key = key(
                "\"__index_level_0__\"",
                dates,
                column("\"" + date + "\"", date, "int64"),
                column("\"k\"", "__index_level_0__", "int64"));
        Schema schema = throughNpz(
                allocator, key, Roots.longs(allocator, date, 1, 2), Roots.longs(allocator, "__index_level_0__", 3, 4));

        assertThat(schema.getFields()).extracting("name").containsExactly("__index_level_0__", date);
        assertThat(pandas(schema)).isEqualTo(Golden.JSON.readTree(key));
        try (Frame frame = Frames.open(allocator, directory.resolve("frame.npz"))) {
            assertThat(frame.columns().indexClass()).isEqualTo(IndexClass.of(IndexType.MICROSECOND));
            assertThat(frame.columns().label(0).text()).isEqualTo("2020-01-01T00:00:00.000000");
            assertThat(frame.index().name()).isEqualTo(Label.of("k"));
            assertThat(frame.columnNames()).containsExactly(date);
        }
    }

    @Test
    void saysOfARangeThatBecameLabelsThatItIsAField(BufferAllocator allocator) throws Exception {
        String range = "{\"kind\": \"range\", \"name\": 0, \"start\": 5, \"stop\": 9, \"step\": 2}";
        String key = key(range, TEXT, column("\"a\"", "a", "Int64"));
        JsonNode pandas = pandas(throughNpz(allocator, key, Roots.longs(allocator, "a", 1, 2)));

        assertThat(pandas.get("index_columns").toString()).isEqualTo("[\"__index_level_0__\"]");
        assertThat(pandas.at("/columns/0/numpy_type").asText()).isEqualTo("Int64");
        assertThat(pandas.at("/columns/1/field_name").asText()).isEqualTo("__index_level_0__");
        assertThat(pandas.at("/columns/1/name").isInt()).isTrue();
        assertThat(pandas.get("attributes").toString()).isEqualTo("{\"unit\":[\"m\",null]}");
    }

    @Test
    void keepsWhatItSaysOfColumnsBesideARangeThatBecameLabels(BufferAllocator allocator) throws Exception {
        String range = "{\"kind\": \"range\", \"name\": \"__index_level_0__\", \"start\": 5, \"stop\": 9, \"step\": 2}";
        String bytes = "{\"name\": \"c\", \"field_name\": \"c\", \"pandas_type\": \"int8\","
                + " \"numpy_type\": \"int8\", \"metadata\": null}";
        String key = key(range, bytes, column("\"7\"", "7", "Int64"));
        JsonNode pandas = pandas(throughNpz(allocator, key, Roots.longs(allocator, "7", 1, 2)));

        assertThat(pandas.at("/column_indexes/0/numpy_type").asText()).isEqualTo("int8");
        assertThat(pandas.at("/columns/0/name").asText()).isEqualTo("7");
        // pandas takes the name of a field __index_level_0__ for none.
        assertThat(pandas.at("/columns/1/field_name").asText()).isEqualTo("__index_level_0__#2");
        assertThat(pandas.at("/columns/1/name").asText()).isEqualTo("__index_level_0__");
    }

    @Test
    void givesWayToWhatTheFrameSaysOfOtherLabels(BufferAllocator allocator) throws Exception {
        String key = key(PLAIN, TEXT, column("\"a\"", "a", "Int64"), column("\"b\"", "b", "Int8"));
        try (VectorSchemaRoot root = Roots.root(
                        Map.of("pandas", key), Roots.longs(allocator, "a", 1, 2), Roots.longs(allocator, "b", 3, 4));
                Frame frame = Frame.of(root);
                Frame indexed = frame.withIndex("b");
                Frame selected = frame.select("b")) {
            JsonNode of = pandas(indexed.interchangeSchema());
            assertThat(of.get("index_columns").toString()).isEqualTo("[\"b\"]");
            assertThat(of.get("columns")).hasSize(2);
            assertThat(of.at("/columns/1/numpy_type").asText()).isEqualTo("Int8");
            assertThat(of.at("/attributes/unit")).hasSize(2);
            assertThat(pandas(selected.interchangeSchema()).get("columns")).hasSize(1);
            assertThat(pandas(frame.withColumnsName("cols").interchangeSchema())
                            .at("/column_indexes/0/name")
                            .asText())
                    .isEqualTo("cols");
        }
    }

    @Test
    void staysAsItIsWhereNothingOfItIsUnderstood(BufferAllocator allocator) throws Exception {
        String key = "{\"index_columns\": [\"gone\"], \"columns\": [], \"attributes\": {\"a\": 1}}";
        assertThat(pandas(throughNpz(allocator, key, Roots.longs(allocator, "a", 1, 2))))
                .isEqualTo(Golden.JSON.readTree(key));
        assertThat(pandas(throughNpz(allocator, "{", Roots.longs(allocator, "a", 1, 2)))
                        .at("/creator/library")
                        .asText())
                .isEqualTo("arrow-npz");
    }

    @Test
    void statesTheTypeThatAColumnHasNow(BufferAllocator allocator) throws Exception {
        String key = key(PLAIN, TEXT, column("\"a\"", "a", "Int64"));
        JsonNode pandas = pandas(throughNpz(allocator, key, Roots.doubles(allocator, "a", 1, 2)));

        assertThat(pandas.at("/columns/0/pandas_type").asText()).isEqualTo("float64");
        assertThat(pandas.at("/columns/0/numpy_type").asText()).isEqualTo("float64");
    }
}
