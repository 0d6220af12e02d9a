package org.arrownpz.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frames;

/** Events of trips over several files: trips of all files mixed, times in no order and distinct in each trip. */
final class EventFiles {
    private EventFiles() {}

    /** Writes the files; each has the columns trip, ts, value and kind. */
    static void write(Path directory, int files, int rowsPerFile, int trips) throws Exception {
        Files.createDirectories(directory);
        Random random = new Random(8);
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector trip = new BigIntVector("trip", allocator);
                TimeStampMicroVector ts = new TimeStampMicroVector("ts", allocator);
                Float8Vector value = new Float8Vector("value", allocator);
                IntVector kind = new IntVector("kind", allocator)) {
            trip.allocateNew(rowsPerFile);
            ts.allocateNew(rowsPerFile);
            value.allocateNew(rowsPerFile);
            kind.allocateNew(rowsPerFile);
            for (int file = 0; file < files; file++) {
                for (int row = 0; row < rowsPerFile; row++) {
                    trip.set(row, random.nextInt(trips));
                    // Distinct over all files: a random time, and the row's number below it.
                    long number = (long) file * rowsPerFile + row;
                    ts.set(row, (random.nextInt(1 << 20) * 100_000_000L) + number);
                    value.set(row, random.nextInt(1 << 20) / 16.0);
                    kind.set(row, random.nextInt(7));
                }
                VectorSchemaRoot root = VectorSchemaRoot.of(trip, ts, value, kind);
                root.setRowCount(rowsPerFile);
                Frames.write(
                        root,
                        directory.resolve(String.format("events-%02d.npz", file)),
                        WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
        }
    }
}
