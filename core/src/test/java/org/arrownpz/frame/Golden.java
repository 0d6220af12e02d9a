package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.arrownpz.NpzException;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;

/** Golden files that StaticFrame wrote, and their sidecars. */
public final class Golden {
    public static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Golden() {}

    public static Path folder(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode sidecar(Path path) {
        try {
            return JSON.readTree(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sidecars of one kind. */
    static List<JsonNode> sidecars(String... kinds) {
        try (Stream<Path> files = Files.list(folder("static-frame"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Golden::sidecar)
                    .filter(node -> List.of(kinds).contains(node.path("kind").asText()))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares a frame read with TypeMapping.STORAGE. */
    static void assertStorage(Frame frame, JsonNode sidecar) throws NpzException {
        JsonNode original = sidecar.get("original");
        assertAxes(frame, sidecar, original);
        List<FieldVector> vectors = frame.root().getFieldVectors();
        int levels = frame.indexLevels();
        JsonNode index = original.get("index");
        for (int level = 0; level < levels; level++) {
            assertColumn(vectors.get(level), index.get("levels").get(level));
        }
        JsonNode columns = original.get("columns");
        assertThat(vectors.size() - levels).isEqualTo(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            assertColumn(vectors.get(levels + i), columns.get(i));
        }
    }

    static void assertAxes(Frame frame, JsonNode sidecar, JsonNode original) {
        assertName(frame.name(), original.get("name"));
        assertThat(frame.rowCount()).isEqualTo(original.get("shape").get(0).asLong());
        assertAxis(frame.index(), original.get("index"), hasMember(sidecar, "__values_index_0__.npy"));
        boolean stored = hasMember(sidecar, "__values_columns_0__.npy");
        assertAxis(frame.columns(), original.get("columns_index"), stored);
        if (stored) {
            JsonNode levels = original.get("columns_index").get("levels");
            for (int level = 0; level < levels.size(); level++) {
                LabelArray labels = frame.columns().labels().get(level);
                assertThat(labels.dtype().str())
                        .isEqualTo(levels.get(level).get("dtype").asText());
                assertBytes(labels.data(), levels.get(level));
            }
        }
    }

    private static boolean hasMember(JsonNode sidecar, String name) {
        if (!sidecar.has("members")) {
            return true;
        }
        for (JsonNode member : sidecar.get("members")) {
            if (member.path("name").asText().endsWith(name)) {
                return true;
            }
        }
        return false;
    }

    private static void assertAxis(FrameAxis axis, JsonNode expected, boolean stored) {
        assertThat(axis.indexClass().className())
                .isEqualTo(expected.get("class").asText());
        assertThat(axis.depth()).isEqualTo(expected.get("depth").asInt());
        assertThat(axis.length()).isEqualTo(expected.get("length").asLong());
        assertThat(axis.isAuto()).isEqualTo(!stored || expected.get("auto").asBoolean());
        assertName(axis.name(), expected.get("name"));
        if (expected.has("types") && stored) {
            List<String> classes = new ArrayList<>();
            expected.get("types").forEach(type -> classes.add(type.asText()));
            assertThat(axis.levelClasses().stream().map(IndexClass::className)).isEqualTo(classes);
        }
    }

    static void assertName(Label name, JsonNode expected) {
        JsonNode value = expected.get("value");
        switch (expected.get("type").asText()) {
            case "none" -> assertThat(name).isEqualTo(Label.NONE);
            case "bool" -> assertThat(name).isEqualTo(new Label.Bool(value.asBoolean()));
            case "int" -> assertThat(name).isEqualTo(new Label.Int(new BigInteger(value.asText())));
            case "float" ->
                assertThat(name.text())
                        .isEqualTo(new Label.Float(Double.parseDouble(
                                        value.asText().replace("nan", "NaN").replace("inf", "Infinity")))
                                .text());
            case "tuple" -> {
                assertThat(name).isInstanceOf(Label.Tuple.class);
                List<Label> items = ((Label.Tuple) name).items();
                JsonNode expectedItems = expected.has("items") ? expected.get("items") : value;
                assertThat(items).hasSize(expectedItems.size());
                for (int i = 0; i < items.size(); i++) {
                    assertName(items.get(i), expectedItems.get(i));
                }
            }
            // A text that looks like a date is one in StaticFrame's metadata; its spelling is kept.
            case "str" ->
                assertThat(name instanceof Label.Moment moment ? moment.spelling() : name.text())
                        .isEqualTo(value.asText());
            case "date" -> assertThat(name.text()).isEqualTo(value.asText());
            case "datetime64" ->
                assertThat(name.text().replaceAll("^np.datetime64\\('([^']*)'.*", "$1"))
                        .startsWith(value.asText().substring(0, 4));
            case "datetime" -> assertThat(name.text()).startsWith("datetime.datetime(");
            default -> throw new AssertionError("unknown name type in sidecar: " + expected);
        }
    }

    /** Compares the bytes of a column in storage form. */
    static void assertColumn(FieldVector vector, JsonNode expected) {
        assertThat(vector.getField().getMetadata().get("numpy.dtype"))
                .isEqualTo(expected.get("dtype").asText());
        assertThat(vector.getNullCount()).isZero();
        assertBytes(storageBytes(vector), expected);
    }

    private static void assertBytes(byte[] data, JsonNode expected) {
        if (expected.has("data_hex")) {
            assertThat(HexFormat.of().formatHex(data))
                    .isEqualTo(expected.get("data_hex").asText());
        } else {
            assertThat(HexFormat.of().formatHex(sha256(data)))
                    .isEqualTo(expected.get("data_sha256").asText());
        }
    }

    static byte[] storageBytes(FieldVector vector) {
        FieldVector values = vector;
        int width;
        if (vector instanceof FixedSizeListVector list) {
            values = list.getDataVector();
        }
        width = values.getValueCount() == 0
                ? 0
                : values instanceof FixedSizeBinaryVector binary
                        ? binary.getByteWidth()
                        : ((org.apache.arrow.vector.BaseFixedWidthVector) values).getTypeWidth();
        byte[] bytes = new byte[width * values.getValueCount()];
        if (bytes.length > 0) {
            ArrowBuf data = values.getDataBuffer();
            data.getBytes(0, bytes);
        }
        return bytes;
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
