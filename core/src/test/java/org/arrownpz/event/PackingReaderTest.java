package org.arrownpz.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class PackingReaderTest {
    @Test
    void batchesGiveWhatOneRootGives(BufferAllocator allocator) throws Exception {
        List<Field> all = AllTypes.all();
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int rows = random.nextInt(60);
            Field type = all.get(seed % all.size());
            Field value = new Field("v", type.getFieldType(), type.getChildren());
            long[] keys = new long[rows];
            long[] times = new long[rows];
            for (int i = 1; i < rows; i++) {
                boolean next = random.nextInt(6) == 0;
                keys[i] = keys[i - 1] + (next ? 1 : 0);
                times[i] = next ? random.nextInt(50) : times[i - 1] + random.nextInt(12);
            }
            boolean[] nulls = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                nulls[i] = seed % 3 == 0 && random.nextInt(9) == 0;
            }
            List<FieldVector> vectors = new ArrayList<>();
            vectors.add(Tables.longs("k", keys, nulls, allocator));
            vectors.add(Tables.seconds("t", times, allocator));
            vectors.add(new RandomVectors(allocator, seed, true).vector(value, rows));
            PackSpec spec = PackSpec.by("k").pack("v", "t");
            spec = seed % 2 == 0 ? spec : spec.session(java.time.Duration.ofSeconds(5), "t");
            spec = seed % 5 == 0 ? spec.order(InputOrder.RUNS) : spec;
            try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                    Frame frame = Frame.of(root);
                    Packed whole = Events.pack(root, spec);
                    PackingReader batches = Events.packing(frame.reader(1 + random.nextInt(12)), spec)) {
                List<List<Object>> found = new ArrayList<>();
                whole.root().getFieldVectors().forEach(vector -> found.add(new ArrayList<>()));
                while (batches.loadNextBatch()) {
                    VectorSchemaRoot batch = batches.getVectorSchemaRoot();
                    assertThat(batch.getRowCount()).isPositive();
                    for (int i = 0; i < found.size(); i++) {
                        found.get(i).addAll(RandomVectors.values(batch.getVector(i)));
                    }
                }
                List<List<Object>> expected = new ArrayList<>();
                whole.root().getFieldVectors().forEach(vector -> expected.add(RandomVectors.values(vector)));
                assertThat(found).as("seed %d of %s", seed, type).isEqualTo(expected);
                assertThat(batches.loadNextBatch()).isFalse();
                assertThat(batches.rows()).isEqualTo(rows);
                assertThat(batches.droppedRows()).isEqualTo(whole.report().droppedRows());
            }
        }
    }

    @Test
    void refusesToSortBatches(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        Tables.longs("k", new long[] {1, 2, 2, 1}, allocator),
                        Tables.longs("v", new long[] {1, 2, 3, 4}, allocator));
                Frame frame = Frame.of(root)) {
            PackSpec spec = PackSpec.by("k").pack("v");
            try (ArrowReader source = frame.reader(2)) {
                assertThatThrownBy(() -> Events.packing(source, spec.order(InputOrder.STABLE_SORT)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("one root");
            }
            for (int size : new int[] {1, 2, 3, 4}) {
                try (ArrowReader packing = Events.packing(frame.reader(size), spec)) {
                    assertThatThrownBy(() -> {
                                while (packing.loadNextBatch()) {
                                    assertThat(packing.getVectorSchemaRoot().getRowCount())
                                            .isPositive();
                                }
                            })
                            .isInstanceOfSatisfying(
                                    NpzException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                            .hasMessageContaining("not sorted");
                }
            }
        }
    }

    @Test
    void unpackingBatchesGivesWhatOneRootGives(BufferAllocator allocator) throws Exception {
        List<Field> all = AllTypes.all();
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int rows = random.nextInt(40);
            Field type = all.get(seed % all.size());
            long[] keys = new long[rows];
            for (int i = 1; i < rows; i++) {
                keys[i] = keys[i - 1] + random.nextInt(2);
            }
            FieldVector values = new RandomVectors(allocator, seed, true)
                    .vector(new Field("v", type.getFieldType(), type.getChildren()), rows);
            UnpackSpec spec = UnpackSpec.by("k").ordinal("place");
            try (VectorSchemaRoot root = Tables.of(Tables.longs("k", keys, allocator), values);
                    Packed packed = Events.pack(root, PackSpec.by("k").pack("v"));
                    Unpacked whole = Events.unpack(packed.root(), spec);
                    ArrowReader batches = Events.unpacking(packed.frame().reader(1 + random.nextInt(5)), spec)) {
                List<List<Object>> found = new ArrayList<>();
                whole.root().getFieldVectors().forEach(vector -> found.add(new ArrayList<>()));
                assertThat(batches.getVectorSchemaRoot().getSchema().getFields())
                        .isEqualTo(whole.root().getSchema().getFields());
                while (batches.loadNextBatch()) {
                    for (int i = 0; i < found.size(); i++) {
                        found.get(i)
                                .addAll(RandomVectors.values(
                                        batches.getVectorSchemaRoot().getVector(i)));
                    }
                }
                List<List<Object>> expected = new ArrayList<>();
                whole.root().getFieldVectors().forEach(vector -> expected.add(RandomVectors.values(vector)));
                assertThat(found).as("seed %d of %s", seed, type).isEqualTo(expected);
            }
        }
    }

    /** Batches of one row whose dictionary is another in the second. */
    private static final class TwoDictionaries extends ArrowReader {
        private final VectorSchemaRoot root;
        private final FieldVector[] values;
        private int batch = -1;

        TwoDictionaries(BufferAllocator allocator, String... dictionaries) {
            super(allocator);
            FieldType type = new FieldType(true, new ArrowType.Int(32, true), new DictionaryEncoding(1, false, null));
            IntVector indices = new IntVector(new Field("d", type, null), allocator);
            indices.setSafe(0, 0);
            indices.setValueCount(1);
            root = new VectorSchemaRoot(List.of(Tables.longs("k", new long[] {7}, allocator), indices));
            values = new FieldVector[dictionaries.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Tables.texts("values", allocator, dictionaries[i].split(" "));
            }
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return root;
        }

        @Override
        public boolean loadNextBatch() {
            return ++batch < values.length;
        }

        @Override
        public Dictionary lookup(long id) {
            return new Dictionary(
                    values[Math.max(0, Math.min(batch, values.length - 1))], new DictionaryEncoding(1, false, null));
        }

        @Override
        public Set<Long> getDictionaryIds() {
            return Set.of(1L);
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected Schema readSchema() {
            return root.getSchema();
        }

        @Override
        public void close(boolean closeReadSource) {
            root.close();
            for (FieldVector vector : values) {
                vector.close();
            }
        }

        @Override
        protected void closeReadSource() {
            // Nothing but vectors.
        }
    }

    @Test
    void dictionariesMayGrowBetweenBatches(BufferAllocator allocator) throws Exception {
        try (ArrowReader packing = Events.packing(
                new TwoDictionaries(allocator, "a b", "a b c", "a b c"),
                PackSpec.by("k").pack("d"))) {
            assertThat(packing.loadNextBatch()).isTrue();
            assertThat(RandomVectors.values(packing.getVectorSchemaRoot().getVector("d")))
                    .hasToString("[[0, 0, 0]]");
            assertThat(packing.loadNextBatch()).isFalse();
        }
    }

    @Test
    void joinsDictionariesThatChangeWhileRowsAreHeldBack(BufferAllocator allocator) throws Exception {
        for (String second : List.of("b a", "c", "c b a")) {
            try (ArrowReader packing = Events.packing(
                    new TwoDictionaries(allocator, "a b", second),
                    PackSpec.by("k").pack("d"))) {
                assertThat(packing.loadNextBatch()).isTrue();
                int[] first = {0, second.equals("b a") ? 1 : 2};
                assertThat(RandomVectors.values(packing.getVectorSchemaRoot().getVector("d")))
                        .as(second)
                        .hasToString("[[" + first[0] + ", " + first[1] + "]]");
                FieldVector entries = packing.lookup(
                                packing.getDictionaryIds().iterator().next())
                        .getVector();
                assertThat(entries.getObject(first[1])).hasToString(second.split(" ")[0]);
            }
        }
    }
}
