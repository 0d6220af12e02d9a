package org.arrownpz.vector;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.extension.OpaqueType;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.memory.Buffers;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of vectors of every type, shared and copied, in memory and in mapped files. */
@ExtendWith(LeakCheck.class)
class VectorSlicesTest {
    private static final int ROWS = 100;
    private static final int[][] RANGES = {{0, ROWS}, {0, 0}, {5, 0}, {ROWS, 0}, {8, 16}, {3, 20}, {0, 7}, {99, 1}};
    private static final Location NOWHERE = Location.ofFile(null);
    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType TEXT = new ArrowType.Utf8();

    @TempDir
    Path directory;

    /** How rows are made of a vector. */
    private interface Slicing {
        List<FieldVector> of(List<FieldVector> vectors, BufferAllocator allocator, int from, int count)
                throws NpzException;
    }

    private static final List<Slicing> SLICINGS = List.of(
            (vectors, allocator, from, count) -> VectorSlices.share(vectors, allocator, from, count, NOWHERE),
            (vectors, allocator, from, count) -> VectorSlices.copy(vectors, allocator, from, count, NOWHERE));

    static Stream<Field> fields() {
        List<Field> fields = new ArrayList<>(AllTypes.all());
        Field texts = field("t", TEXT);
        Field dense = dense("d");
        fields.add(dense);
        fields.add(field(
                "fixed lists of unions", new ArrowType.FixedSizeList(2), field("s", new ArrowType.Struct(), dense)));
        fields.add(field("struct of unions", new ArrowType.Struct(), dense, field("v", new ArrowType.Utf8View())));
        fields.add(field("list of unions", new ArrowType.List(), dense));
        fields.add(field("list of views", new ArrowType.List(), field("v", new ArrowType.BinaryView())));
        fields.add(field("view of lists", new ArrowType.ListView(), field("l", new ArrowType.List(), texts)));
        fields.add(field("large view of texts", new ArrowType.LargeListView(), texts));
        fields.add(field("fixed lists of texts", new ArrowType.FixedSizeList(2), texts));
        fields.add(field("fixed lists of nothing", new ArrowType.FixedSizeList(0), texts));
        fields.add(field("list of runs", new ArrowType.List(), runs(16)));
        fields.add(field("list of nulls", new ArrowType.LargeList(), field("n", new ArrowType.Null())));
        fields.add(new Field(
                "codes",
                new FieldType(true, INT, new DictionaryEncoding(4, false, new ArrowType.Int(32, true))),
                List.of()));
        fields.add(new Field("extension", FieldType.nullable(new OpaqueType(TEXT, "text", "vendor")), List.of()));
        return fields.stream();
    }

    private static Field dense(String name) {
        return field(
                name,
                new ArrowType.Union(UnionMode.Dense, new int[] {7, 0, 100}),
                field("i", INT),
                field("t", TEXT),
                field("l", new ArrowType.List(), field("item", TEXT)));
    }

    private static Field runs(int width) {
        return field(
                "runs",
                new ArrowType.RunEndEncoded(),
                new Field("run_ends", FieldType.notNullable(new ArrowType.Int(width, true)), List.of()),
                field("values", TEXT));
    }

    private static void close(List<? extends AutoCloseable> vectors) throws Exception {
        for (AutoCloseable vector : vectors) {
            vector.close();
        }
    }

    private static FieldVector random(Field field, BufferAllocator allocator) {
        return new RandomVectors(allocator, 11, true).vector(field, ROWS);
    }

