package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.label.Label;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is made of an open frame: selections, copies, batches, tensors. */
@ExtendWith(LeakCheck.class)
class DerivedFrameTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeFrame(BufferAllocator allocator) throws Exception {
        file = directory.resolve("frame.npz");
        IntVector coded = Roots.indices(allocator, "coded", 4, 0, -1, 1, 1, 0);
        try (VarCharVector words = Roots.texts(allocator, "words", "red", "blue");
                VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "key", 10, 11, 12, 13, 14),
                        Roots.longs(allocator, "a", 1, 2, 3, 4, 5),
                        Roots.longs(allocator, "b", 6, 7, 8, 9, 10),
                        coded,
                        Roots.texts(allocator, "text", "p", "qq", "rrr", null, ""));
                Frame frame = Frame.of(root, Roots.dictionaries(coded, words)).withIndex("key")) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
    }

    private static List<Object> decoded(Frame frame, String column) throws NpzException {
        FieldVector indices = frame.root().getVector(column);
        try (FieldVector values = (FieldVector) DictionaryEncoder.decode(
                indices,
                frame.dictionaries().lookup(indices.getField().getDictionary().getId()))) {
            return Roots.values(values);
        }
    }

    @Test
    void selectionSharesMemoryAndLivesOnItsOwn(BufferAllocator allocator) throws Exception {
        Frame selection;
        try (Frame frame = Frames.open(allocator, file)) {
            selection = frame.select("coded", "a");
            assertThat(selection.root().getVector("a").getDataBuffer().memoryAddress())
                    .isEqualTo(frame.root().getVector("a").getDataBuffer().memoryAddress());
        }
        try (selection) {
            assertThat(selection.columnNames()).containsExactly("coded", "a");
            assertThat(selection.columns().label(0)).isEqualTo(Label.of("coded"));
            assertThat(selection.indexLevels()).isEqualTo(1);
            assertThat(Roots.values(selection.root().getVector("key"))).containsExactly(10L, 11L, 12L, 13L, 14L);
            assertThat(decoded(selection, "coded")).isEqualTo(Arrays.asList("red", null, "blue", "blue", "red"));
        }
    }

    @Test
    void copyIsWritableAndIndependentOfTheFile(BufferAllocator allocator) throws Exception {
        Frame copy;
        try (Frame frame = Frames.open(allocator, file)) {
            copy = frame.copy();
        }
        Files.delete(file);
        try (copy) {
            ((BigIntVector) copy.root().getVector("a")).set(0, 100);
            assertThat(Roots.values(copy.root().getVector("a"))).containsExactly(100L, 2L, 3L, 4L, 5L);
            assertThat(Roots.values(copy.root().getVector("text")))
                    .isEqualTo(Arrays.asList("p", "qq", "rrr", null, ""));
            assertThat(decoded(copy, "coded")).isEqualTo(Arrays.asList("red", null, "blue", "blue", "red"));
            assertThat(copy.index().name()).isEqualTo(Label.of("key"));
        }
    }

    @Test
    void resettingVectorsOfOneFrameLeavesTheOtherAlone(BufferAllocator allocator) throws Exception {
        try (Frame first = Frames.open(allocator, file, ReadOptions.inMemory().withIsolatedValidity());
                Frame second = Frames.open(allocator, file)) {
            first.root().getVector("a").reset();
            assertThat(Roots.values(second.root().getVector("a"))).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(second.root().getVector("b").getNullCount()).isZero();
        }
    }

    @Test
    void readerGivesSlicesWithoutACopy(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file);
                ArrowReader reader = frame.reader(2)) {
            long before = allocator.getAllocatedMemory();
            long address = frame.root().getVector("a").getDataBuffer().memoryAddress();
            List<Integer> sizes = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            while (reader.loadNextBatch()) {
                FieldVector batch = reader.getVectorSchemaRoot().getVector("a");
                assertThat(batch.getDataBuffer().memoryAddress()).isEqualTo(address + 8L * values.size());
                sizes.add(batch.getValueCount());
                values.addAll(Roots.values(batch));
                assertThat(reader.getDictionaryVectors()).containsOnlyKeys(4L);
            }
            assertThat(sizes).containsExactly(2, 2, 1);
            assertThat(values).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(reader.getVectorSchemaRoot().getSchema().getCustomMetadata())
                    .containsKeys("arrow_npz", "pandas");
            // Bitmaps and offsets of slices may need memory of their own; values do not.
            assertThat(allocator.getAllocatedMemory() - before).isLessThan(4096);
            assertThatThrownBy(() -> frame.reader(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void blockIsATensorOverTheFile(BufferAllocator allocator) throws Exception {
        Path golden = Golden.folder("static-frame").resolve("block_c_order.npz");
        try (Frame frame = Frames.open(allocator, golden)) {
            long before = allocator.getAllocatedMemory();
            assertThat(frame.blockCount()).isPositive();
            try (FieldVector block = frame.block(0)) {
                FixedSizeListVector rows = (FixedSizeListVector) block;
                assertThat(rows.getValueCount()).isEqualTo((int) frame.rowCount());
                assertThat(allocator.getAllocatedMemory() - before).isLessThan(4096);
                FieldVector first = frame.root().getVector(frame.indexLevels());
                assertThat(rows.getDataVector().getObject(0)).isEqualTo(first.getObject(0));
                assertThat(rows.getDataVector().getObject(rows.getListSize())).isEqualTo(first.getObject(1));
            }
            assertThatThrownBy(() -> frame.block(99)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void frameOfARootHasNoBlocks(BufferAllocator allocator) {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "a", 1));
                Frame frame = Frame.of(root)) {
            assertThat(frame.blockCount()).isZero();
            assertThatThrownBy(() -> frame.block(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void writingOverTheMappedFileIsSafe(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file)) {
            Frames.write(frame.withName("again"), file, WriteOptions.defaults());
            assertThat(Roots.values(frame.root().getVector("a"))).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.name()).isEqualTo(Label.of("again"));
            assertThat(Roots.values(frame.root().getVector("b"))).containsExactly(6L, 7L, 8L, 9L, 10L);
        }
    }

    @Test
    void closingTwiceIsAllowed(BufferAllocator allocator) throws Exception {
        Frame frame = Frames.open(allocator, file);
        frame.close();
        frame.close();
    }
}
