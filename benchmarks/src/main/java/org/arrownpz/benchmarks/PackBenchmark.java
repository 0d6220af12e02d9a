package org.arrownpz.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.internal.kernel.KeyKind;
import org.arrownpz.event.internal.kernel.KeyScan;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Packing 1,000,000 rows of 166,667 groups by an int64 key, with 1, 3 and 30 packed columns, beside its floor: one scan
 * of the key that writes the offsets into memory that is there. Group lengths vary around six, so that no branch
 * predictor learns them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx512m", "-XX:MaxDirectMemorySize=2g"})
public class PackBenchmark {
    private static final int ROWS = 1_000_000;
    private static final int GROUPS = 166_667;

    /** The number of packed columns. */
    @Param({"1", "3", "30"})
    public int columns;

    private BufferAllocator allocator;
    private VectorSchemaRoot sorted;
    private VectorSchemaRoot shuffled;
    private Packed packed;
    private ArrowBuf offsets;
    private DuckDbLists duckDb;

    /** Makes the tables. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        allocator = new RootAllocator();
        long[] keys = new long[ROWS];
        SplittableRandom random = new SplittableRandom(1);
        boolean[] starts = new boolean[ROWS];
        starts[0] = true;
        for (int groups = 1; groups < GROUPS; ) {
            int row = random.nextInt(ROWS);
            groups += starts[row] ? 0 : 1;
            starts[row] = true;
        }
        for (int i = 1; i < ROWS; i++) {
            keys[i] = keys[i - 1] + (starts[i] ? 1 : 0);
        }
        sorted = table(keys);
        for (int i = ROWS - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            long key = keys[i];
            keys[i] = keys[other];
            keys[other] = key;
        }
        shuffled = table(keys);
        offsets = allocator.buffer(4L * (ROWS + 2));
        duckDb = new DuckDbLists(allocator, shuffled);
        packed = Events.pack(sorted, PackSpec.by("k").packRest());
        if (packed.report().groups() != GROUPS || scanKey() != GROUPS || duckDb.groups() != GROUPS) {
            throw new IllegalStateException("expected " + GROUPS + " groups: " + packed.report());
        }
    }

    private VectorSchemaRoot table(long[] keys) {
        List<FieldVector> vectors = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        for (int c = 0; c <= columns; c++) {
            BigIntVector vector = new BigIntVector(c == 0 ? "k" : "v" + c, allocator);
            vector.allocateNew(ROWS);
            for (int i = 0; i < ROWS; i++) {
                vector.set(i, c == 0 ? keys[i] : i);
            }
            vector.setValueCount(ROWS);
            vectors.add(vector);
            fields.add(vector.getField());
        }
        return new VectorSchemaRoot(fields, vectors, ROWS);
    }

    /** Closes the tables. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        duckDb.close();
        packed.close();
        offsets.close();
        sorted.close();
        shuffled.close();
        allocator.close();
    }

    /** The floor: walks the key, writes the offsets, and does nothing else. */
    @Benchmark
    public int scanKey() {
        KeyColumn key =
                KeyColumn.fixed(KeyKind.INT64, 8, ROWS, sorted.getVector(0).getDataBuffer(), null, false);
        return new KeyScan(key).scan(0, ROWS, offsets, 0);
    }

    /** Sorted rows, checked. */
    @Benchmark
    public long packSorted() throws IOException {
        try (Packed result = Events.pack(sorted, PackSpec.by("k").packRest())) {
            return result.report().groups();
        }
    }

    /** Rows in runs. */
    @Benchmark
    public long packRuns() throws IOException {
        try (Packed result = Events.pack(sorted, PackSpec.by("k").packRest().order(InputOrder.RUNS))) {
            return result.report().groups();
        }
    }

    /** Rows in no order: sorted, and every column copied. */
    @Benchmark
    public long packShuffled() throws IOException {
        try (Packed result = Events.pack(shuffled, PackSpec.by("k").packRest())) {
            return result.report().groups();
        }
    }

    /** Peer: DuckDB's {@code list} over the same vectors, which need neither sort its groups nor keep rows in order. */
    @Benchmark
    public long duckDbList() throws IOException {
        return duckDb.groups();
    }

    /** Values in place, keys run-end encoded over the offsets. */
    @Benchmark
    public int unpackInPlace() throws IOException {
        try (Unpacked result = Events.unpack(packed.root(), UnpackSpec.lists().keys(KeyEncoding.RUN_END))) {
            return result.root().getRowCount();
        }
    }
}
