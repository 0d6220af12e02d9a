package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.AllocationFaults;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing batches fails as a whole, with the old file in place and nothing left, when memory is refused. */
class BatchFaultsTest {
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 100, 0})
    void refusedMemoryLeavesTheOldFileAndNothingElse(long heldLimit, @TempDir Path directory) throws Exception {
        Path source = directory.resolve("source.npz");
        try (RootAllocator allocator = new RootAllocator();
                Frame frame =
                        Frames.open(allocator, Golden.folder("static-frame").resolve("dtype_unicode.npz"))) {
            Frames.write(frame, source, WriteOptions.defaults());
        }
        Path target = directory.resolve("target.npz");
        byte[] old = {1, 2, 3};
        long requests = AllocationFaults.refuseEach(allocator -> {
            Files.write(target, old);
            try (Frame frame = Frames.open(allocator, source, ReadOptions.defaults());
                    ArrowReader reader = frame.reader(3)) {
                BatchWriter.write(reader, target, WriteOptions.defaults(), heldLimit);
            } catch (NpzException e) {
                assertThat(Files.readAllBytes(target)).isEqualTo(old);
                throw e;
            } finally {
                try (Stream<Path> files = Files.list(directory)) {
                    assertThat(files).containsExactlyInAnyOrder(source, target);
                }
            }
        });
        assertThat(requests).isPositive();
    }
}
