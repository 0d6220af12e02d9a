package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** Of the libraries of a test, not of the artifact. */
    private static final String OF_TESTS = "(junit|opentest4j|apiguardian|surefire|slf4j-nop).*";

    private static final long MOST_BYTES = 16_000_000;

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
        }
    }

    @Test
    void bringsLittle() {
        List<String> names = new ArrayList<>();
        long bytes = 0;
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            File file = new File(element);
            if (file.isFile() && !file.getName().matches(OF_TESTS)) {
                names.add(file.getName());
                bytes += file.length();
            }
        }
        assertTrue(bytes <= MOST_BYTES, bytes + " bytes of " + names);
        assertFalse(names.isEmpty());
        assertFalse(names.stream().anyMatch(name -> name.startsWith("arrow-dataset")), names.toString());
    }
}
