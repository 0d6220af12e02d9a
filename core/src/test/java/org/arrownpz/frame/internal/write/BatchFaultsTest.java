package org.arrownpz.frame.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Golden;
import org.arrownpz.frame.Roots;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.vector.WriteReport;
import org.junit.jupiter.api.Test;
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
        refuseEach(source, (reader, target) -> BatchWriter.write(reader, target, WriteOptions.defaults(), heldLimit));
    }

    @Test
    void refusedMemoryLeavesTheOldFileWhereEachBatchHasItsPlace(@TempDir Path directory) throws Exception {
        Path source = directory.resolve("source.npz");
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = Roots.root(
                        Roots.longs(allocator, "n", 1, 2, 3, 4, 5, 6, 7, 8),
                        Roots.doubles(allocator, "d", 1, 2, 3, 4, 5, 6, 7, 8))) {
            root.getVector("n").setNull(1);
            root.getVector("n").setNull(6);
            Frames.write(root, source, WriteOptions.defaults());
        }
        refuseEach(source, (reader, target) -> {
            WriteReport report = Frames.write(reader, 8, target, WriteOptions.defaults());
            assertThat(report.notes()).isEmpty();
        });
    }

    /** Writes what a reader gives. */
    private interface Writing {
        void write(ArrowReader reader, Path target) throws Exception;
    }

    private static void refuseEach(Path source, Writing writing) throws Exception {
        Path target = source.resolveSibling("target.npz");
        byte[] old = {1, 2, 3};
        long requests = AllocationFaults.refuseEach(allocator -> {
            Files.write(target, old);
            try (Frame frame = Frames.open(allocator, source, ReadOptions.defaults());
                    ArrowReader reader = frame.reader(3)) {
                writing.write(reader, target);
            } catch (NpzException e) {
                assertThat(Files.readAllBytes(target)).isEqualTo(old);
                throw e;
            } finally {
                try (Stream<Path> files = Files.list(source.getParent())) {
                    assertThat(files).containsExactlyInAnyOrder(source, target);
                }
            }
        });
        assertThat(requests).isPositive();
    }
}
