package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every call to the file system that writing takes fails in turn: the old file or the new one, IO, nothing left. */
@ExtendWith(LeakCheck.class)
class ParquetWriteFaultsTest {
    @Test
    void writingLeavesTheOldFileOrTheNewOne(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("target.parquet");
        Field field = Field.nullable("a", new ArrowType.Int(32, true));
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(TypeZoo.vector(field, 3, allocator)))) {
            writeWithFaults(root, target);
        }
    }

    private static void writeWithFaults(VectorSchemaRoot root, Path target) throws Exception {
        Path folder = target.getParent();
        Parquet.write(root, target, ParquetOptions.defaults());
        byte[] complete = Files.readAllBytes(target);
        byte[] old = {1, 2, 3};

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.write(target, old);
                    Parquet.write(root, path, ParquetOptions.defaults());
                },
                (operation, thrown) -> {
                    byte[] now = Files.readAllBytes(target);
                    assertThat(Arrays.equals(now, complete) || thrown && Arrays.equals(now, old))
                            .as("after a failed %s", operation)
                            .isTrue();
                    if (operation.equals("delete")) {
                        // What cannot be deleted stays; the next write sweeps what a dead process left.
                        deleteBeside(target);
                    }
                    try (Stream<Path> files = Files.list(folder)) {
                        assertThat(files).as("after a failed %s", operation).containsExactly(target);
                    }
                });

        assertThat(operations).contains("create", "write", "force", "move");
    }

    private static void deleteBeside(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target.getParent())) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(target) && !file.equals(target.getParent()))
                    .forEach(file -> {
                        try {
                            Files.delete(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