    private static void checkRanges(FieldVector vector, BufferAllocator allocator) throws Exception {
        List<Object> values = RandomVectors.values(vector);
        for (Slicing slicing : SLICINGS) {
            for (int[] range : RANGES) {
                List<FieldVector> slice = slicing.of(List.of(vector), allocator, range[0], range[1]);
                assertThat(RandomVectors.values(slice.get(0))).isEqualTo(values.subList(range[0], range[0] + range[1]));
                assertThat(slice.get(0).getField()).isEqualTo(vector.getField());
                // Slices of slices, whose offsets begin at 0 again.
                int inner = range[1] / 3;
                List<FieldVector> part = slicing.of(slice, allocator, inner, range[1] - inner);
                close(slice);
                assertThat(RandomVectors.values(part.get(0)))
                        .isEqualTo(values.subList(range[0] + inner, range[0] + range[1]));
                close(part);
            }
        }
        try (FieldVector whole = VectorSlices.whole(vector, allocator)) {
            assertThat(RandomVectors.values(whole)).isEqualTo(values);
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void holdTheRowsOfTheVector(Field field, BufferAllocator allocator) throws Exception {
        try (FieldVector vector = random(field, allocator)) {
            checkRanges(vector, allocator);
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void holdTheRowsOfAMappedVector(Field field, BufferAllocator allocator) throws Exception {
        if (field.getDictionary() != null) {
            field = new Field(field.getName(), FieldType.nullable(field.getType()), List.of());
        }
        Path file = directory.resolve("column.npz");
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(random(field, allocator)))) {
            Frames.write(root, file, WriteOptions.defaults().withLayout(ColumnLayout.ARROW));
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector mapped = frame.root().getVector(0);
            assertThat(VectorSlices.isMapped(mapped)).isEqualTo(!(mapped instanceof NullVector));
            checkRanges(mapped, allocator);
            List<FieldVector> copy = VectorSlices.copy(List.of(mapped), allocator, 0, ROWS, NOWHERE);
            assertThat(VectorSlices.isMapped(copy.get(0))).isFalse();
            close(copy);
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void fillRootsWithTheRows(Field field, BufferAllocator allocator) throws Exception {
        try (FieldVector vector = random(field, allocator);
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(field.createVector(allocator)))) {
            List<Object> values = RandomVectors.values(vector);
            for (Slicing slicing : SLICINGS) {
                for (int[] range : RANGES) {
                    VectorSlices.move(slicing.of(List.of(vector), allocator, range[0], range[1]), root, range[1]);
                    assertThat(root.getRowCount()).isEqualTo(range[1]);
                    assertThat(RandomVectors.values(root.getVector(0)))
                            .isEqualTo(values.subList(range[0], range[0] + range[1]));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void copiesOutliveTheVectorAndItsAllocator(Field field, BufferAllocator allocator) throws Exception {
        List<Object> expected;
        List<FieldVector> copy;
        try (BufferAllocator child = allocator.newChildAllocator("source", 0, Long.MAX_VALUE);
                FieldVector vector = random(field, child)) {
            expected = RandomVectors.values(vector).subList(9, 60);
            copy = VectorSlices.copy(List.of(vector), allocator, 9, 51, NOWHERE);
        }
        assertThat(RandomVectors.values(copy.get(0))).isEqualTo(expected);
        close(copy);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void leaveNothingWhenMemoryIsRefused(Field field, BufferAllocator source) throws Exception {
        try (FieldVector vector = random(field, source)) {
            for (Slicing slicing : SLICINGS) {
                AllocationFaults.refuseEach(allocator -> {
                    // Shared memory stays in the family of the allocator that has it.
                    try (FieldVector own = VectorSlices.copy(List.of(vector), allocator, 0, ROWS, NOWHERE)
                            .get(0)) {
                        close(slicing.of(List.of(own), allocator, 3, 20));
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void countTheBytesThatArrowCounts(Field field, BufferAllocator allocator) {
        try (FieldVector vector = random(field, allocator)) {
            assertThat(VectorSlices.bytes(vector)).isEqualTo(vector.getBufferSize());
        }
    }

    @Test
    void shareValuesAndAlignedBitmaps(BufferAllocator allocator) throws Exception {
        try (VarCharVector vector = texts("t", allocator, 64)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 8, 32, NOWHERE);
            FieldVector slice = shared.get(0);
            assertThat(slice.getValidityBuffer().memoryAddress())
                    .isEqualTo(vector.getValidityBuffer().memoryAddress() + 1);
            assertThat(slice.getDataBuffer().memoryAddress())
                    .isEqualTo(vector.getDataBuffer().memoryAddress() + vector.getStartOffset(8));
            assertThat(slice.getDataBuffer().capacity())
                    .isEqualTo(vector.getStartOffset(40) - vector.getStartOffset(8));
            assertThat(slice.getOffsetBuffer().getInt(0)).isZero();
            close(shared);
        }
    }

    @Test
    void shareOffsetsThatBeginAtZeroUnlessTheyAreMapped(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("text.npz");
        try (VarCharVector vector = texts("t", allocator, 64)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 0, 32, NOWHERE);
            assertThat(shared.get(0).getOffsetBuffer().memoryAddress())
                    .isEqualTo(vector.getOffsetBuffer().memoryAddress());
            close(shared);
            Frames.write(
                    new VectorSchemaRoot(List.of(vector)),
                    file,
                    WriteOptions.defaults().withLayout(ColumnLayout.ARROW));
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector mapped = frame.root().getVector(0);
            assertThat(Buffers.isMapped(mapped.getOffsetBuffer())).isTrue();
            List<FieldVector> shared = VectorSlices.share(List.of(mapped), allocator, 0, 32, NOWHERE);
            assertThat(Buffers.isMapped(shared.get(0).getOffsetBuffer())).isFalse();
            assertThat(Buffers.isMapped(shared.get(0).getDataBuffer())).isTrue();
            close(shared);
        }
    }

    @Test
    void holdOnlyTheChildrenThatTheirRowsUse(BufferAllocator allocator) throws Exception {
        Field field = dense("d");
        try (FieldVector vector = random(field, allocator)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 40, 10, NOWHERE);
            DenseUnionVector union = (DenseUnionVector) shared.get(0);
            int children = union.getChildrenFromFields().stream()
                    .mapToInt(FieldVector::getValueCount)
                    .sum();
            assertThat(children).isEqualTo(10);
            close(shared);
        }
        try (FieldVector vector = random(field("l", new ArrowType.List(), field("item", INT)), allocator)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 40, 10, NOWHERE);
            ListVector list = (ListVector) shared.get(0);
            assertThat(list.getDataVector().getValueCount()).isEqualTo(list.getElementEndIndex(9));
            close(shared);
        }
    }

    private static ViewVarCharVector views(BufferAllocator allocator, int rows) {
        ViewVarCharVector views = new ViewVarCharVector("v", allocator);
        views.allocateNew();
        for (int i = 0; i < rows; i++) {
            views.setSafe(i, ("a text that is not short, " + i).getBytes(StandardCharsets.US_ASCII));
        }
        views.setValueCount(rows);
        return views;
    }

    @Test
    void narrowTheDataOfViewsToWhatTheirRowsUse(BufferAllocator allocator) throws Exception {
        try (ViewVarCharVector vector = views(allocator, 1000)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 500, 10, NOWHERE);
            ViewVarCharVector slice = (ViewVarCharVector) shared.get(0);
            List<Object> values = RandomVectors.values(slice);
            assertThat(values.get(0)).isEqualTo("a text that is not short, 500");
            assertThat(values.get(9)).isEqualTo("a text that is not short, 509");
            assertThat(slice.getDataBuffers()).hasSize(1);
            ArrowBuf data = slice.getDataBuffers().get(0);
            assertThat(data.capacity()).isEqualTo(290);
            ArrowBuf all = vector.getDataBuffers().get(0);
            assertThat(data.memoryAddress() - all.memoryAddress()).isBetween(0L, all.capacity());
            close(shared);
        }
    }

    @Test
    void gatherTheValuesOfViewsThatLieFarApart(BufferAllocator allocator) throws Exception {
        try (ViewVarCharVector vector = views(allocator, 1000)) {
            // Row 1 views what row 999 does.
            vector.getDataBuffer().setBytes(16, vector.getDataBuffer(), 999 * 16L, 16);
            for (Slicing slicing : SLICINGS) {
                List<FieldVector> rows = slicing.of(List.of(vector), allocator, 0, 2);
                ViewVarCharVector slice = (ViewVarCharVector) rows.get(0);
                assertThat(RandomVectors.values(slice))
                        .containsExactly("a text that is not short, 0", "a text that is not short, 999");
                assertThat(slice.getDataBuffers())
                        .singleElement()
                        .extracting(ArrowBuf::capacity)
                        .isEqualTo(27L + 29);
                close(rows);
            }
        }
    }

    @Test
    void copiesCanBeWrittenTo(BufferAllocator allocator) throws Exception {
        try (VarCharVector vector = texts("t", allocator, 20)) {
            List<FieldVector> copy = VectorSlices.copy(List.of(vector), allocator, 4, 8, NOWHERE);
            VarCharVector texts = (VarCharVector) copy.get(0);
            texts.setSafe(8, "one more".getBytes(StandardCharsets.US_ASCII));
            texts.setValueCount(9);
            assertThat(texts.getObject(8)).hasToString("one more");
            assertThat(texts.getObject(7)).hasToString("text 11");
            close(copy);
            List<FieldVector> none = VectorSlices.copy(List.of(vector), allocator, 4, 0, NOWHERE);
            ((VarCharVector) none.get(0)).setSafe(0, new byte[] {'x'});
            none.get(0).setValueCount(1);
            assertThat(none.get(0).getObject(0)).hasToString("x");
            close(none);
        }
    }

    private static VarCharVector texts(String name, BufferAllocator allocator, int rows) {
        VarCharVector texts = new VarCharVector(name, allocator);
        for (int i = 0; i < rows; i++) {
            texts.setSafe(i, ("text " + i).getBytes(StandardCharsets.US_ASCII));
        }
        texts.setValueCount(rows);
        return texts;
    }

    @Test
    void refuseRowsThatAVectorDoesNotHave(BufferAllocator allocator) {
        try (IntVector vector = new IntVector("i", allocator)) {
            vector.allocateNew(10);
            vector.setValueCount(10);
            for (Slicing slicing : SLICINGS) {
                assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, 5, 6))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, -1, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void refuseOffsetsThatLeadOutOfTheValues(BufferAllocator allocator) {
        try (VarCharVector text = texts("t", allocator, 10);
                ViewVarCharVector views = views(allocator, 10);
                FieldVector dense = random(dense("d"), allocator);
                FieldVector runs = random(runs(32), allocator);
                FieldVector listViews = new RandomVectors(allocator, 1, false)
                        .vector(field("l", new ArrowType.ListView(), field("i", INT)), 10)) {
            text.getOffsetBuffer().setInt(4 * 5, 1 << 30);
            views.getDataBuffer().setInt(16 * 4 + 12, 1 << 30);
            ((DenseUnionVector) dense).getOffsetBuffer().setInt(4 * 4, 1 << 30);
            runs.getChildrenFromFields().get(0).setValueCount(1);
            for (int i = 0; i < 10; i++) {
                listViews.getFieldBuffers().get(1).setInt(4L * i, -1);
            }
            for (Slicing slicing : SLICINGS) {
                for (FieldVector vector : List.of(text, views, dense, runs, listViews)) {
                    assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, 0, 5))
                            .as("%s", vector.getField())
                            .isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
            views.getDataBuffer().setInt(16 * 2, -1);
            assertThatThrownBy(() -> VectorSlices.share(List.of(views), allocator, 0, 3, NOWHERE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void areLimitErrorsWhereTheAllocatorIsFull() throws Exception {
        try (BufferAllocator allocator = new RootAllocator(1 << 16);
                VarCharVector text = texts("t", allocator, 2000)) {
            assertThatThrownBy(() -> VectorSlices.copy(List.of(text, text, text), allocator, 0, 2000, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }
}
