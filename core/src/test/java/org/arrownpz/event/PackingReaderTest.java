package org.arrownpz.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
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
                    ArrowReader batches = Events.packing(frame.reader(1 + random.nextInt(12)), spec)) {
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
}
