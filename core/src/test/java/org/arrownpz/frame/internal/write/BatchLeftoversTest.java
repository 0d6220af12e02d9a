package org.arrownpz.frame.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Roots;
import org.arrownpz.frame.SlicedReader;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a process leaves that dies while batches wait in temporary files. */
@ExtendWith(LeakCheck.class)
class BatchLeftoversTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    /** Above every process id that Linux gives. */
    private static final String GONE = "4999999999";

    private static void write(BufferAllocator allocator, Path target, long heldLimit) throws Exception {
        try (VectorSchemaRoot root = Roots.root(Roots.longs(allocator, "n", 1, 2, 3, 4, 5));
                ArrowReader reader = new SlicedReader(allocator, root, new int[] {2, 3})) {
            BatchWriter.write(reader, target, FAST, heldLimit);
        }
    }

    /** What lies there, as a process leaves it that has ended since. */
    private static Path copyOfTheDead(Path folder, Path copy) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = folder.relativize(file).toString();
                Path place =
                        copy.resolve(name.replace("." + ProcessHandle.current().pid() + "-", "." + GONE + "-"));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(place);
                } else {
                    Files.copy(file, place);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theNextWriteRemovesWhateverTheDeadOneLeft(BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("alive")).resolve("target.npz");
        Files.writeString(target, "old");
        List<Path> copies = new ArrayList<>();
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> {
            copies.add(copyOfTheDead(target.getParent(), folder.resolve("dead" + number)));
            return false;
        });
        write(allocator, system.path(target), 0);
        assertThat(system.operations()).contains("create", "move", "delete");

        int leftovers = 0;
        for (int i = 0; i < copies.size(); i++) {
            leftovers += count(copies.get(i)) > 1 ? 1 : 0;
            write(allocator, copies.get(i).resolve("target.npz"), Long.MAX_VALUE);
            assertThat(count(copies.get(i)))
                    .as(
                            "files after the write that follows a death before the %s",
                            system.operations().get(i))
                    .isOne();
        }
        assertThat(leftovers).isGreaterThan(copies.size() / 2);
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
