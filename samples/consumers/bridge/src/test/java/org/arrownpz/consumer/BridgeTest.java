package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-npz-bridge} alone: Feather and Parquet with one dependency. */
class BridgeTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void writesFeatherAndParquet(@TempDir Path directory) throws Exception {
        Path feather = directory.resolve("prices.feather");
        Path parquet = directory.resolve("prices.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            try (Frame frame = Frames.open(allocator, PRICES)) {
                Ipc.write(frame, feather, IpcOptions.defaults());
            }
            try (IpcFile file = Ipc.read(allocator, feather)) {
                Parquet.write(file.frame(), parquet, ParquetOptions.defaults());
            }
        }
        assertTrue(java.nio.file.Files.size(parquet) > 0);
    }
}
