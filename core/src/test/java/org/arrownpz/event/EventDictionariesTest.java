package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dictionary-encoded columns: how they are ordered, and how long their dictionaries live. */
@ExtendWith(LeakCheck.class)
class EventDictionariesTest {
    private static final PackSpec SPEC = PackSpec.by("k").packRest();

    @Test
    void resultsOutliveTheDictionariesOfTheirInput(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        Field field = new Field("v", new FieldType(true, new ArrowType.Int(32, true), encoding), null);
        Packed packed;
        Unpacked unpacked;
        try (VarCharVector entries = new VarCharVector("entries", allocator);
                FieldVector key = Tables.longs("k", new long[] {1, 1, 2}, allocator);
                IntVector indices = (IntVector) field.createVector(allocator)) {
            entries.allocateNew();
            entries.setSafe(0, "first".getBytes(StandardCharsets.UTF_8));
            entries.setSafe(1, "second".getBytes(StandardCharsets.UTF_8));
            entries.setValueCount(2);
            indices.allocateNew(3);
            for (int i = 0; i < 3; i++) {
                indices.set(i, i % 2);
            }
            indices.setValueCount(3);
            VectorSchemaRoot root = Tables.of(indices, key);
            DictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, encoding));
            packed = Events.pack(root, provider, PackSpec.by("v").pack("k"));
            try (Frame frame = packed.frame()) {
                unpacked = Events.unpack(frame, UnpackSpec.lists());
            }
        }
        try (packed;
                unpacked) {
            assertThat(packed.dictionaries().lookup(1).getVector().getObject(1)).hasToString("second");
            packed.close();
            assertThat(unpacked.dictionaries().lookup(1).getVector().getObject(0))
                    .hasToString("first");
            assertThat(unpacked.frame().dictionaries().lookup(1).getVector().getObject(1))
                    .hasToString("second");
        }
    }

    @Test
    void dictionaryEncodedKeysGoByValueUnlessOrdered(BufferAllocator allocator) throws Exception {
        for (boolean ordered : new boolean[] {false, true}) {
            DictionaryEncoding encoding = new DictionaryEncoding(1, ordered, new ArrowType.Int(32, true));
            IntVector keys = new IntVector("k", new FieldType(true, encoding.getIndexType(), encoding), allocator);
            keys.allocateNew(4);
            // "m" stands in the dictionary twice.
            int[] indices = {0, 2, 1, 2};
            for (int i = 0; i < 4; i++) {
                keys.set(i, indices[i]);
            }
            keys.setValueCount(4);
            try (FieldVector entries = texts("d", allocator, "m", "a", "m");
                    VectorSchemaRoot root = Tables.of(keys, longs("v", new long[] {0, 1, 2, 3}, allocator))) {
                DictionaryProvider provider =
                        new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, encoding));
                try (Packed packed = Events.pack(root, provider, SPEC)) {
                    String expected = ordered ? "[[0, 1, 3], [2]]" : "[[2], [0, 1, 3]]";
                    assertThat(column(packed.root(), "v").toString()).isEqualTo(expected);
                }
                assertThatThrownBy(() -> Events.pack(root, SPEC))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("dictionary");
                keys.set(2, 9);
                assertThatThrownBy(() -> Events.pack(root, provider, SPEC)).isInstanceOf(NpzException.class);
            }
        }
    }

    @Test
    void nullEntriesOfDictionariesAreNullKeys(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        IntVector keys = new IntVector("k", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        keys.allocateNew(4);
        for (int i = 0; i < 4; i++) {
            keys.set(i, i % 2);
        }
        keys.setValueCount(4);
        try (FieldVector entries = texts("d", allocator, null, "a");
                FieldVector numbers = longs("d", new long[] {9, 3}, new boolean[] {true, false}, allocator);
                VectorSchemaRoot root = Tables.of(keys, longs("v", new long[] {0, 1, 2, 3}, allocator))) {
            for (FieldVector words : List.of(entries, numbers)) {
                MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, encoding));
                try (Packed packed =
                        Events.pack(root, provider, PackSpec.by("k").pack("v"))) {
                    assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 3]]");
                    assertThat(packed.report().droppedRows()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void readersHandOnTheirSourcesDictionaries(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(4, false, new ArrowType.Int(32, true));
        IntVector indices = new IntVector("d", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        indices.allocateNew(3);
        for (int i = 0; i < 3; i++) {
            indices.set(i, i % 2);
        }
        indices.setValueCount(3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FieldVector words = texts("w", allocator, "x", "y");
                VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 1, 2}, allocator), indices);
                ArrowStreamWriter writer = new ArrowStreamWriter(
                        root, new MapDictionaryProvider(new Dictionary(words, encoding)), bytes)) {
            writer.writeBatch();
            writer.writeBatch();
        }
        ArrowReader source = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
        PackSpec runs = PackSpec.by("k").pack("d").order(InputOrder.RUNS);
        try (ArrowReader packing = Events.packing(source, runs)) {
            assertThat(packing.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
            List<Object> found = new ArrayList<>();
            while (packing.loadNextBatch()) {
                found.addAll(column(packing.getVectorSchemaRoot(), "d"));
            }
            assertThat(found).hasToString("[[0, 1], [0], [0, 1], [0]]");
            assertThat(packing.getDictionaryIds()).isEqualTo(Set.of(4L));
            assertThat(packing.lookup(4).getVector().getObject(1)).hasToString("y");
            assertThat(packing.getDictionaryVectors()).containsOnlyKeys(4L);
            assertThat(packing.bytesRead()).isEqualTo(source.bytesRead()).isPositive();
        }
    }

    @Test
    void packingJoinsDictionariesThatAreReplacedBetweenBatches(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(4, false, new ArrowType.Int(8, true));
        TinyIntVector indices =
                new TinyIntVector("d", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        indices.allocateNew(3);
        for (int i = 0; i < 3; i++) {
            indices.set(i, i % 2);
        }
        indices.setValueCount(3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VarCharVector words = (VarCharVector) texts("w", allocator, "x", "y");
                VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 1, 1}, allocator), indices);
                ArrowStreamWriter writer = new ArrowStreamWriter(
                        root, new MapDictionaryProvider(new Dictionary(words, encoding)), bytes)) {
            for (String[] entries : new String[][] {{"x", "y"}, {"y", "z"}, {"y", "z"}, {"x", "y"}}) {
                for (int i = 0; i < 2; i++) {
                    words.setSafe(i, entries[i].getBytes(StandardCharsets.UTF_8));
                }
                writer.writeBatch();
            }
        }
        ArrowReader source = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
        PackSpec spec = PackSpec.by("d").pack("k").order(InputOrder.RUNS);
        List<String> keys = new ArrayList<>();
        try (ArrowReader packing = Events.packing(source, spec)) {
            while (packing.loadNextBatch()) {
                FieldVector key = packing.getVectorSchemaRoot().getVector("d");
                for (int row = 0; row < key.getValueCount(); row++) {
                    int index = ((TinyIntVector) key).get(row);
                    keys.add(packing.lookup(4).getVector().getObject(index).toString());
                }
            }
            assertThat(packing.getDictionaryVectors().get(4L).getVector().getValueCount())
                    .isEqualTo(3);
        }
        assertThat(keys)
                .as("the last group of a batch goes on in the next where the values are the same")
                .containsExactly("x", "y", "x", "y", "z", "y", "z", "y", "x", "y", "x");
    }
}
