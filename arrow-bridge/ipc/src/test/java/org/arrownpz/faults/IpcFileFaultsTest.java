package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.IpcReadOptions;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call to the file system fails in turn while Arrow files are written and read: old file or new, IO, no rest. */
@ExtendWith(LeakCheck.class)
class IpcFileFaultsTest {
    private static final int ROWS = 20;

    private static void write(BufferAllocator allocator, String way, Path target) throws Exception {
        try (Roots table = Roots.mixed(allocator, ROWS);
                Frame frame = Frame.of(table.root(), table.dictionaries())) {
            switch (way) {
                case "plain" -> Ipc.write(frame, target, IpcOptions.defaults());
                case "compressed" ->
                    Ipc.write(frame, target, IpcOptions.defaults().withCompression(IpcOptions.Compression.ZSTD));
                case "root" -> Ipc.write(table.root(), table.dictionaries(), target, IpcOptions.defaults());
                default -> {
                    try (ArrowReader reader = frame.reader(6)) {
                        Ipc.write(reader, target, IpcOptions.defaults());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "compressed", "root", "batches"})
    void writingLeavesTheOldFileOrTheNewOne(String way, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Path target = folder.resolve("target.arrow");
        write(allocator, way, target);
        byte[] complete = Files.readAllBytes(target);
        byte[] old = {1, 2, 3};

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.write(target, old);
                    write(allocator, way, path);
                },
                (operation, thrown) -> {
                    byte[] now = Files.readAllBytes(target);
                    boolean isNew = Arrays.equals(now, complete);
                    assertThat(isNew || Arrays.equals(now, old) && thrown)
                            .as("after a failed %s", operation)
                            .isTrue();
                    assertNothingBeside(target, operation);
                });

        assertThat(operations).contains("create", "write", "force", "move");
    }

    // What cannot be deleted stays.
    private static void assertNothingBeside(Path target, String operation) throws Exception {
        try (Stream<Path> files = Files.list(target.getParent())) {
            List<Path> others = files.filter(file -> !file.equals(target)).toList();
            if (operation.equals("delete")) {
                for (Path other : others) {
                    Files.delete(other);
                }
            } else {
                assertThat(others).as("after a failed %s", operation).isEmpty();
            }
        }
    }

    private static void read(BufferAllocator allocator, Path path, Mapping mapping) throws Exception {
        IpcReadOptions options =
                IpcReadOptions.defaults().withVerify(Verify.CONTENT).withMapping(mapping);
        try (IpcFile file = Ipc.read(allocator, path, options)) {
            assertThat(file.frame().rowCount()).isEqualTo(ROWS);
        }
    }

    /** A file system that cannot map is read as {@code COPY} is. */
    @ParameterizedTest
    @EnumSource
    void readingFailsAsIo(Mapping mapping, BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("file.arrow");
        write(allocator, "compressed", file);

        List<String> operations = FaultyFileSystem.failEachAndReads(
                file,
                path -> read(allocator, path, mapping),
                (operation, thrown) ->
                        assertThat(allocator.getAllocatedMemory()).isZero());

        assertThat(operations).contains("read");
    }

    @Test
    void aForeignFileThatCannotBeMappedIsRead(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("file.arrow");
        write(allocator, "plain", file);
        FaultyFileSystem system =
                new FaultyFileSystem((operation, number) -> operation.equals("map")).mapping(MapMode.READ_ONLY);

        read(allocator, system.path(file), Mapping.READ_ONLY);

        assertThat(system.operations()).contains("map");
    }
}
