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
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows of readers one after the other. */
@ExtendWith(LeakCheck.class)
class ConcatTest {
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
    void givesTheBatchesOfAllSourcesUnderTheFirstLabels(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot left =
                        Roots.root(Roots.longs(allocator, "k", 1, 2, 3), Roots.texts(allocator, "t", "a", null, "c"));
                VectorSchemaRoot right = Roots.root(Roots.longs(allocator, "k", 4), Roots.texts(allocator, "t", "d"));
                Frame one = Frame.of(left).withIndex("k").withName("first");
                Frame other = Frame.of(right).withIndex("k");
                ArrowReader first = one.reader(2);
                ArrowReader second = other.reader(2);
                ArrowReader all = Frames.concat(allocator, sources(first, second))) {
            Path target = directory.resolve("all.npz");
            Frames.write(all, target, WriteOptions.defaults());
            assertThat(all.loadNextBatch()).isFalse();
            assertThat(all.bytesRead()).isZero();
            assertThat(all.getVectorSchemaRoot().getSchema().getCustomMetadata())
                    .doesNotContainKey("pandas");
            try (Frame frame = Frames.open(allocator, target)) {
                assertThat(frame.name().text()).isEqualTo("first");
                assertThat(frame.indexLevels()).isEqualTo(1);
                assertThat(Roots.values(frame.column("k"))).containsExactly(1L, 2L, 3L, 4L);
                assertThat(Roots.values(frame.column("t"))).containsExactly("a", null, "c", "d");
            }
        }
    }

    @Test
    void joinsDictionariesThatDiffer(BufferAllocator allocator) throws Exception {
        IntVector left = Roots.indices(allocator, "c", 4, 0, 1, -1);
        IntVector right = Roots.indices(allocator, "c", 5, 1, 0);
        try (VarCharVector colours = Roots.texts(allocator, "words", "red", "blue");
                VarCharVector others = Roots.texts(allocator, "words", "blue", "green");
                VectorSchemaRoot leftRoot = Roots.root(left);
                VectorSchemaRoot rightRoot = Roots.root(right);
                Frame one = Frame.of(leftRoot, Roots.dictionaries(left, colours));
                Frame other = Frame.of(rightRoot, Roots.dictionaries(right, others));
                ArrowReader first = one.reader(10);
                ArrowReader second = other.reader(10);
                ArrowReader all = Frames.concat(allocator, sources(first, second))) {
            assertThat(all.lookup(99)).isNull();
            assertThat(all.getDictionaryVectors()).containsOnlyKeys(4L);
            Path target = directory.resolve("all.npz");
            Frames.write(all, target, WriteOptions.defaults());
            assertThat(all.getDictionaryVectors().get(4L).getEncoding().getId()).isEqualTo(4);
            try (Frame frame = Frames.open(allocator, target)) {
                FieldVector indices = frame.column(0);
                long id = indices.getField().getDictionary().getId();
                try (FieldVector values = (FieldVector)
                        DictionaryEncoder.decode(indices, frame.dictionaries().lookup(id))) {
                    assertThat(Roots.values(values)).containsExactly("red", "blue", null, "green", "blue");
                }
            }
        }
    }

    @Test
    void refusesOtherColumnsTypesAndLevels(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "k", 1), Roots.longs(allocator, "v", 1));
                VectorSchemaRoot named = Roots.root(Roots.longs(allocator, "k", 1), Roots.longs(allocator, "w", 1));
                VectorSchemaRoot typed = Roots.root(Roots.longs(allocator, "k", 1), Roots.texts(allocator, "v", "1"));
                VectorSchemaRoot fewer = Roots.root(Roots.longs(allocator, "k", 1));
                Frame frame = Frame.of(root);
                ArrowReader first = frame.reader(2)) {
            List<Frame> others =
                    new ArrayList<>(List.of(Frame.of(named), Frame.of(typed), Frame.of(fewer), frame.withIndex("k")));
            for (Frame other : others) {
                try (ArrowReader second = other.reader(1)) {
                    assertThatThrownBy(() -> Frames.concat(allocator, sources(first, second)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("source 1");
                }
            }
            others.forEach(Frame::close);
            assertThatThrownBy(() -> Frames.concat(allocator, Map.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static VectorSchemaRoot lists(
            BufferAllocator allocator, boolean nullable, Map<String, String> metadata, String type) {
        Field item = new Field("item", new FieldType(nullable, new ArrowType.Int(32, true), null, metadata), null);
        ArrowType outer = type.equals("list") ? ArrowType.List.INSTANCE : ArrowType.LargeList.INSTANCE;
        Field list = new Field("l", new FieldType(nullable, outer, null, metadata), List.of(item));
        FieldVector vector = list.createVector(allocator);
        vector.allocateNew();
        vector.setValueCount(1);
        return new VectorSchemaRoot(List.of(list), List.of(vector), 1);
    }

    @Test
    void keepsWhatAllFieldsSay(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot left = lists(allocator, false, Map.of("a", "1", "b", "2"), "list");
                VectorSchemaRoot right = lists(allocator, true, Map.of("a", "1", "b", "3"), "list");
                Frame one = Frame.of(left);
                Frame other = Frame.of(right);
                ArrowReader first = one.reader(10);
                ArrowReader second = other.reader(10);
                ArrowReader all = Frames.concat(allocator, sources(first, second))) {
            Field field = all.getVectorSchemaRoot().getSchema().findField("l");
            assertThat(field.isNullable()).isTrue();
            assertThat(field.getMetadata()).isEqualTo(Map.of("a", "1"));
            int rows = 0;
            while (all.loadNextBatch()) {
                rows += all.getVectorSchemaRoot().getRowCount();
            }
            assertThat(rows).isEqualTo(2);
            all.close(true);
        }
    }

    @Test
    void refusesAnotherMeaningOfValues(BufferAllocator allocator) throws Exception {
        String extension = "ARROW:extension:name";
        String parameters = "ARROW:extension:metadata";
        IntVector plain = Roots.indices(allocator, "l", 4, 0);
        try (VectorSchemaRoot root = lists(allocator, true, Map.of(extension, "x", parameters, "1"), "list");
                VectorSchemaRoot bare = lists(allocator, true, Map.of(), "list");
                VectorSchemaRoot another = lists(allocator, true, Map.of(extension, "x", parameters, "2"), "list");
                VectorSchemaRoot large = lists(allocator, true, Map.of(extension, "x", parameters, "1"), "large");
                VarCharVector words = Roots.texts(allocator, "words", "red");
                VectorSchemaRoot indexed = Roots.root(plain);
                VectorSchemaRoot numbers = Roots.root(new IntVector("l", allocator));
                Frame frame = Frame.of(root);
                Frame coded = Frame.of(indexed, Roots.dictionaries(plain, words));
                ArrowReader first = frame.reader(2);
                ArrowReader dictionary = coded.reader(2)) {
            for (VectorSchemaRoot other : List.of(bare, another, large)) {
                try (Frame second = Frame.of(other);
                        ArrowReader reader = second.reader(2)) {
                    assertThatThrownBy(() -> Frames.concat(allocator, sources(first, reader)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("source 1");
                    assertThatThrownBy(() -> Frames.concat(allocator, sources(reader, first)))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
            try (Frame second = Frame.of(numbers);
                    ArrowReader reader = second.reader(2)) {
                assertThatThrownBy(() -> Frames.concat(allocator, sources(dictionary, reader)))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> Frames.concat(allocator, sources(reader, dictionary)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void cannotBeReadAfterClose(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "k", 1));
                Frame frame = Frame.of(root);
                ArrowReader reader = frame.reader(2)) {
            ArrowReader all = Frames.concat(allocator, sources(reader));
            all.close();
            assertThatThrownBy(all::loadNextBatch).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void failsCleanlyWhenMemoryEnds(BufferAllocator own) throws Exception {
        Path file = directory.resolve("f.npz");
        try (VectorSchemaRoot root = Roots.root(Roots.longs(own, "k", 1, 2, 3), Roots.texts(own, "t", "a", null, "c"));
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
        AllocationFaults.refuseEach(allocator -> {
            try (Frame frame = Frames.open(allocator, file);
                    ArrowReader one = frame.reader(2);
                    ArrowReader two = frame.reader(3);
                    ArrowReader all = Frames.concat(allocator, sources(one, two))) {
                while (all.loadNextBatch()) {
                    assertThat(all.getVectorSchemaRoot().getRowCount()).isPositive();
                }
            }
        });
    }
}
