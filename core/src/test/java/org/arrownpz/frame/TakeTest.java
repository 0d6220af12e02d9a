package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows by their numbers. */
@ExtendWith(LeakCheck.class)
class TakeTest {
    private static final int ROWS = 3000;

    @TempDir
    Path directory;

    private static VectorSchemaRoot allTypes(BufferAllocator allocator, int rows) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : AllTypes.all()) {
            Field named = new Field("c" + vectors.size(), field.getFieldType(), field.getChildren());
            vectors.add(new RandomVectors(allocator, vectors.size(), true).vector(named, rows));
        }
        return new VectorSchemaRoot(vectors);
    }

    private static void assertTaken(Frame taken, Frame whole, long[] rows) throws NpzException {
        assertThat(taken.rowCount()).isEqualTo(rows.length);
        assertThat(taken.schema()).isEqualTo(whole.schema());
        for (int i = 0; i < taken.root().getFieldVectors().size(); i++) {
            List<Object> all = RandomVectors.values(whole.column(i));
            List<Object> expected = new ArrayList<>();
            for (long row : rows) {
                expected.add(all.get((int) row));
            }
            assertThat(RandomVectors.values(taken.column(i)))
                    .as(taken.column(i).getField().toString())
                    .isEqualTo(expected);
        }
    }

    @Test
    void takesRowsOfEveryTypeInAnyOrderAsOftenAsNamed(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("all.npz");
        try (VectorSchemaRoot root = allTypes(allocator, ROWS);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
            for (int count : new int[] {0, 1, 20, 2 * ROWS}) {
                long[] rows = new Random(count).longs(count, 0, ROWS).toArray();
                try (Frame taken = frame.take(rows)) {
                    assertTaken(taken, frame, rows);
                }
                try (Frame open = Frames.open(allocator, file);
                        Frame taken = open.take(rows)) {
                    assertTaken(taken, open, rows);
                }
            }
        }
    }

    @Test
    void livesOnItsOwnWithLabelsAndDictionaries(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("frame.npz");
        IntVector coded = Roots.indices(allocator, "coded", 4, 0, -1, 1, 1, 0);
        try (VarCharVector words = Roots.texts(allocator, "words", "red", "blue");
                VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "key", 10, 11, 12, 13, 14),
                        coded,
                        Roots.texts(allocator, "text", "p", "qq", "rrr", null, ""));
                Frame frame = Frame.of(root, Roots.dictionaries(coded, words)).withIndex("key")) {
            Frames.write(frame, file, WriteOptions.defaults());
            try (Frame taken = frame.take(2, 1)) {
                assertThat(taken.indexLevels()).isEqualTo(1);
                assertThat(Roots.values(taken.column("text"))).containsExactly("rrr", "qq");
            }
        }
        Frame taken;
        try (Frame frame = Frames.open(allocator, file)) {
            taken = frame.take(4, 1, 3, 1);
        }
        try (taken) {
            assertThat(taken.index().length()).isEqualTo(4);
            assertThat(Roots.values(taken.column("key"))).containsExactly(14L, 11L, 13L, 11L);
            assertThat(Roots.values(taken.column("text"))).containsExactly("", "qq", null, "qq");
            FieldVector indices = taken.column("coded");
            try (FieldVector values = (FieldVector) DictionaryEncoder.decode(
                    indices,
                    taken.dictionaries()
                            .lookup(indices.getField().getDictionary().getId()))) {
                assertThat(Roots.values(values)).containsExactly("red", null, "blue", null);
            }
            Path again = directory.resolve("again.npz");
            Frames.write(taken, again, WriteOptions.defaults());
            try (Frame reread = Frames.open(allocator, again)) {
                assertThat(Roots.values(reread.column("key"))).containsExactly(14L, 11L, 13L, 11L);
            }
        }
    }

    @Test
    void selectionMakesNoOtherColumn(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("two.npz");
        try (VectorSchemaRoot root =
                        Roots.root(Roots.longs(allocator, "a", 1, 2, 3), Roots.longs(allocator, "b", 4, 5, 6));
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, file);
                Frame selected = frame.select("b");
                Frame taken = selected.take(2, 0)) {
            assertThat(Roots.values(taken.column("b"))).containsExactly(6L, 4L);
            assertThat(frame.copyReport().columns())
                    .allSatisfy(column -> assertThat(column.isRead()).isFalse());
        }
    }

    @Test
    void readsRowsInBatches(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = allTypes(allocator, 50);
                Frame frame = Frame.of(root)) {
            long[] rows = new Random(7).longs(1000, 0, 50).toArray();
            List<Object> texts = RandomVectors.values(frame.column(12));
            List<Object> expected = new ArrayList<>();
            for (long row : rows) {
                expected.add(texts.get((int) row));
            }
            List<Object> read = new ArrayList<>();
            try (ArrowReader reader = frame.reader(rows, 300)) {
                assertThat(reader.getVectorSchemaRoot()
                                .getSchema()
                                .getCustomMetadata()
                                .get("pandas"))
                        .contains("\"stop\": 1000");
                while (reader.loadNextBatch()) {
                    assertThat(reader.getVectorSchemaRoot().getRowCount()).isIn(300, 100);
                    read.addAll(
                            RandomVectors.values(reader.getVectorSchemaRoot().getVector(12)));
                }
            }
            assertThat(read).isEqualTo(expected);
        }
    }

    @Test
    void refusesRowsThatDoNotExist(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", 1, 2, 3));
                Frame frame = Frame.of(root)) {
            for (long row : new long[] {-1, 3, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> frame.take(0, row)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> frame.reader(new long[] {row}, 1))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            frame.close();
            assertThatThrownBy(() -> frame.take(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void namesFileAndColumnWhereOffsetsLieOutside(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.texts(allocator, "text", "p", "qq"));
                Frame frame = Frame.of(root)) {
            frame.column(0).getOffsetBuffer().setInt(4, 1 << 30);
            assertThatThrownBy(() -> frame.take(0))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("column text");
        }
    }

    @Test
    void failsCleanlyWhenMemoryEnds(BufferAllocator own) throws Exception {
        Path file = directory.resolve("all.npz");
        try (VectorSchemaRoot root = allTypes(own, 30);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
        assertThat(AllocationFaults.refuseEach(allocator -> {
                    try (Frame frame = Frames.open(allocator, file);
                            Frame taken = frame.take(3, 1, 3)) {
                        assertThat(taken.rowCount()).isEqualTo(3);
                    }
                }))
                .isPositive();
    }

    @Test
    void takesAllRowsOfAFrameWithoutColumns(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(), List.of(), 5);
                Frame frame = Frame.of(root);
                Frame taken = frame.take(LongStream.of(4, 0).toArray())) {
            assertThat(taken.rowCount()).isEqualTo(2);
        }
    }
}
