package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameAxis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, labels, classes and blocks are those that frame-fixtures itself makes. */
class FrameFixtureGoldenTest {
    private static final JsonNode SAMPLES = Golden.json("samples.json");
    private static final JsonNode DIGESTS = Golden.json("nine_fixtures_digests.json");
    private static final JsonNode STATIC_FRAME =
            Golden.json("nine_fixtures_1e6_static_frame.json").get("fixtures_1e6");
    private static final ReadOptions STORAGE = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
    }

    @AfterEach
    void releasesAllMemory() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    static Stream<String> samples() {
        return stream(SAMPLES.get("fixtures").elements())
                .map(sample -> sample.get("dsl").asText());
    }

    static Stream<String> digestedAtOneMillion() {
        return stream(DIGESTS.fieldNames()).filter(name -> name.startsWith("1e6_"));
    }

    static Stream<String> writtenByStaticFrame() {
        return stream(STATIC_FRAME.fieldNames());
    }

    private static <T> Stream<T> stream(Iterator<T> items) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, 0), false);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void makesTheSample(String dsl) throws Exception {
        JsonNode sample = stream(SAMPLES.get("fixtures").elements())
                .filter(candidate -> candidate.get("dsl").asText().equals(dsl))
                .findFirst()
                .orElseThrow();
        try (Frame frame = FrameFixture.parse(dsl).frame(allocator, STORAGE)) {
            assertThat(frame.rowCount()).isEqualTo(sample.get("shape").get(0).asLong());
            assertThat(frame.columns().length())
                    .isEqualTo(sample.get("shape").get(1).asLong());
            assertThat(frame.columns().indexClass().growOnly())
                    .isEqualTo(sample.get("frame_class").asText().equals("FrameGO"));
            checkValues(frame, sample);
            checkIndex(frame, sample.get("index"));
            checkColumns(frame.columns(), sample.get("columns"));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void survivesAsANumpyArchive(String dsl) throws Exception {
        JsonNode sample = stream(SAMPLES.get("fixtures").elements())
                .filter(candidate -> candidate.get("dsl").asText().equals(dsl))
                .findFirst()
                .orElseThrow();
        Path file = directory.resolve("fixture.npz");
        FrameFixture.parse(dsl).write(file, QUICK);
        try (Frame frame = Frames.open(allocator, file, STORAGE)) {
            checkValues(frame, sample);
            checkIndex(frame, sample.get("index"));
            checkColumns(frame.columns(), sample.get("columns"));
            int columns = 0;
            for (int block = 0; block < frame.blockCount(); block++) {
                JsonNode shape = sample.get("block_shapes").get(block);
                columns += shape.size() == 1 ? 1 : shape.get(1).asInt();
            }
            assertThat(frame.blockCount()).isEqualTo(sample.get("block_shapes").size());
            assertThat(columns).isEqualTo((int) frame.columns().length());
        }
    }

    private static void checkValues(Frame frame, JsonNode sample) {
        ArrayNode dtypes = JsonNodeFactory.instance.arrayNode();
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        for (FieldVector column : Golden.columns(frame)) {
            dtypes.add(NumpyColumns.dtype(column));
            values.add(NumpyColumns.values(column));
        }
        assertThat(dtypes).isEqualTo(sample.get("dtypes"));
        assertThat(values).isEqualTo(NumpyColumns.plain(sample.get("values_by_column")));
    }

    private static void checkIndex(Frame frame, JsonNode index) {
        checkClasses(frame.index(), index);
        List<FieldVector> levels = frame.root().getFieldVectors().subList(0, frame.indexLevels());
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        levels.forEach(level -> values.add(NumpyColumns.values(level)));
        if (frame.index().isAuto()) {
            assertThat(index.get("labels").size()).isEqualTo((int) frame.rowCount());
            assertThat(index.get("dtype").asText()).isEqualTo("<i8");
        } else if (levels.size() == 1) {
            assertThat(NumpyColumns.dtype(levels.get(0)))
                    .isEqualTo(index.get("dtype").asText());
            assertThat(values.get(0)).isEqualTo(NumpyColumns.plain(index.get("labels")));
        } else {
            for (int i = 0; i < levels.size(); i++) {
                assertThat(NumpyColumns.dtype(levels.get(i)))
                        .isEqualTo(index.get("dtypes").get(i).asText());
            }
            assertThat(values).isEqualTo(NumpyColumns.plain(index.get("levels")));
        }
    }

    private static void checkColumns(FrameAxis axis, JsonNode columns) {
        checkClasses(axis, columns);
        if (axis.isAuto()) {
            return;
        }
        boolean flat = axis.labels().size() == 1;
        for (int level = 0; level < axis.labels().size(); level++) {
            JsonNode dtype = flat ? columns.get("dtype") : columns.get("dtypes").get(level);
            JsonNode labels =
                    flat ? columns.get("labels") : columns.get("levels").get(level);
            assertThat(axis.labels().get(level).dtype().str()).isEqualTo(dtype.asText());
            for (int i = 0; i < axis.length(); i++) {
                JsonNode label = labels.get(i);
                String expected = label.has("s") ? label.get("s").asText() : label.asText();
                assertThat(axis.labels().get(level).text(i)).isEqualTo(expected);
            }
        }
    }

    private static void checkClasses(FrameAxis axis, JsonNode golden) {
        assertThat(axis.indexClass().className()).isEqualTo(golden.get("class").asText());
        assertThat(axis.depth()).isEqualTo(golden.get("depth").asInt());
        assertThat(axis.name().text()).isEqualTo("None");
        if (axis.depth() > 1) {
            List<String> classes = new ArrayList<>();
            golden.get("level_classes").forEach(name -> classes.add(name.asText()));
            assertThat(axis.levelClasses()).map(Object::toString).isEqualTo(classes);
        }
    }

    @Test
    void sourcesAreThoseOfFrameFixtures() {
        JsonNode first = SAMPLES.get("source_ints_first_20");
        for (int i = 0; i < first.size(); i++) {
            assertThat(SourceValues.value(i)).isEqualTo(first.get(i).asInt());
        }
        JsonNode last = SAMPLES.get("source_ints_last_5");
        for (int i = 0; i < last.size(); i++) {
            assertThat(SourceValues.value(SourceValues.COUNT - last.size() + i))
                    .isEqualTo(last.get(i).asInt());
        }
        assertThat(SAMPLES.get("count").asInt()).isEqualTo(SourceValues.COUNT);
        // Digests of the whole arrays in Python: little-endian int64, and all labels in ASCII.
        MessageDigest ints = Golden.sha256();
        MessageDigest labels = Golden.sha256();
        ByteBuffer element = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SourceValues.COUNT; i++) {
            ints.update(element.putLong(0, SourceValues.value(i)).array());
            labels.update(element.putInt(0, SourceValues.label(i)).array(), 0, SourceValues.LABEL_LENGTH);
        }
        assertThat(Golden.hex(ints)).isEqualTo("cb978fd141e92f407a989bf1c9ab924c2ee7a05f103e431fb47ebd611ea598f3");
        assertThat(Golden.hex(labels)).isEqualTo("4f2c1b0f1b48d7f4ba16e8fadcf6cdb36ad9cab25d6483082680481a3128ee74");
    }

    @Test
    void shiftsAreThoseOfFrameFixtures() {
        JsonNode shifts = SAMPLES.get("column_shift_first_130");
        for (int i = 0; i < shifts.size(); i++) {
            assertThat(FrameFixture.shift(i)).isEqualTo(shifts.get(i).asInt());
        }
    }

    @Test
    void streamsAreThoseOfFrameFixtures() {
        SAMPLES.get("streams_shift0_first_16").fields().forEachRemaining(stream -> {
            ArrayNode values = JsonNodeFactory.instance.arrayNode();
            int count = stream.getValue().size();
            ValueType type = Specifiers.dtype(new DslComponent.Name(stream.getKey(), 0));
            if (type instanceof ValueType.Numpy numpy) {
                byte[] data = ValueStream.bytes(numpy.dtype(), 0, count);
                int width = data.length / count;
                for (int i = 0; i < count; i++) {
                    byte[] element = Arrays.copyOfRange(data, i * width, (i + 1) * width);
                    values.add(NumpyColumns.value(numpy.dtype().str(), element));
                }
            } else {
                for (FieldVector column : objects(count)) {
                    values.addAll(NumpyColumns.values(column));
                    column.close();
                }
            }
            assertThat(values).as(stream.getKey()).isEqualTo(NumpyColumns.plain(stream.getValue()));
        });
    }

    private List<FieldVector> objects(int count) {
        try {
            return List.of(new ObjectColumns(allocator, STORAGE).vector("o", new ValueType.Objects(), 0, 1, count));
        } catch (NpzException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("digestedAtOneMillion")
    void aMillionValuesHaveTheDigest(String name) throws Exception {
        DigestedFixture.check(DIGESTS.get(name), allocator);
    }

    @ParameterizedTest
    @MethodSource("writtenByStaticFrame")
    void anArchiveHasTheBlocksThatStaticFrameWrites(String name) throws Exception {
        JsonNode golden = STATIC_FRAME.get(name);
        Path file = directory.resolve(name + ".npz");
        FrameFixture.parse(golden.get("dsl").asText()).write(file, QUICK);
        try (Frame frame = Frames.open(allocator, file, STORAGE)) {
            assertThat(frame.blockCount()).isEqualTo(golden.get("n_blocks").asInt());
            List<List<FieldVector>> blocks = DigestedFixture.blocks(frame);
            List<String> digests = new ArrayList<>();
            for (List<FieldVector> block : blocks) {
                MessageDigest digest = Golden.sha256();
                Golden.updateRowMajor(digest, block);
                digests.add(Golden.hex(digest));
            }
            MessageDigest all = Golden.sha256();
            all.update(String.join("\n", digests).getBytes(StandardCharsets.US_ASCII));
            assertThat(digests.get(0))
                    .isEqualTo(golden.get("first_block_sha256").asText());
            assertThat(Golden.hex(all))
                    .isEqualTo(
                            golden.get("sha256_of_newline_joined_block_sha256").asText());
        }
    }
}
