package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call to the file system fails in turn: the old file or the new one, IO, nothing left behind. */
@ExtendWith(LeakCheck.class)
class FileFaultsTest {
    private static final ReadOptions COPY = ReadOptions.inMemory().withVerify(Verify.CONTENT);

    @TempDir
    private static Path directory;

    private static Samples samples;

    @BeforeAll
    static void makesSamples() throws Exception {
        samples = new Samples(directory);
    }

    private static Path source(String name) {
        return switch (name) {
            case "zoo" -> samples.zoo;
            case "deflated" -> samples.deflated;
            case "folder" -> samples.folder;
            case "bus" -> samples.bus;
            case "plain" -> samples.plain;
            case "npy" -> samples.npy;
            default -> throw new AssertionError(name);
        };
    }

    /** A file's bytes, or those of all files of a directory; empty when there is none. */
    private static Map<String, String> content(Path path) throws Exception {
        Map<String, String> content = new TreeMap<>();
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    content.put(
                            path.relativize(file).toString(),
                            Integer.toString(Arrays.hashCode(Files.readAllBytes(file))));
                }
            }
        }
        return content;
    }

    private static void write(BufferAllocator allocator, String name, Path source, Path target) throws Exception {
        if (name.startsWith("align ")) {
            Frames.align(allocator, source, target, ReadOptions.defaults(), WriteOptions.defaults());
            return;
        }
        try (Frame frame = Frames.open(allocator, source)) {
            if (name.equals("folder")) {
                Frames.writeDirectory(frame, target, WriteOptions.defaults().withOverwrite());
            } else {
                Frames.write(frame, target, WriteOptions.defaults());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo", "deflated", "folder", "plain", "npy", "align zoo", "align bus", "align npy"})
    void writingLeavesTheOldFileOrTheNewOne(String name, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Path source = source(name.replace("align ", ""));
        Path target = folder.resolve(name.endsWith("npy") ? "target.npy" : "target.npz");
        write(allocator, name, source, target);
        Map<String, String> complete = content(target);

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    if (name.equals("folder")) {
                        Files.writeString(target.resolve("old.npy"), "old");
                    } else {
                        Files.writeString(target, "old");
                    }
                    write(allocator, name, source, path);
                },
                (operation, thrown) -> {
                    Map<String, String> now = content(target);
                    boolean isNew = now.equals(complete);
                    boolean isOld = name.equals("folder")
                            ? now.containsKey("old.npy")
                            : Files.readString(target, StandardCharsets.ISO_8859_1)
                                    .equals("old");
                    assertThat(isNew || isOld)
                            .as("after a failed %s", operation)
                            .isTrue();
                    if (!thrown) {
                        assertThat(isNew)
                                .as("success after a failed %s", operation)
                                .isTrue();
                    }
                    if (operation.equals("delete") || (name.equals("folder") && isNew)) {
                        // What cannot be deleted stays, and so does an old directory while its replacement may not be
                        // on the disk; the next write of the target sweeps both.
                        deleteAllBut(target, folder);
                    }
                    try (Stream<Path> files = Files.list(folder)) {
                        assertThat(files).as("after a failed %s", operation).containsExactly(target);
                    }
                });

        assertThat(operations).contains("force", "move", "write");
    }

    private static void deleteAllBut(Path kept, Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> others = files.filter(file -> !file.startsWith(kept) && !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path file : others) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo", "deflated", "folder", "bus", "plain", "npy"})
    void readingFailsAsIo(String name) throws Exception {
        List<String> operations = FaultyFileSystem.failEachAndReads(
                source(name),
                path -> {
                    try (BufferAllocator allocator = new RootAllocator()) {
                        if (name.equals("bus")) {
                            verify(allocator, path);
                        } else {
                            Frames.open(allocator, path, COPY).close();
                        }
                    }
                },
                (operation, thrown) -> assertThat(thrown || operation.equals("close"))
                        .as(operation)
                        .isTrue());

        assertThat(operations).contains("read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo", "folder", "plain", "npy"})
    void verifyingFailsAsIo(String name) throws Exception {
        FaultyFileSystem.failEachAndReads(
                source(name),
                path -> {
                    try (BufferAllocator allocator = new RootAllocator()) {
                        verify(allocator, path);
                    }
                },
                (operation, thrown) -> assertThat(thrown || operation.equals("close"))
                        .as(operation)
                        .isTrue());
    }

    private static void verify(BufferAllocator allocator, Path path) throws Exception {
        Verification verdict = Frames.verify(allocator, path, COPY.withMapping(Mapping.COPY));
        if (verdict.fault() != null) {
            throw verdict.fault();
        }
    }
}
