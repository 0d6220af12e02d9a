package org.arrownpz.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.dataset.jni.JniLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.arrownpz.Durability;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Label;
import org.arrownpz.memory.Buffers;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.VectorValidation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class ParquetRoundTripTest {
    private static final ParquetOptions OPTIONS = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        JniLoader.get().ensureLoaded();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 8, 0})
    void restoresEveryType(int rows, BufferAllocator allocator) throws IOException {
        roundTrip(TypeZoo.fields(), rows, allocator);
    }

    @Test
    void restoresRequiredColumnsOfEveryType(BufferAllocator allocator) throws IOException {
        List<Field> required = new ArrayList<>();
        for (Field field : TypeZoo.fields()) {
            boolean nullable = field.getType() instanceof ArrowType.Null;
            FieldType type = new FieldType(nullable, field.getType(), null, field.getMetadata());
            required.add(new Field(field.getName(), type, field.getChildren()));
        }
        roundTrip(required, 20, allocator);
    }

    @Test
    void writesColumnsThatHaveNoAllocator(BufferAllocator allocator) throws IOException {
        roundTrip(List.of(TypeZoo.fields().get(0)), 3, allocator);
    }

    private void roundTrip(List<Field> fields, int rows, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a b%20c.parquet");
        List<FieldVector> vectors = new ArrayList<>();
        fields.forEach(field -> vectors.add(TypeZoo.vector(field, rows, allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields, Map.of("mine", "ä")), vectors, rows)) {
            Parquet.write(root, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                same(file.frame().root(), root);
                assertThat(file.frame().root().getSchema().getCustomMetadata()).containsOnly(Map.entry("mine", "ä"));
            }
            try (ParquetFile file = Parquet.read(allocator, path)) {
                ArrowReader reader = file.reader();
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                boolean more = reader.loadNextBatch();
                assertThat(more).isEqualTo(rows > 0);
                same(batch, root);
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    private static void same(VectorSchemaRoot read, VectorSchemaRoot written) {
        for (int i = 0; i < written.getFieldVectors().size(); i++) {
            Field field = written.getSchema().getFields().get(i);
            sameField(read.getSchema().getFields().get(i), field);
            if (isValid(written.getVector(i))) {
                VectorValidation.validateFull(read.getVector(i));
            }
            assertThat(values(read.getVector(i))).as(field.getName()).isEqualTo(values(written.getVector(i)));
        }
    }

    /** Arrow's validation knows no maps and no negative scales. */
    private static boolean isValid(FieldVector vector) {
        try {
            VectorValidation.validateFull(vector);
            return true;
        } catch (ValidateUtil.ValidateException e) {
            return false;
        }
    }

    private static void sameField(Field read, Field written) {
        // Arrow's list vectors rename their elements.
        assertThat(read.getName()).isIn(written.getName(), "$data$");
        assertThat(read.getFieldType()).as(written.getName()).isEqualTo(written.getFieldType());
        assertThat(read.getMetadata()).as(written.getName()).isEqualTo(written.getMetadata());
        assertThat(read.getChildren()).hasSameSizeAs(written.getChildren());
        for (int i = 0; i < written.getChildren().size(); i++) {
            sameField(read.getChildren().get(i), written.getChildren().get(i));
        }
    }

    private static List<Object> values(FieldVector vector) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            Object value = vector.getObject(row);
            values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
        }
        return values;
    }

    @Test
    void restoresLabelsNamesAndIndexOfAnNpzFrame(BufferAllocator allocator) throws IOException {
        Path npz = directory.resolve("a.npz");
        Path parquet = directory.resolve("a.parquet");
        Path again = directory.resolve("b.npz");
        try (VectorSchemaRoot root = prices(1000, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("prices").withColumnsName("what")) {
            Frames.write(frame, npz, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            Parquet.write(frame, parquet, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, parquet)) {
            assertThat(file.frame().name()).isEqualTo(Label.of("prices"));
            assertThat(file.frame().columns().name()).isEqualTo(Label.of("what"));
            assertThat(file.frame().columnNames()).containsExactly("price", "name");
            assertThat(file.frame().indexLevels()).isEqualTo(1);
            Frames.write(file.frame(), again, WriteOptions.defaults());
        }
        assertThat(again).hasSameBinaryContentAs(npz);
    }

    private static VectorSchemaRoot prices(int rows, BufferAllocator allocator) {
        BigIntVector key = new BigIntVector("key", allocator);
        Float8Vector price = new Float8Vector("price", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < rows; i++) {
            key.setSafe(i, i * 10L);
            price.setSafe(i, i % 5 == 3 ? Double.NaN : i / 3.0);
            name.setSafe(i, ("näme " + i).getBytes(StandardCharsets.UTF_8));
        }
        List<FieldVector> vectors = List.of(key, price, name);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
    }

    @Test
    void joinsRowGroupsAndWritesAllBatchesOfAReader(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("many.parquet");
        try (VectorSchemaRoot root = prices(100_000, allocator);
                Frame frame = Frame.of(root)) {
            try (ArrowReader reader = frame.reader(30_011)) {
                Parquet.write(reader, path, OPTIONS);
            }
            try (ParquetFile file = Parquet.read(allocator, path)) {
                VectorSchemaRoot again = file.frame().root();
                assertThat(again.getRowCount()).isEqualTo(100_000);
                for (int row = 0; row < 100_000; row += 997) {
                    for (FieldVector column : root.getFieldVectors()) {
                        assertThat(again.getVector(column.getName()).getObject(row))
                                .isEqualTo(column.getObject(row));
                    }
                }
            }
        }
    }

    @Test
    void readsSelectedColumnsInTheOrderAskedFor(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = prices(10, allocator)) {
            Parquet.write(root, path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path, "name", "key")) {
            assertThat(file.frame().columnNames()).containsExactly("name", "key");
            assertThat(file.frame().rowCount()).isEqualTo(10);
        }
        assertThatThrownBy(() -> Parquet.read(allocator, path, "key", "volume"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("volume");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restoresDictionaries(boolean nested, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        DictionaryEncoding encoding = new DictionaryEncoding(7, nested, new ArrowType.Int(8, true));
        try (VarCharVector words = new VarCharVector("words", allocator);
                VarCharVector column = new VarCharVector("column", allocator)) {
            for (int i = 0; i < 4; i++) {
                words.setSafe(i, ("word " + (4 - i)).getBytes(StandardCharsets.UTF_8));
            }
            words.setValueCount(4);
            for (int i = 0; i < 9; i++) {
                if (i != 5) {
                    column.setSafe(i, words.get(i % 3));
                }
            }
            column.setValueCount(9);
            Dictionary dictionary = new Dictionary(words, encoding);
            MapDictionaryProvider provider = new MapDictionaryProvider(dictionary);
            try (FieldVector encoded = (FieldVector) DictionaryEncoder.encode(column, dictionary)) {
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(encoded));
                Parquet.write(root, provider, path, OPTIONS);
                try (ParquetFile file = Parquet.read(allocator, path)) {
                    FieldVector again = file.frame().root().getVector(0);
                    Dictionary read = file.frame().dictionaries().lookup(7);
                    assertThat(again.getField()).isEqualTo(encoded.getField());
                    assertThat(values(again)).isEqualTo(values(encoded));
                    assertThat(values(read.getVector())).isEqualTo(values(words));
                    assertThat(read.getEncoding()).isEqualTo(encoding);
                }
            }
        }
    }

    @Test
    void refusesUnionsByNameBeforeAnythingIsWritten(BufferAllocator allocator) {
        Path path = directory.resolve("a.parquet");
        Field union = new Field(
                "either",
                FieldType.nullable(new ArrowType.Union(UnionMode.Dense, new int[] {0})),
                List.of(TypeZoo.field("a", new ArrowType.Int(32, true))));
        Field struct = new Field("both", FieldType.nullable(new ArrowType.Struct()), List.of(union));
        try (FieldVector plain = new IntVector("plain", allocator);
                FieldVector first = new DenseUnionVector("either", allocator, union.getFieldType(), null);
                FieldVector second = struct.createVector(allocator)) {
            VectorSchemaRoot root =
                    new VectorSchemaRoot(List.of(plain.getField(), union, struct), List.of(plain, first, second), 0);
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("either (Union)")
                    .hasMessageContaining("both.either (Union)")
                    .hasMessageNotContaining("plain");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesMapsWithNullEntriesWhichWouldEndTheProcess(BufferAllocator allocator) {
        Field field = TypeZoo.fields().stream()
                .filter(candidate -> candidate.getName().equals("map"))
                .findFirst()
                .orElseThrow();
        FieldVector map = TypeZoo.vector(field, 14, allocator);
        map.getChildrenFromFields().get(0).setNull(1);
        Path target = directory.resolve("map.parquet");
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(map))) {
            assertThatThrownBy(() -> Parquet.write(root, target, ParquetOptions.defaults()))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("map")
                    .hasMessageContaining("null");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesSecondsThatDoNotFitMillisecondsAndKeepsTheFormerFile(BufferAllocator allocator) throws IOException {
        Path path = Files.writeString(directory.resolve("a.parquet"), "former");
        try (TimeStampSecVector column = new TimeStampSecVector("far", allocator)) {
            column.setSafe(0, 1);
            column.setSafe(1, Long.MAX_VALUE / 999);
            column.setValueCount(2);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) column));
            assertThatThrownBy(() -> Parquet.write(root, path, OPTIONS))
                    .isInstanceOfSatisfying(NpzException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                        assertThat(e.file()).isEqualTo(path.toString());
                    })
                    .hasMessageContaining("far");
        }
        assertThat(path).hasContent("former");
        assertThat(directory.toFile().list()).containsExactly("a.parquet");
    }

    @Test
    void namesTheFileThatCannotBeRead(BufferAllocator allocator) throws IOException {
        Path none = directory.resolve("none.parquet");
        Path text = Files.writeString(directory.resolve("text.parquet"), "hello, this is no Parquet file");
        Path good = directory.resolve("good.parquet");
        try (VectorSchemaRoot root = prices(50, allocator)) {
            Parquet.write(root, good, OPTIONS);
        }
        byte[] bytes = Files.readAllBytes(good);
        fails(allocator, none, ErrorCode.IO);
        fails(allocator, text, ErrorCode.META_SCHEMA);
        fails(allocator, Files.write(directory.resolve("short"), Arrays.copyOf(bytes, 5)), ErrorCode.DATA_TRUNCATED);
        fails(
                allocator,
                Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2)),
                ErrorCode.META_SCHEMA);
    }

    private static void fails(BufferAllocator allocator, Path path, ErrorCode code) {
        assertThatThrownBy(() -> Parquet.read(allocator, path).close())
                .isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.file()).isEqualTo(path.toString());
                });
    }

    @Test
    void givesTypedErrorsForDamagedFooters(BufferAllocator allocator) throws IOException {
        Path good = directory.resolve("good.parquet");
        try (VectorSchemaRoot root = prices(5, allocator)) {
            Parquet.write(root, good, OPTIONS);
        }
        byte[] bytes = Files.readAllBytes(good);
        Path bad = directory.resolve("bad.parquet");
        for (int at = bytes.length - 9; at > 8; at -= 7) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x55;
            Files.write(bad, damaged);
            try (ParquetFile file = Parquet.read(allocator, bad)) {
                file.frame();
            } catch (NpzException e) {
                assertThat(e.file()).startsWith(bad.toString());
            }
        }
    }

    @Test
    void copiesColumnsThatAreNotAlignedAndWritesTheirValues(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (BigIntVector column = new BigIntVector("x", allocator)) {
            try (var bytes = allocator.buffer(8 * 101)) {
                for (int i = 0; i < 100; i++) {
                    bytes.setLong(3 + 8L * i, i * 11L);
                }
                try (var validity = allocator.buffer(16)) {
                    validity.setOne(0, 16);
                    var values = Buffers.slice(bytes, 3, 800);
                    column.loadFieldBuffers(new ArrowFieldNode(100, 0), List.of(validity.writerIndex(13), values));
                    values.close();
                }
            }
            Parquet.write(new VectorSchemaRoot(List.of((FieldVector) column)), path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                assertThat(values(file.frame().root().getVector(0))).isEqualTo(values(column));
            }
        }
    }
}
