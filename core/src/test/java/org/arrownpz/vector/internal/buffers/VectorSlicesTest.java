package org.arrownpz.vector.internal.buffers;

import static org.arrownpz.testing.RandomVectors.field;
import static org.arrownpz.vector.internal.buffers.Slices.INT;
import static org.arrownpz.vector.internal.buffers.Slices.NOWHERE;
import static org.arrownpz.vector.internal.buffers.Slices.ROWS;
import static org.arrownpz.vector.internal.buffers.Slices.SLICINGS;
import static org.arrownpz.vector.internal.buffers.Slices.TEXT;
import static org.arrownpz.vector.internal.buffers.Slices.close;
import static org.arrownpz.vector.internal.buffers.Slices.dense;
import static org.arrownpz.vector.internal.buffers.Slices.random;
import static org.arrownpz.vector.internal.buffers.Slices.runs;
import static org.arrownpz.vector.internal.buffers.Slices.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.extension.OpaqueType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.Slices.Slicing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of vectors of every type, shared and copied, in memory and in mapped files. */
@ExtendWith(LeakCheck.class)
class VectorSlicesTest {
    private static final int[][] RANGES = {{0, ROWS}, {0, 0}, {5, 0}, {ROWS, 0}, {8, 16}, {3, 20}, {0, 7}, {99, 1}};

    @TempDir
    Path directory;

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
}
