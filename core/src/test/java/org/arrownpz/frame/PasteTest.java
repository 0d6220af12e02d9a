package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.npy.Shape;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Readers side by side. */
@ExtendWith(LeakCheck.class)
class PasteTest {
    @TempDir
    Path directory;

    private static Map<String, ArrowReader> sources(ArrowReader... readers) {
        Map<String, ArrowReader> sources = new LinkedHashMap<>();
        for (ArrowReader reader : readers) {
            sources.put("source " + sources.size(), reader);
        }
        return sources;
    }

    @Test
    void endsABatchWhereOneOfAnySourceDoes(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot left = Roots.root(Roots.longs(allocator, "a", 1, 2, 3, 4, 5));
                VectorSchemaRoot right = Roots.root(
                        Roots.texts(allocator, "b", "p", null, "r", "s", "t"),
                        Roots.longs(allocator, "c", 6, 7, 8, 9, 10));
                Frame one = Frame.of(left);
                Frame other = Frame.of(right);
                ArrowReader twos = one.reader(2);
                ArrowReader threes = other.reader(3);
                ArrowReader pasted = Frames.paste(allocator, sources(twos, threes))) {
            List<Object> texts = new ArrayList<>();
            List<Object> numbers = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            VectorSchemaRoot batch = pasted.getVectorSchemaRoot();
            assertThat(batch.getSchema().getFields()).extracting("name").containsExactly("a", "b", "c");
            while (pasted.loadNextBatch()) {
                sizes.add(batch.getRowCount());
                numbers.addAll(Roots.values(batch.getVector("a")));
                texts.addAll(Roots.values(batch.getVector("b")));
            }
            assertThat(sizes).containsExactly(2, 1, 1, 1);
            assertThat(numbers).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(texts).containsExactly("p", null, "r", "s", "t");
            assertThat(pasted.loadNextBatch()).isFalse();
            assertThat(batch.getRowCount()).isZero();
            assertThat(pasted.bytesRead()).isZero();
        }
    }

    @Test
    void givesDictionariesNumbersOfTheirOwn(BufferAllocator allocator) throws Exception {
        IntVector left = Roots.indices(allocator, "left", 4, 0, 1, -1);
        IntVector right = Roots.indices(allocator, "right", 4, 1, 0, 0);
        try (VarCharVector colours = Roots.texts(allocator, "words", "red", "blue");
                VarCharVector sizes = Roots.texts(allocator, "words", "small", "large");
                VectorSchemaRoot leftRoot = Roots.root(left);
                VectorSchemaRoot rightRoot = Roots.root(right);
                Frame one = Frame.of(leftRoot, Roots.dictionaries(left, colours));
                Frame other = Frame.of(rightRoot, Roots.dictionaries(right, sizes));
                ArrowReader first = one.reader(10);
                ArrowReader second = other.reader(10);
                ArrowReader pasted = Frames.paste(allocator, sources(first, second))) {
            assertThat(pasted.getDictionaryIds()).hasSize(2);
            assertThat(pasted.getDictionaryVectors()).hasSize(2);
            assertThat(pasted.lookup(4711)).isNull();
            pasted.loadNextBatch();
            assertThat(decoded(pasted, 0)).containsExactly("red", "blue", null);
            assertThat(decoded(pasted, 1)).containsExactly("large", "small", "small");
        }
    }

    private static List<Object> decoded(ArrowReader reader, int column) throws Exception {
        FieldVector indices = reader.getVectorSchemaRoot().getVector(column);
        long id = indices.getField().getDictionary().getId();
        Dictionary dictionary = reader.lookup(id);
        assertThat(dictionary.getEncoding().getId()).isEqualTo(id);
        try (FieldVector values = (FieldVector) DictionaryEncoder.decode(indices, dictionary)) {
            return Roots.values(values);
        }
    }

    @Test
    void writesVectorsBesideNumbersAsPlainArrays(BufferAllocator allocator) throws Exception {
        Path matrix = directory.resolve("m.npy");
        Path target = directory.resolve("t.npz");
        Npy.save(matrix, new float[][] {{1, 2}, {3, 4}, {5, 6}});
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "id", 7, 8, 9));
                Frame ids = Frame.of(root);
                Frame vectors =
                        Frames.open(allocator, matrix, ReadOptions.defaults().withVectors("v"));
                ArrowReader left = ids.reader(2);
                ArrowReader right = vectors.reader(1);
                ArrowReader pasted = Frames.paste(allocator, sources(left, right))) {
            Frames.write(pasted, target, WriteOptions.defaults());
        }
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.names()).containsExactly("id", "v");
            assertThat(arrays.get("v").header().shape()).isEqualTo(Shape.of(3, 2));
            assertThat(arrays.get("v").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void refusesSourcesOfDifferentLength(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot left = Roots.root(Roots.longs(allocator, "a", 1, 2, 3));
                VectorSchemaRoot right = Roots.root(Roots.longs(allocator, "b", 6, 7));
                Frame one = Frame.of(left);
                Frame other = Frame.of(right);
                ArrowReader first = one.reader(10);
                ArrowReader second = other.reader(10);
                ArrowReader pasted = Frames.paste(allocator, sources(first, second))) {
            assertThat(pasted.loadNextBatch()).isTrue();
            assertThatThrownBy(pasted::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                    .hasMessageContaining("source 1")
                    .hasMessageContaining("'source 0' has them")
                    .hasMessageContaining("2 rows");
        }
    }

    @Test
    void refusesColumnsOfOneNameAndUseAfterClose(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot left = Roots.root(Roots.longs(allocator, "a", 1));
                VectorSchemaRoot right = Roots.root(Roots.longs(allocator, "a", 6));
                Frame one = Frame.of(left);
                Frame other = Frame.of(right);
                ArrowReader first = one.reader(10);
                ArrowReader second = other.reader(10)) {
            assertThatThrownBy(() -> Frames.paste(allocator, sources(first, second)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'a' is in 'source 0' and in 'source 1'");
            ArrowReader single = Frames.paste(allocator, sources(first));
            single.close();
            assertThatThrownBy(single::loadNextBatch).isInstanceOf(IllegalStateException.class);
        }
        try (ArrowReader none = Frames.paste(allocator, Map.of())) {
            assertThat(none.loadNextBatch()).isFalse();
        }
    }

    @Test
    void failsCleanlyWhenMemoryEnds() throws Exception {
        Path matrix = directory.resolve("m.npy");
        Npy.save(matrix, new boolean[][] {{true, false}, {false, true}, {true, true}});
        AllocationFaults.refuseEach(allocator -> {
            try (Frame vectors = Frames.open(
                            allocator, matrix, ReadOptions.defaults().withVectors("v"));
                    Frame columns = Frames.open(allocator, matrix);
                    ArrowReader left = vectors.reader(2);
                    ArrowReader right = columns.reader(1);
                    ArrowReader pasted = Frames.paste(allocator, sources(left, right))) {
                while (pasted.loadNextBatch()) {
                    assertThat(pasted.getVectorSchemaRoot().getRowCount()).isEqualTo(1);
                }
            }
        });
    }
}
