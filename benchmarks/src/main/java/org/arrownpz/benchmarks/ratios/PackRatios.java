package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.Sql;

/**
 * Packing 1,000,000 rows of 166,667 groups by an int64 key, with 1, 3 and 30 packed columns, beside its floor: one scan
 * of the key that writes the offsets into memory that is there. Group lengths vary around six, so that no branch
 * predictor learns them.
 */
final class PackRatios implements Ratios.Subject {
    private static final int ROWS = 1_000_000;
    private static final int GROUPS = 166_667;

    private final int columns;
    private final BufferAllocator allocator = new RootAllocator();
    private final VectorSchemaRoot sorted;
    private final VectorSchemaRoot shuffled;
    private final Packed packed;
    private final ArrowBuf offsets;

    /** @param columns how many are packed */
    PackRatios(int columns) throws IOException {
        this.columns = columns;
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
        packed = Events.pack(sorted, PackSpec.by("k").packRest());
        if (packed.report().groups() != GROUPS || scanKey() != GROUPS || duckDb() != GROUPS) {
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

    @Override
    public void compare() throws Exception {
        PackSpec spec = PackSpec.by("k").packRest();
        Ratios.turns("pack " + columns + " of 1e6 rows")
                .floor("key scan", this::scanKey)
                .add("sorted, checked", () -> pack(sorted, spec))
                .add("in runs", () -> pack(sorted, spec.order(InputOrder.RUNS)))
                .add("unpacked in place", this::unpackInPlace)
                .run();
        Ratios.turns("pack " + columns + ", shuffled")
                .floor("key scan", this::scanKey)
                .add("sorted and copied", () -> pack(shuffled, spec))
                .add("list() by Sql", this::duckDb)
                .run();
    }

    @Override
    public void close() throws IOException {
        packed.close();
        offsets.close();
        sorted.close();
        shuffled.close();
        allocator.close();
    }

    /** The floor: walks the key, writes the offsets, and does nothing else. */
    private int scanKey() {
        ArrowBuf keys = sorted.getVector(0).getDataBuffer();
        int groups = 1;
        for (long row = 1; row < ROWS; row++) {
            if (keys.getLong(row * Long.BYTES) != keys.getLong((row - 1) * Long.BYTES)) {
                offsets.setInt(Integer.BYTES * (long) groups++, (int) row);
            }
        }
        return groups;
    }

    private long duckDb() throws IOException {
        String lists = IntStream.rangeClosed(1, columns)
                .mapToObj(c -> ", list(v" + c + ")")
                .collect(Collectors.joining());
        long groups = 0;
        try (Frame frame = Frame.of(shuffled);
                Sql sql = Sql.open(allocator).with("events", frame);
                ArrowReader reader = sql.query("SELECT k" + lists + " FROM events GROUP BY k")) {
            while (reader.loadNextBatch()) {
                groups += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return groups;
    }

    private static long pack(VectorSchemaRoot rows, PackSpec spec) throws IOException {
        try (Packed result = Events.pack(rows, spec)) {
            return result.report().groups();
        }
    }

    /** Values in place, keys run-end encoded over the offsets. */
    private int unpackInPlace() throws IOException {
        try (Unpacked result = Events.unpack(packed.root(), UnpackSpec.lists().keys(KeyEncoding.RUN_END))) {
            return result.root().getRowCount();
        }
    }
}
