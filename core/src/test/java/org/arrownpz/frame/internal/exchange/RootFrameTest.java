package org.arrownpz.frame.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.SlicedReader;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Labels of frames over roots of the caller's own. */
@ExtendWith(LeakCheck.class)
class RootFrameTest {
    @TempDir
    Path directory;

    private Frame written(Frame frame, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("frame.npz");
        Frames.write(frame, file, WriteOptions.defaults());
        return Frames.open(allocator, file);
    }

    @Test
    void everyFieldIsAColumnUnderAnAutomaticIndex(BufferAllocator allocator) {
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "a", 1, 2), Roots.texts(allocator, "ä", "x", "y"));
                Frame frame = Frame.of(root)) {
            assertThat(frame.columnNames()).containsExactly("a", "ä");
            assertThat(frame.index().isAuto()).isTrue();
            assertThat(frame.indexLevels()).isZero();
            assertThat(frame.name()).isEqualTo(Label.NONE);
            assertThat(frame.columns().label(1)).isEqualTo(Label.of("ä"));
            assertThat(frame.columns().labels().get(0).dtype().str()).isEqualTo("<U1");
            assertThat(frame.copyReport().notes()).isEmpty();
        }
    }

    @Test
    void closingTheFrameLeavesTheRootOpen(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", 1, 2))) {
            Frame.of(root).close();
            assertThat(Roots.values(root.getVector(0))).containsExactly(1L, 2L);
        }
    }

    @Test
    void refusesDuplicateNamesAndListsThem(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(
                Roots.longs(allocator, "a", 1),
                Roots.longs(allocator, "b", 1),
                Roots.longs(allocator, "a", 1),
                Roots.longs(allocator, "c", 1),
                Roots.longs(allocator, "c", 1))) {
            assertThatThrownBy(() -> Frame.of(root))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[a, c]");
        }
    }

    @Test
    void refusesNamesThatAreUnknownDoubledOrNone(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", 1), Roots.longs(allocator, "b", 1));
                Frame frame = Frame.of(root)) {
            assertThatThrownBy(() -> frame.withIndex("a", "z")).hasMessageContaining("[z]");
            assertThatThrownBy(() -> frame.withIndex("a", "a")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(frame::withIndex).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> frame.select("z")).hasMessageContaining("[z]");
            assertThatThrownBy(() -> frame.select("b", "b")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @DisplayName("A10: StaticFrame opens no file of such an index")
    void refusesAnIndexWhoseLabelsAreNotUniqueAndNamesTheFirstDouble(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "y", 0, 1, 0, 1),
                        Roots.texts(allocator, "t", "a", "b", "a", null),
                        Roots.texts(allocator, "n", "a", null, "b", null),
                        Roots.longs(allocator, "k", 3, 2, 1, 0),
                        Roots.doubles(allocator, "d", Double.NaN, -0.5, 1, Double.NaN));
                Frame frame = Frame.of(root)) {
            for (String[] names : new String[][] {{"y"}, {"t"}, {"n"}, {"d"}, {"y", "t"}}) {
                assertThatThrownBy(() -> frame.withIndex(names)).isInstanceOfSatisfying(NpzException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.FRAME_LABELS);
                    assertThat(refused).hasMessageContaining("not unique");
                });
            }
            assertThatThrownBy(() -> frame.withIndex("y")).hasMessageContaining("'0' in rows 0 and 2");
            assertThatThrownBy(() -> frame.withIndex("n")).hasMessageContaining("null in rows 1 and 3");
            assertThatThrownBy(() -> frame.withIndex("y", "t")).hasMessageContaining("('0', 'a') in rows 0 and 2");
            for (String[] names : new String[][] {{"k"}, {"d", "t"}, {"y", "k", "d"}}) {
                assertThat(frame.withIndex(names).indexLevels()).isEqualTo(names.length);
            }
        }
    }

    @Test
    void tellsManyLabelsApart(BufferAllocator allocator) throws Exception {
        long[] numbers = LongStream.range(0, 100_000).map(i -> i << 40 ^ i * 31).toArray();
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "k", numbers));
                Frame frame = Frame.of(root)) {
            assertThat(frame.withIndex("k").indexLevels()).isOne();
        }
        numbers[99_999] = numbers[7];
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "k", numbers));
                Frame frame = Frame.of(root)) {
            assertThatThrownBy(() -> frame.withIndex("k")).hasMessageContaining("in rows 7 and 99999");
        }
    }

    static Stream<Arguments> indexClasses() {
        return Stream.of(
                Arguments.of(new ArrowType.Date(DateUnit.DAY), null, IndexType.DATE),
                Arguments.of(new ArrowType.Date(DateUnit.MILLISECOND), null, IndexType.MILLISECOND),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.SECOND, null), null, IndexType.SECOND),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.MILLISECOND, null), null, IndexType.MILLISECOND),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"), null, IndexType.MICROSECOND),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.NANOSECOND, null), null, IndexType.NANOSECOND),
                Arguments.of(new ArrowType.Date(DateUnit.DAY), "<M8[Y]", IndexType.YEAR),
                Arguments.of(new ArrowType.Date(DateUnit.DAY), "<M8[M]", IndexType.YEAR_MONTH),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.SECOND, null), "<M8[m]", IndexType.MINUTE),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.SECOND, null), "<M8[h]", IndexType.HOUR),
                Arguments.of(new ArrowType.Int(64, true), null, IndexType.INDEX),
                Arguments.of(ArrowType.Utf8.INSTANCE, null, IndexType.INDEX));
    }

    @ParameterizedTest
    @MethodSource("indexClasses")
    void indexHasTheClassThatStaticFrameRequires(
            ArrowType type, String dtype, IndexType expected, BufferAllocator allocator) throws NpzException {
        Map<String, String> hint = dtype == null ? Map.of() : Map.of("numpy.dtype", dtype);
        FieldVector labels =
                new Field("label", new FieldType(true, type, null, hint), List.of()).createVector(allocator);
        labels.allocateNew();
        labels.setValueCount(0);
        try (VectorSchemaRoot root = Roots.root(labels, Roots.longs(allocator, "v"));
                Frame frame = Frame.of(root).withIndex("label")) {
            assertThat(frame.index().indexClass()).isEqualTo(IndexClass.of(expected));
            assertThat(frame.index().name()).isEqualTo(Label.of("label"));
        }
    }

    @Test
    void namesAndHierarchyComeBackFromTheFile(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(
                        Roots.doubles(allocator, "price", 1.5, 2.5),
                        Roots.texts(allocator, "ticker", "A", "B"),
                        Roots.longs(allocator, "day", 7, 8));
                Frame frame = Frame.of(root)
                        .withIndex("day", "ticker")
                        .withColumnsName("field")
                        .withName("prices");
                Frame read = written(frame, allocator)) {
            assertThat(read.name()).isEqualTo(Label.of("prices"));
            assertThat(read.columns().name()).isEqualTo(Label.of("field"));
            assertThat(read.index().indexClass()).isEqualTo(IndexClass.HIERARCHY);
            assertThat(read.index().depth()).isEqualTo(2);
            assertThat(read.index().name()).isEqualTo(Label.tuple(List.of(Label.of("day"), Label.of("ticker"))));
            assertThat(read.root().getSchema().getFields().stream().map(Field::getName))
                    .containsExactly("day", "ticker", "price");
            assertThat(read.columnNames()).containsExactly("price");
            assertThat(Roots.values(read.root().getVector("ticker"))).containsExactly("A", "B");
        }
    }

    @Test
    void formerIndexIsDroppedByANewOne(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "a", 1),
                        Roots.longs(allocator, "b", 2),
                        Roots.longs(allocator, "c", 3));
                Frame frame = Frame.of(root).withIndex("a").withIndex("b")) {
            assertThat(frame.root().getSchema().getFields().stream().map(Field::getName))
                    .containsExactly("b", "c");
            try (Frame read = written(frame, allocator)) {
                assertThat(read.columnNames()).containsExactly("c");
            }
        }
    }

    @Test
    void indexWithNullsIsHiddenFromStaticFrameAndComesBack(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(
                        Roots.texts(allocator, "key", "x", null, "z"), Roots.longs(allocator, "v", 1, 2, 3));
                Frame frame = Frame.of(root).withIndex("key");
                Frame read = written(frame, allocator)) {
            assertThat(read.indexLevels()).isEqualTo(1);
            assertThat(read.index().name()).isEqualTo(Label.of("key"));
            assertThat(Roots.values(read.root().getVector("key"))).isEqualTo(Arrays.asList("x", null, "z"));
            assertThat(read.columnNames()).containsExactly("v");
        }
    }

    @ParameterizedTest
    @MethodSource("indicesThatRepeat")
    @DisplayName("A10: StaticFrame opens a table whose own index repeats, without that index")
    void indexThatRepeatsIsHiddenFromStaticFrameAndComesBack(String name, boolean chunked, BufferAllocator allocator)
            throws Exception {
        String columns = Stream.of("y", "t", "d", "b", "v")
                .map(field -> "{\"name\": \"" + field + "\", \"field_name\": \"" + field + "\"}")
                .collect(Collectors.joining(", "));
        String pandas = "{\"index_columns\": [\"" + name + "\"], \"columns\": [" + columns + "]}";
        Path file = directory.resolve("repeats.npz");
        List<Object> labels;
        try (VectorSchemaRoot root = Roots.root(
                Map.of("pandas", pandas, "user", "kept"),
                Roots.longs(allocator, "y", 0, 1, 2, 1),
                Roots.texts(allocator, "t", "a", "b", "c", "b"),
                Roots.doubles(allocator, "d", 0.0, 1, 2, -0.0),
                bits(allocator, "b", 1, 0, 1, 1),
                Roots.longs(allocator, "v", 3, 4, 5, 6))) {
            labels = Roots.values(root.getVector(name));
            if (chunked) {
                try (ArrowReader reader = new SlicedReader(allocator, root, 3, 0, 1)) {
                    assertThat(Frames.write(reader, file, WriteOptions.defaults())
                                    .columnsHiddenFromNumpy())
                            .containsExactly(name);
                }
            } else {
                assertThat(Frames.write(root, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                        .containsExactly(name);
            }
        }
        try (ZipFile archive = new ZipFile(file.toFile())) {
            assertThat(archive.getEntry("__values_index_0__.npy")).isNull();
        }
        try (Frame read = Frames.open(allocator, file)) {
            assertThat(read.indexLevels()).isOne();
            assertThat(read.index().name()).isEqualTo(Label.of(name));
            assertThat(Roots.values(read.root().getVector(name))).isEqualTo(labels);
            Map<String, String> metadata = read.interchangeSchema().getCustomMetadata();
            assertThat(metadata).containsEntry("user", "kept");
            assertThat(metadata.get("pandas")).containsPattern("\"index_columns\": ?\\[\"" + name + "\"\\]");
        }
    }

    @Test
    void rowsThatAreTakenTwiceHideTheirIndex(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "y", 5, 3, 4), Roots.longs(allocator, "v", 1, 2, 3));
                Frame plain = Frame.of(root);
                Frame frame = plain.withIndex("y");
                Frame once = frame.take(2, 0);
                Frame twice = frame.take(2, 0, 2)) {
            Path file = directory.resolve("taken.npz");
            assertThat(Frames.write(frame, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                    .isEmpty();
            assertThat(Frames.write(once, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                    .isEmpty();
            assertThat(Frames.write(twice, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                    .containsExactly("y");
            try (Frame read = Frames.open(allocator, file)) {
                assertThat(Frames.write(read, file, WriteOptions.defaults()).columnsHiddenFromNumpy())
                        .containsExactly("y");
            }
        }
    }

    private static FieldVector bits(BufferAllocator allocator, String name, int... values) {
        BitVector vector = new BitVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    static Stream<Arguments> indicesThatRepeat() {
        return Stream.of("y", "t", "d", "b").flatMap(name -> Stream.of(arguments(name, false), arguments(name, true)));
    }

    @Test
    void ownKeyRestoresTheFrameAndLeavesTheUsersMetadata(BufferAllocator allocator) throws NpzException {
        try (VectorSchemaRoot root = Roots.root(
                        Map.of("user", "yes"), Roots.longs(allocator, "i", 1, 2), Roots.longs(allocator, "v", 3, 4));
                Frame frame = Frame.of(root).withIndex("i").withName("n");
                Frame back = Frame.of(frame.interchangeRoot())) {
            assertThat(back.name()).isEqualTo(Label.of("n"));
            assertThat(back.indexLevels()).isEqualTo(1);
            assertThat(back.copyReport().notes()).isEmpty();
            assertThat(back.schema().getCustomMetadata()).isEqualTo(Map.of("user", "yes"));
            assertThat(frame.interchangeRoot()).isSameAs(frame.interchangeRoot());
            assertThat(frame.interchangeRoot().getVector(0))
                    .isSameAs(frame.root().getVector(0));
        }
    }

    @Test
    void ownKeyThatContradictsTheSchemaIsDroppedWithANote(BufferAllocator allocator) throws NpzException {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "i", 1, 2), Roots.longs(allocator, "v", 3, 4));
                Frame frame = Frame.of(root).withName("n")) {
            Map<String, String> metadata = frame.interchangeSchema().getCustomMetadata();
            VectorSchemaRoot changed = new VectorSchemaRoot(
                    new Schema(root.getSchema().getFields().subList(0, 1), metadata), List.of(root.getVector(0)), 2);
            try (Frame back = Frame.of(changed)) {
                assertThat(back.name()).isEqualTo(Label.NONE);
                assertThat(back.copyReport().notes())
                        .anySatisfy(
                                note -> assertThat(note).contains("arrow_npz").contains("dropped"));
                assertThat(back.columnNames()).containsExactly("i");
            }
        }
    }

    @Test
    void damagedOwnKeyIsDroppedWithANote(BufferAllocator allocator) {
        try (VectorSchemaRoot root =
                        Roots.root(Map.of("arrow_npz", "{\"version\": 1"), Roots.longs(allocator, "a", 1));
                Frame frame = Frame.of(root)) {
            assertThat(frame.columnNames()).containsExactly("a");
            assertThat(frame.copyReport().notes()).isNotEmpty();
        }
    }

    @Test
    void pandasKeyGivesIndexAndNames(BufferAllocator allocator) {
        String pandas = "{\"index_columns\": [\"k\"], \"column_indexes\": [{\"name\": \"cols\", \"field_name\": null,"
                + " \"pandas_type\": \"unicode\", \"numpy_type\": \"object\", \"metadata\": null}],"
                + " \"columns\": [{\"name\": \"v\", \"field_name\": \"v\", \"pandas_type\": \"int64\","
                + " \"numpy_type\": \"int64\", \"metadata\": null}, {\"name\": \"k\", \"field_name\": \"k\","
                + " \"pandas_type\": \"int64\", \"numpy_type\": \"int64\", \"metadata\": null}],"
                + " \"creator\": {\"library\": \"pyarrow\", \"version\": \"18.0.0\"}, \"pandas_version\": \"2.2.0\"}";
        try (VectorSchemaRoot root = Roots.root(
                        Map.of("pandas", pandas),
                        Roots.longs(allocator, "v", 3, 4),
                        Roots.longs(allocator, "k", 1, 2));
                Frame frame = Frame.of(root)) {
            assertThat(frame.index().name()).isEqualTo(Label.of("k"));
            assertThat(frame.columnNames()).containsExactly("v");
            assertThat(frame.columns().name()).isEqualTo(Label.of("cols"));
        }
    }

    @Test
    void rangeIndexOfPandasIsAutomaticOrMaterialised(BufferAllocator allocator) throws Exception {
        for (int start : new int[] {0, 5}) {
            String pandas = "{\"index_columns\": [{\"kind\": \"range\", \"name\": null, \"start\": " + start
                    + ", \"stop\": " + (start + 2) + ", \"step\": 1}], \"column_indexes\": [], \"columns\":"
                    + " [{\"name\": \"v\", \"field_name\": \"v\", \"pandas_type\": \"int64\", \"numpy_type\":"
                    + " \"int64\", \"metadata\": null}], \"pandas_version\": \"2.2.0\"}";
            try (VectorSchemaRoot root = Roots.root(Map.of("pandas", pandas), Roots.longs(allocator, "v", 3, 4));
                    Frame frame = Frame.of(root)) {
                assertThat(frame.index().isAuto()).isEqualTo(start == 0);
                if (start == 5) {
                    assertThat(Roots.values(frame.root().getVector(0))).containsExactly(5L, 6L);
                }
            }
        }
    }

    @Test
    void incompletePandasKeyIsDroppedWithANote(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(
                        new HashMap<>(Map.of("pandas", "{\"index_columns\": [\"gone\"]}")),
                        Roots.longs(allocator, "v", 3, 4));
                Frame frame = Frame.of(root)) {
            assertThat(frame.index().isAuto()).isTrue();
            assertThat(frame.copyReport().notes())
                    .anySatisfy(note -> assertThat(note).contains("pandas"));
        }
    }

    @Test
    void rootWithoutColumnsIsAFrameWithoutColumns(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(List.of()), List.of(), 0);
                Frame frame = Frame.of(root);
                Frame read = written(frame, allocator)) {
            assertThat(read.columnNames()).isEmpty();
            assertThat(read.rowCount()).isZero();
        }
    }
}
