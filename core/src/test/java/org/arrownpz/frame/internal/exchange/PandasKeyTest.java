package org.arrownpz.frame.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Golden;
import org.arrownpz.frame.Parts;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema key that tells pandas of labels and dictionaries. */
@ExtendWith(LeakCheck.class)
class PandasKeyTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "<i2, int16, int16",
        "|u1, uint8, uint8",
        "<f2, float32, float32",
        "<f16, unicode, object",
        "|b1, bool, bool",
        "|S3, unicode, object",
        "<M8[D], datetime64[s], datetime64[s]",
        "<M8[ms], datetime64[ms], datetime64[ms]",
        "<M8[us], datetime64[us], datetime64[us]",
        "<M8[ns], datetime64[ns], datetime64[ns]",
        "<M8[25s], unicode, object",
        "<M8[h], unicode, object",
    })
    void pandasLearnsTheTypeOfTheColumnLabels(String dtype, String pandas, String numpy, BufferAllocator allocator)
            throws Exception {
        Path file = new Parts()
                .array("__values_columns_0__.npy", dtype, 1)
                .array("__blocks_0__.npy", "<i8", 2, 1)
                .meta(1)
                .archive(directory.resolve("labels.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            String json = frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY);
            JsonNode labels = Golden.JSON.readTree(json).get("column_indexes").get(0);
            assertThat(labels.get("pandas_type").asText()).isEqualTo(pandas);
            assertThat(labels.get("numpy_type").asText()).isEqualTo(numpy);
        }
    }

    /** A14: as pandas has them for columns of integers or booleans and None. Readers make arrays by that. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void integersAndBooleansWithNullsAreObjectsToPandas(boolean file, BufferAllocator allocator) throws Exception {
        try (BigIntVector some = new BigIntVector("some", allocator);
                BigIntVector all = new BigIntVector("all", allocator);
                UInt1Vector small = new UInt1Vector("small", allocator);
                BitVector bits = new BitVector("bits", allocator);
                Float8Vector real = new Float8Vector("real", allocator)) {
            List<FieldVector> columns = List.of(some, all, small, bits, real);
            columns.forEach(column -> {
                column.setInitialCapacity(2);
                column.allocateNew();
                column.setValueCount(2);
            });
            all.set(0, 1);
            all.set(1, 2);
            try (Frame root = Frame.of(new VectorSchemaRoot(columns))) {
                if (!file) {
                    dtypesAre(pandas(root), "object int64 object object float64");
                    return;
                }
                Frames.write(root, directory.resolve("a.npz"), WriteOptions.defaults());
            }
        }
        try (Frame read = Frames.open(allocator, directory.resolve("a.npz"))) {
            dtypesAre(pandas(read), "object int64 object object float64");
            assertThat(read.interchangeSchema())
                    .isEqualTo(read.interchangeRoot().getSchema());
            try (Frame some = read.select("all", "small")) {
                dtypesAre(pandas(some), "int64 object");
            }
        }
    }

    private static void dtypesAre(JsonNode pandas, String expected) {
        List<String> dtypes = new ArrayList<>();
        pandas.get("columns")
                .forEach(column -> dtypes.add(column.get("numpy_type").asText()));
        assertThat(String.join(" ", dtypes)).isEqualTo(expected);
    }

    /** A14. */
    @Test
    void pandasLearnsHowManyCategoriesThereAre(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(4, true, new ArrowType.Int(8, true));
        Field field = new Field("c", new FieldType(true, encoding.getIndexType(), encoding), null);
        try (FieldVector indices = field.createVector(allocator);
                BigIntVector entries = new BigIntVector("entries", allocator)) {
            entries.allocateNew(3);
            entries.setValueCount(3);
            indices.setValueCount(0);
            DictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, encoding));
            try (Frame frame = Frame.of(VectorSchemaRoot.of(indices), provider)) {
                assertThat(pandas(frame).at("/columns/0"))
                        .isEqualTo(Golden.JSON.readTree(
                                "{\"name\": \"c\", \"field_name\": \"c\", \"pandas_type\": \"categorical\","
                                        + " \"numpy_type\": \"int8\","
                                        + " \"metadata\": {\"num_categories\": 3, \"ordered\": true}}"));
            }
        }
    }

    private static JsonNode pandas(Frame frame) throws IOException {
        return Golden.JSON.readTree(
                frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY));
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.of(values).forEach(bytes::putLong);
        return bytes.array();
    }

    @ParameterizedTest
    @CsvSource({
        "<M8[D], -347000, 1019-12-13 00:00:00",
        "<M8[D], -9223372036854775808, NaT",
        "<M8[s], 1, 1970-01-01 00:00:01",
        "<M8[ms], 1, 1970-01-01 00:00:00.001000",
        "<M8[us], -1, 1969-12-31 23:59:59.999999",
        "<M8[ns], 1, 1970-01-01 00:00:00.000000001",
        "<M8[s], 253402300799, 9999-12-31 23:59:59",
        "<M8[s], 253402300800, 10000-01-01T00:00:00",
        "<M8[D], 4611686018427387904, 12626367463885247-04-15",
        "<M8[h], 1, 1970-01-01T01",
        "<i8, -7, -7",
    })
    void pandasReadsLabelsAsItSpellsThem(String dtype, long value, String text, BufferAllocator allocator)
            throws Exception {
        Path file = new Parts()
                .bytes("__values_columns_0__.npy", Parts.npy(dtype, longs(value), 1))
                .array("__blocks_0__.npy", "<i8", 2, 1)
                .meta(1)
                .archive(directory.resolve("labels.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(pandas(frame).at("/columns/0/name").asText()).isEqualTo(text);
        }
    }

    @Test
    void pandasReadsTuplesOfTexts(BufferAllocator allocator) throws Exception {
        Path file = new Parts()
                .bytes("__values_columns_0__.npy", Parts.npy("<M8[D]", longs(18262), 1))
                .bytes("__values_columns_1__.npy", Parts.npy("<i8", longs(1), 1))
                .bytes("__values_columns_2__.npy", Parts.npy("|b1", new byte[] {1}, 1))
                .array("__values_columns_3__.npy", "|S2", 1)
                .array("__blocks_0__.npy", "<i8", 2, 1)
                .text(
                        FrameMetadata.MEMBER,
                        "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", \"IndexHierarchy\"],"
                                + " \"__types_columns__\": [\"IndexDate\", \"Index\", \"Index\", \"Index\"],"
                                + " \"__depths__\": [1, 1, 4]}")
                .archive(directory.resolve("labels.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(pandas(frame).at("/columns/0/name").asText())
                    .isEqualTo("('2020-01-01 00:00:00', '1', True, \"b''\")");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<f2, false",
        "<c8, false",
        "<m8[M], true",
        "<c32, true",
        "|S3, true",
        "<f4, true",
        "<M8[Y], true",
        "<m8[s], true"
    })
    void levelsThatPandasHasNoIndexForAreColumnsOfIt(String dtype, boolean isIndex, BufferAllocator allocator)
            throws Exception {
        Path file = new Parts()
                .array("__values_index_0__.npy", dtype, 1)
                .bytes("__values_columns_0__.npy", Parts.npy("<i8", longs(7), 1))
                .array("__blocks_0__.npy", "<i8", 1, 1)
                .meta(1)
                .archive(directory.resolve("index.npz"));
        try (Frame frame = Frames.open(allocator, file)) {
            JsonNode pandas = pandas(frame);
            assertThat(pandas.get("index_columns")).hasSize(isIndex ? 1 : 0);
            assertThat(pandas.at("/columns/1/field_name").asText()).isEqualTo("__index_level_0__");
            assertThat(pandas.at("/columns/1/name").isNull()).isEqualTo(isIndex);
            assertThat(pandas.at("/columns/0/name").isInt()).isEqualTo(!isIndex);
            assertThat(pandas.at("/column_indexes/0/pandas_type").asText()).isEqualTo(isIndex ? "int64" : "mixed");
        }
    }

    @Test
    void pandasLearnsDictionariesWithoutAnIndexType(BufferAllocator allocator) {
        try (FieldVector words = Roots.texts(allocator, "w", "x", "y");
                IntVector indices = Roots.indices(allocator, "c", 1, 0, 1);
                VectorSchemaRoot root = Roots.root(indices);
                Frame frame = Frame.of(root, Roots.dictionaries(indices, words));
                ArrowReader reader = frame.reader(1)) {
            assertThat(frame.interchangeSchema().getCustomMetadata().get(Interchange.PANDAS_KEY))
                    .contains("categorical")
                    .contains("int32");
            assertThat(reader.getDictionaryIds()).containsExactly(1L);
            assertThat(reader.lookup(1).getVector().getValueCount()).isEqualTo(2);
            assertThat(reader.bytesRead()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
