package org.arrownpz.frame.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.SlicedReader;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call to the file system fails in turn while batches are written: the old file or the new one, nothing else. */
@ExtendWith(LeakCheck.class)
class BatchFileFaultsTest {
    private static final int[] SIZES = {3, 2, 4};

    /** Where batches are until the last one has come. */
    enum Way {
        HELD,
        SPOOLED,
        POSITIONAL;

        void write(ArrowReader reader, Path target) throws Exception {
            WriteOptions options = WriteOptions.defaults();
            switch (this) {
                case HELD -> BatchWriter.write(reader, target, options, Long.MAX_VALUE);
                case SPOOLED -> BatchWriter.write(reader, target, options, 0);
                case POSITIONAL -> BatchWriter.write(reader, 9, target, options, 0);
            }
        }
    }

    private static void write(BufferAllocator allocator, Way way, Path target) throws Exception {
        FieldVector numbers = Roots.longs(allocator, "n", 1, 2, 3, 4, 5, 6, 7, 8, 9);
        numbers.setNull(4);
        try (VectorSchemaRoot root = Roots.root(numbers, Roots.doubles(allocator, "d", 1, 2, 3, 4, 5, 6, 7, 8, 9));
                ArrowReader reader = new SlicedReader(allocator, root, SIZES)) {
            way.write(reader, target);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writingLeavesTheOldFileOrTheNewOne(Way way, BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("target.npz");
        write(allocator, way, target);
        byte[] complete = Files.readAllBytes(target);

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.writeString(target, "old");
                    write(allocator, way, path);
                },
                (operation, thrown) -> {
                    byte[] now = Files.readAllBytes(target);
                    boolean isNew = Arrays.equals(now, complete);
                    assertThat(isNew || new String(now, StandardCharsets.ISO_8859_1).equals("old"))
                            .as("after a failed %s", operation)
                            .isTrue();
                    if (!thrown) {
                        assertThat(isNew)
                                .as("success after a failed %s", operation)
                                .isTrue();
                    }
                    if (operation.equals("delete")) {
                        // What cannot be deleted stays until the next write.
                        write(allocator, way, target);
                    }
                    try (Stream<Path> files = Files.list(folder)) {
                        assertThat(files).as("after a failed %s", operation).containsExactly(target);
                    }
                });

        assertThat(operations).contains("create", "write", "force", "move");
        assertThat(operations.contains("delete")).isEqualTo(way == Way.SPOOLED);
    }
}
