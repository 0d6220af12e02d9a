package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-npz-core} alone: frames. */
class CoreTest {
    @Test
    void writesAndReadsFrames(@TempDir Path directory) throws Exception {
        Path copy = directory.resolve("copy.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, Path.of("..", "..", "prices.npz"))) {
            Frames.write(frame, copy, WriteOptions.defaults());
            try (Frame again = Frames.open(allocator, copy)) {
                assertEquals(frame.rowCount(), again.rowCount());
            }
        }
    }

    @Test
    void bringsWhatTheReadmeSays() throws Exception {
        Carried.requireReadme("arrow-npz-core");
    }
}
