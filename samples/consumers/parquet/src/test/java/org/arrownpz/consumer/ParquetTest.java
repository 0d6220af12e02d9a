package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-npz-parquet} alone: Parquet files, also through the door to all formats. */
class ParquetTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void writesAndReadsParquet(@TempDir Path directory) throws Exception {
        Path parquet = directory.resolve("prices.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            long rows;
            try (Frame frame = Frames.open(allocator, PRICES)) {
                rows = frame.rowCount();
                Parquet.write(frame, parquet, ParquetOptions.defaults());
            }
            try (ArrowReader reader = Tables.open(allocator, parquet)) {
                assertTrue(reader.loadNextBatch());
                assertEquals(rows, reader.getVectorSchemaRoot().getRowCount());
            }
        }
    }
}
