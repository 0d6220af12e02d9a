package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-npz-ipc} alone: Feather files, and little else to carry. */
class IpcTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void writesAndReadsFeather(@TempDir Path directory) throws Exception {
        Path feather = directory.resolve("prices.feather");
        try (BufferAllocator allocator = new RootAllocator()) {
            long rows;
            try (Frame frame = Frames.open(allocator, PRICES)) {
                rows = frame.rowCount();
                Ipc.write(frame, feather, IpcOptions.defaults());
            }
            try (ArrowReader reader = Tables.open(allocator, feather)) {
                assertTrue(reader.loadNextBatch());
                assertEquals(rows, reader.getVectorSchemaRoot().getRowCount());
            }
        }
    }

    @Test
    void namesTheArtifactOfOtherFormats() {
        try (BufferAllocator allocator = new RootAllocator()) {
            NpzException missing = assertThrows(
                    NpzException.class,
                    () -> Tables.open(allocator, Path.of("prices.parquet")).close());
            assertTrue(missing.getMessage().contains("org.arrownpz:arrow-npz-parquet"), missing.getMessage());
            NpzException text = assertThrows(
                    NpzException.class,
                    () -> Tables.open(allocator, Path.of("prices.csv.gz")).close());
            assertTrue(text.getMessage().contains("org.arrownpz:arrow-npz-sql"), text.getMessage());
        }
    }

    @Test
    void bringsWhatTheReadmeSays() throws Exception {
        Carried.requireReadme("arrow-npz-ipc");
        assertFalse(Carried.names().stream().anyMatch(name -> name.startsWith("arrow-dataset")));
    }
}
