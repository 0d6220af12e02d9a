package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.label.Label;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.file.ParquetFooter;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a written file says of its columns to those who do not know this library. */
@ExtendWith(LeakCheck.class)
class ParquetForClientsTest extends ParquetFiles {
    private static final DictionaryEncoding ORDERED = new DictionaryEncoding(3, true, new ArrowType.Int(8, true));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "duration ns|Duration(NANOSECOND)",
                "large utf8|LargeUtf8",
                "utf8 view|Utf8",
                "date64|Date(DAY)",
                "time s|Time(MILLISECOND, 32)",
                "timestamp s|Timestamp(MILLISECOND, null)",
                "timestamp s zone|Timestamp(MILLISECOND, Europe/Berlin)",
                "timestamp us zone|Timestamp(MICROSECOND, Asia/Tokyo)",
                "months|Int(32, true)",
                "month day nano|Struct<months: Int(32, true), days: Int(32, true), nanoseconds: Int(64, true)>",
                "decimal256|Utf8",
                "decimal256 short|Decimal(20, 3, 256)",
                "decimal negative scale|Utf8",
                "fixed list|List<element: Int(32, true)>",
                "fixed list of nothing|List<element: Int(32, true)>",
                "large list|LargeList<element: Int(32, true)>",
                "list view|List<element: Int(32, true)>",
                "run ends|Utf8",
            })
    void declaresTypesAsAllClientsReadThem(String name, String type, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        Field field = TypeZoo.fields().stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        VectorSchemaRoot root =
                new VectorSchemaRoot(new Schema(List.of(field)), List.of(TypeZoo.vector(field, 5, allocator)), 5);
        try (root) {
            Parquet.write(root, path, OPTIONS);
        }
        assertThat(seen(path, allocator)).hasToString(name + ": " + type);
    }

    @Test
    void declaresFixedSizeListsWhereNoneIsMissing(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        Field item = new Field("item", FieldType.nullable(new ArrowType.Int(32, true)), null);
        Field field = new Field("x", FieldType.notNullable(new ArrowType.FixedSizeList(3)), List.of(item));
        VectorSchemaRoot root =
                new VectorSchemaRoot(new Schema(List.of(field)), List.of(TypeZoo.vector(field, 5, allocator)), 5);
        try (root) {
            Parquet.write(root, path, OPTIONS);
        }
        assertThat(seen(path, allocator)).hasToString("x: FixedSizeList(3)<element: Int(32, true)>");
    }

    /** pandas finds its index in them, and other readers take them from nowhere else. */
    @Test
    void declaresTheMetadataOfTheTableForReadersThatTakeThemFromTheArrowSchema(BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve("a.parquet");
        Field field = new Field("x", FieldType.nullable(new ArrowType.Int(32, true)), null);
        Map<String, String> metadata = Map.of("pandas", "{}", "user", "ö", "empty", "");
        VectorSchemaRoot root = new VectorSchemaRoot(
                new Schema(List.of(field), metadata), List.of(TypeZoo.vector(field, 5, allocator)), 5);
        try (root) {
            Parquet.write(root, path, OPTIONS);
        }
        assertThat(schema(path, allocator).getCustomMetadata()).containsExactlyInAnyOrderEntriesOf(metadata);
    }

    /** The field as the native reader gives it, which is that of pyarrow. */
    private static Field seen(Path path, BufferAllocator allocator) {
        return schema(path, allocator).getFields().get(0);
    }

    private static Schema schema(Path path, BufferAllocator allocator) {
        try (FileSystemDatasetFactory factory = new FileSystemDatasetFactory(
                allocator,
                NativeMemoryPool.getDefault(),
                FileFormat.PARQUET,
                path.toUri().toString())) {
            return factory.inspect();
        }
    }

    @Test
    void keepsTheOrderOfADictionaryAndWhatIsUnusedInItForOthers(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (VarCharVector words = words(allocator, "low", null, "mid", "high");
                TinyIntVector column = indices("x", allocator, 3, 0, 1)) {
            MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, ORDERED));
            Parquet.write(new VectorSchemaRoot(List.of((FieldVector) column)), provider, path, OPTIONS);
        }
        withoutOwnSchema(path);
        try (ParquetFile file = Parquet.read(allocator, path)) {
            Frame frame = file.frame();
            DictionaryEncoding read = frame.root().getVector(0).getField().getDictionary();
            assertThat(read.isOrdered()).isTrue();
            assertThat(read.getIndexType()).isEqualTo(ORDERED.getIndexType());
            assertThat(strings(frame.dictionaries().lookup(read.getId()).getVector()))
                    .containsExactly("low", "mid", "high");
            assertThat(strings(frame.root().getVector(0))).containsExactly("2", "0", "null");
        }
    }

    @Test
    void restoresStructsWithDictionariesExactly(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        Field x = new Field("x", new FieldType(false, ORDERED.getIndexType(), ORDERED, Map.of("k", "v")), null);
        Field y = new Field("y", FieldType.nullable(new ArrowType.LargeUtf8()), null);
        Field field =
                new Field("c", new FieldType(false, new ArrowType.Struct(), null, Map.of("a", "b")), List.of(x, y));
        try (VarCharVector words = words(allocator, "q", "p");
                StructVector column = (StructVector) field.createVector(allocator)) {
            column.allocateNew();
            ((TinyIntVector) column.getChild("x")).setSafe(0, 1);
            column.setIndexDefined(0);
            column.setValueCount(1);
            MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, ORDERED));
            Parquet.write(
                    new VectorSchemaRoot(List.of(field), List.of((FieldVector) column), 1), provider, path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path)) {
            assertThat(file.schema().getFields()).containsExactly(field);
            assertThat(strings(file.frame().dictionaries().lookup(3).getVector()))
                    .containsExactly("q", "p");
            assertThat(file.frame().root().getVector(0).getObject(0)).hasToString("{\"x\":1}");
        }
    }

    @Test
    void restoresADictionaryThatIsTooLargeForTheMetadata(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        byte[] letters = "x".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
        DictionaryEncoding wide = new DictionaryEncoding(9, false, new ArrowType.Int(32, true));
        Field field = new Field("c", new FieldType(false, wide.getIndexType(), wide, Map.of("a", "b")), null);
        int count = 20_000;
        try (VarCharVector words = new VarCharVector("words", allocator);
                FieldVector column = field.createVector(allocator)) {
            for (int i = 0; i < count; i++) {
                letters[0] = (byte) ('a' + i % 26);
                letters[1] = (byte) ('a' + i / 26 % 26);
                letters[2] = (byte) ('a' + i / 676 % 30);
                words.setSafe(i, letters);
                ((IntVector) column).setSafe(i, i);
            }
            words.setValueCount(count);
            column.setValueCount(count);
            MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, wide));
            Parquet.write(new VectorSchemaRoot(List.of(column)), provider, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                Frame frame = file.frame();
                assertThat(file.schema().getFields()).containsExactly(field);
                assertThat(strings(frame.dictionaries().lookup(9).getVector())).isEqualTo(strings(words));
                assertThat(strings(frame.root().getVector(0))).isEqualTo(strings(column));
            }
        }
    }

    @Test
    void keepsNamesWithNulAndTheLabelsOfTheirFrame(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        Field struct = new Field(
                "s\0",
                FieldType.nullable(new ArrowType.Struct()),
                List.of(
                        TypeZoo.field("x\0y", new ArrowType.Int(32, true)),
                        TypeZoo.field("x\0z", new ArrowType.Int(32, true))));
        List<Field> fields = List.of(
                TypeZoo.field("a\0b", new ArrowType.Int(64, true)),
                TypeZoo.field("a\0\uE000c", new ArrowType.Utf8()),
                struct);
        List<FieldVector> vectors = new ArrayList<>();
        fields.forEach(field -> vectors.add(TypeZoo.vector(field, 4, allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields, Map.of("k\0", "v\0")), vectors, 4);
                Frame frame = Frame.of(root).withName("n\0").withColumnsName("c\0")) {
            Parquet.write(frame, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                assertThat(file.frame().columnNames()).isEqualTo(frame.columnNames());
                assertThat(file.frame().name()).isEqualTo(Label.of("n\0"));
                assertThat(file.frame().columns().name()).isEqualTo(Label.of("c\0"));
                assertThat(file.schema().getFields()).isEqualTo(fields);
                assertThat(file.schema().getCustomMetadata()).containsEntry("k\0", "v\0");
                assertThat(strings(file.frame().root().getVector(1))).isEqualTo(strings(root.getVector(1)));
            }
        }
        assertThat(seen(path, allocator).getName()).isEqualTo("a\0b");
    }

    @Test
    void refusesIndicesThatTheirDictionaryDoesNotHave(BufferAllocator allocator) {
        try (VarCharVector words = words(allocator, "a");
                TinyIntVector column = indices("x", allocator, 0, 1)) {
            MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, ORDERED));
            VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) column));
            assertThatThrownBy(() -> Parquet.write(root, provider, directory.resolve("a.parquet"), OPTIONS))
                    .isInstanceOfSatisfying(NpzException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                        assertThat(e).hasMessageContaining("'x'").hasMessageContaining("row 1");
                    });
        }
    }

    @Test
    void refusesMillisecondDatesThatAreNoWholeDays(BufferAllocator allocator) {
        try (DateMilliVector column = new DateMilliVector("x", allocator)) {
            column.setSafe(0, 86_400_000L);
            column.setSafe(1, 1);
            column.setValueCount(2);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) column));
            assertThatThrownBy(() -> Parquet.write(root, directory.resolve("a.parquet"), OPTIONS))
                    .isInstanceOfSatisfying(NpzException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                        assertThat(e).hasMessageContaining("whole day").hasMessageContaining("row 1");
                    });
        }
    }

    private static void withoutOwnSchema(Path path) throws IOException {
        Location location = Location.ofFile(path.toString());
        Map<String, String> metadata =
                new LinkedHashMap<>(ParquetFooter.read(path, location).metadata());
        assertThat(metadata.remove(StoredSchema.KEY)).isNotNull();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ParquetFooter.replaceMetadata(channel, metadata, location);
        }
    }

    private static VarCharVector words(BufferAllocator allocator, String... words) {
        VarCharVector vector = new VarCharVector("words", allocator);
        for (int i = 0; i < words.length; i++) {
            if (words[i] != null) {
                vector.setSafe(i, words[i].getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(words.length);
        return vector;
    }

    private static TinyIntVector indices(String name, BufferAllocator allocator, int... indices) {
        FieldType type = new FieldType(true, ORDERED.getIndexType(), ORDERED);
        TinyIntVector vector = new TinyIntVector(name, type, allocator);
        for (int i = 0; i < indices.length; i++) {
            vector.setSafe(i, indices[i]);
        }
        vector.setValueCount(indices.length);
        return vector;
    }

    private static List<String> strings(FieldVector vector) {
        return IntStream.range(0, vector.getValueCount())
                .mapToObj(row -> String.valueOf(vector.getObject(row)))
                .toList();
    }
}
