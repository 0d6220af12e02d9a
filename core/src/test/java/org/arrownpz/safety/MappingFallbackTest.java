package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Copy-on-write falls back to read-only, and that to copying; a note says so, and no file stays open. */
@ExtendWith(LeakCheck.class)
class MappingFallbackTest {
    private static final BiPredicate<String, Integer> NEVER = (operation, number) -> false;

    @TempDir
    private static Path directory;

    private static Path file;

    @BeforeAll
    static void makesSample() throws Exception {
        file = new Samples(directory).zoo;
    }

    /** Opens the file, and gives the notes; the values must be those of the file, mapped or copied. */
    private static List<String> open(BufferAllocator allocator, FaultyFileSystem system, boolean mapped)
            throws Exception {
        List<String> notes = new ArrayList<>();
        try (ByteSource source = ByteSources.open(allocator, system.path(file), Mapping.COPY_ON_WRITE, notes::add);
                ByteSource plain = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            assertThat(source.size()).isEqualTo(plain.size());
            try (var found = source.region(0, source.size());
                    var expected = plain.region(0, plain.size())) {
                byte[] bytes = new byte[(int) source.size()];
                found.getBytes(0, bytes);
                byte[] wanted = new byte[bytes.length];
                expected.getBytes(0, wanted);
                assertThat(bytes).isEqualTo(wanted);
                assertThat(allocator.getAllocatedMemory() == 0)
                        .as("the file is mapped")
                        .isEqualTo(mapped);
            }
        }
        return notes;
    }

    private static long closes(FaultyFileSystem system) {
        return system.operations().stream().filter("close"::equals).count();
    }

    @Test
    void copyOnWriteIsHadWhereTheSystemHasIt(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system =
                new FaultyFileSystem(NEVER).mapping(MapMode.PRIVATE).mapping(MapMode.READ_ONLY);

        assertThat(open(allocator, system, true)).isEmpty();
        assertThat(system.operations()).containsExactly("open", "map", "close");
    }

    @Test
    void aSystemWithoutCopyOnWriteMapsReadOnly(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem(NEVER).mapping(MapMode.READ_ONLY);

        assertThat(open(allocator, system, true))
                .singleElement()
                .asString()
                .contains("read-only instead of copy-on-write", "no such mappings");
        assertThat(closes(system)).isEqualTo(2);
    }

    @Test
    void aRefusedCopyOnWriteMapsReadOnly(BufferAllocator allocator) throws Exception {
        boolean[] first = {true};
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> {
                    boolean fails = operation.equals("map") && first[0];
                    first[0] &= !fails;
                    return fails;
                })
                .mapping(MapMode.PRIVATE)
                .mapping(MapMode.READ_ONLY);

        assertThat(open(allocator, system, true))
                .singleElement()
                .asString()
                .contains("read-only instead of copy-on-write");
        assertThat(closes(system)).isEqualTo(2);
    }

    @Test
    void aFileThatCannotBeWrittenIsMappedReadOnly(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("open"))
                .mapping(MapMode.PRIVATE)
                .mapping(MapMode.READ_ONLY);

        assertThat(open(allocator, system, true))
                .singleElement()
                .asString()
                .contains("read-only instead of copy-on-write", "cannot be written");
        assertThat(closes(system)).isEqualTo(1);
    }

    @Test
    void aSystemWithoutMappingsCopies(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem(NEVER);

        assertThat(open(allocator, system, false))
                .satisfiesExactly(
                        note -> assertThat(note).contains("read-only instead of copy-on-write"),
                        note -> assertThat(note).contains("copied instead of mapped"));
    }

    @Test
    void aSystemThatFailsToMapCopies(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system =
                new FaultyFileSystem((operation, number) -> operation.equals("map")).mapping(MapMode.READ_ONLY);

        assertThat(open(allocator, system, false))
                .satisfiesExactly(
                        note -> assertThat(note).contains("read-only instead of copy-on-write"),
                        note -> assertThat(note).contains("copied instead of mapped", "no such mappings"));
    }

    @Test
    void aFrameTellsOfItInItsReport(BufferAllocator allocator) throws Exception {
        ReadOptions options =
                ReadOptions.defaults().withMapping(Mapping.COPY_ON_WRITE).withVerify(Verify.CONTENT);
        FaultyFileSystem system = new FaultyFileSystem(NEVER).mapping(MapMode.READ_ONLY);
        try (Frame fallen = Frames.open(allocator, system.path(file), options);
                Frame wished = Frames.open(allocator, file, options)) {
            assertThat(String.join("\n", fallen.copyReport().notes())).contains("read-only instead of copy-on-write");
            assertThat(String.join("\n", wished.copyReport().notes())).doesNotContain("read-only instead");
            for (FieldVector vector : wished.root().getFieldVectors()) {
                assertThat(RandomVectors.values(fallen.root().getVector(vector.getName())))
                        .isEqualTo(RandomVectors.values(vector));
            }
            assertThat(fallen.copyReport().copiedBytes())
                    .isEqualTo(wished.copyReport().copiedBytes());
        }
    }
}
