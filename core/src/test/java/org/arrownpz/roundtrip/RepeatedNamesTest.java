package org.arrownpz.roundtrip;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.ExactFieldType;
import org.arrownpz.vector.internal.gather.DictionaryValues;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Children of one name, which are one child to Arrow Java's own structs and unions. */
@DisplayName("A4: children of one name")
@ExtendWith(LeakCheck.class)
class RepeatedNamesTest {
    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType TEXT = new ArrowType.Utf8();
    private static final int ROWS = 20;

    @TempDir
    Path directory;

    private static Field struct() {
        return field("a", new ArrowType.Struct(), field("a", INT), field("b", INT), field("a", TEXT));
    }

    private static Field union(UnionMode mode) {
        // The numbers that Arrow Java has for these kinds, which the random values are made by.
        return field("a", new ArrowType.Union(mode, new int[] {4, 24}), field("a", INT), field("a", TEXT));
    }

    private static Field map() {
        Field entries = new Field(
                "entries",
                FieldType.notNullable(new ArrowType.Struct()),
                List.of(new Field("k", FieldType.notNullable(INT), null), field("k", TEXT)));
        return field("m", new ArrowType.Map(false), entries);
    }

    static Stream<Field> fields() {
        return Stream.of(
                struct(),
                union(UnionMode.Sparse),
                union(UnionMode.Dense),
                map(),
                field("l", new ArrowType.List(), struct()),
                field("l", new ArrowType.LargeList(), union(UnionMode.Sparse)),
                field("l", new ArrowType.FixedSizeList(2), struct()),
                field("s", new ArrowType.Struct(), struct(), struct(), union(UnionMode.Dense)));
    }

    /** All that a column holds, child by child: a map of names, as rows are objects, would hold one of a name. */
    private static List<Object> content(FieldVector vector) {
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.isEmpty() || vector instanceof UnionVector) {
            return new ArrayList<>(RandomVectors.values(vector));
        }
        List<Object> content = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            content.add(vector.isNull(row));
        }
        children.forEach(child -> content.add(content(child)));
        return content;
    }

    private static FieldVector filled(Field field, int rows, BufferAllocator allocator) {
        return new RandomVectors(allocator, 5, true).vector(ExactFieldType.of(field), rows);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void areKeptByVectors(Field field, BufferAllocator allocator) {
        try (FieldVector vector = filled(field, ROWS, allocator)) {
            assertThat(vector.getField()).isEqualTo(field);
            List<Object> before = content(vector);
            TransferPair moved = vector.getTransferPair(vector.getField(), allocator);
            moved.transfer();
            assertThat(vector.getValueCount()).isZero();
            try (FieldVector target = (FieldVector) moved.getTo()) {
                assertThat(target.getField()).isEqualTo(field);
                assertThat(content(target)).isEqualTo(before);
                TransferPair part = target.getTransferPair(allocator);
                part.splitAndTransfer(8, 5);
                try (FieldVector rows = (FieldVector) part.getTo()) {
                    assertThat(rows.getField()).isEqualTo(field);
                    assertThat(rows.getValueCount()).isEqualTo(5);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void areKeptByFrames(Field field, BufferAllocator allocator) throws IOException {
        for (int rows : new int[] {0, ROWS}) {
            Path file = directory.resolve("kept.npz");
            try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(filled(field, rows, allocator)))) {
                List<Object> before = content(root.getVector(0));
                Frames.write(root, file, WriteOptions.defaults());
                try (Frame frame = Frames.open(allocator, file);
                        Frame some = frame.take(rows == 0 ? new long[0] : new long[] {3, 19, 3});
                        Frame copy = frame.copy()) {
                    assertThat(frame.column(0).getField()).isEqualTo(field);
                    assertThat(content(frame.column(0))).isEqualTo(before);
                    assertThat(content(copy.column(0))).isEqualTo(before);
                    assertThat(some.column(0).getField()).isEqualTo(field);
                    Path twice = directory.resolve("twice.npz");
                    Map<String, ArrowReader> readers = new LinkedHashMap<>();
                    try (ArrowReader one = frame.reader(7);
                            ArrowReader other = some.reader(7)) {
                        readers.put("one", one);
                        readers.put("other", other);
                        try (ArrowReader all = Frames.concat(allocator, readers)) {
                            Frames.write(all, twice, WriteOptions.defaults());
                        }
                    }
                    try (Frame joined = Frames.open(allocator, twice);
                            Frame first = joined.take(Stream.iterate(0L, i -> i + 1)
                                    .limit(rows)
                                    .mapToLong(i -> i)
                                    .toArray())) {
                        assertThat(joined.rowCount()).isEqualTo(rows == 0 ? 0 : rows + 3);
                        assertThat(content(first.column(0))).isEqualTo(before);
                    }
                }
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void areKeptOfStructsThatArrowKeepsThemIn(BufferAllocator allocator) throws IOException {
        Path file = directory.resolve("foreign.npz");
        try (StructVector own = StructVector.emptyWithDuplicates("v", allocator)) {
            own.initializeChildrenFromFields(List.of(field("a", INT), field("a", INT)));
            for (int i = 0; i < 2; i++) {
                IntVector numbers = (IntVector) own.getChildrenFromFields().get(i);
                numbers.setSafe(0, 10 + i);
            }
            own.setIndexDefined(0);
            own.setValueCount(1);
            VectorSchemaRoot root = VectorSchemaRoot.of(own);
            Frames.write(root, file, WriteOptions.defaults());
            Path batches = directory.resolve("batches.npz");
            try (Frame frame = Frame.of(root);
                    ArrowReader reader = frame.reader(1)) {
                Frames.write(reader, batches, WriteOptions.defaults());
            }
            for (Path written : List.of(file, batches)) {
                try (Frame frame = Frames.open(allocator, written)) {
                    assertThat(content(frame.column(0))).isEqualTo(List.of(false, List.of(10), List.of(11)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void areRefusedWhereArrowHasMergedThem(Field field, BufferAllocator allocator) {
        Schema schema = new Schema(List.of(field));
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            root.setRowCount(0);
            assertThatThrownBy(() -> Frames.write(root, directory.resolve("merged.npz"), WriteOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of which several share a name. Give each a name of its own");
        }
    }

    @Test
    void areKeptWhereIndicesBecomeValues(BufferAllocator allocator) throws IOException {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        FieldType type = new FieldType(true, INT, encoding, Map.of("k", "v"));
        try (FieldVector values = filled(struct(), 2, allocator);
                IntVector indices = new IntVector("d", type, allocator)) {
            indices.setSafe(0, 1);
            indices.setNull(1);
            indices.setSafe(2, 0);
            indices.setValueCount(3);
            try (FieldVector decoded = DictionaryValues.decode(
                    indices, new MapDictionaryProvider(new Dictionary(values, encoding)), allocator)) {
                assertThat(decoded.getField().getMetadata()).containsEntry("k", "v");
                for (int child = 0; child < 3; child++) {
                    FieldVector from = values.getChildrenFromFields().get(child);
                    FieldVector to = decoded.getChildrenFromFields().get(child);
                    assertThat(to.getName()).isEqualTo(from.getName());
                    assertThat(to.getObject(0)).isEqualTo(from.getObject(1));
                    assertThat(to.getObject(2)).isEqualTo(from.getObject(0));
                }
                assertThat(decoded.isNull(1)).isTrue();
                assertThatThrownBy(decoded::getReader).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }
}
