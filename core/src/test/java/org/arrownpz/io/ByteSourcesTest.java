package org.arrownpz.io;

import static org.arrownpz.io.SourceBytes.SIZE;
import static org.arrownpz.io.SourceBytes.bytes;
import static org.arrownpz.io.SourceBytes.checkReads;
import static org.arrownpz.io.SourceBytes.expected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MappedReferenceManager;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.HeapChannel;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files, buffers and channels as sources of bytes: mapped, through windows, and copied. */
@ExtendWith(LeakCheck.class)
final class ByteSourcesTest {
    private static final int WINDOW = 1 << 17;

    @TempDir
    Path directory;

    private final byte[] content = SourceBytes.content();

    private Path file() throws Exception {
        return Files.write(directory.resolve("data.bin"), content);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void givesTheSameBytesInEveryMode(Mapping mapping, BufferAllocator allocator) throws Exception {
        List<String> notes = new ArrayList<>();
        try (ByteSource source = ByteSources.open(allocator, file(), mapping, notes::add)) {
            checkReads(source);
            assertThat(source.views(100)).isEqualTo(mapping != Mapping.COPY);
        }
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mapping.class,
            names = {"READ_ONLY", "COPY_ON_WRITE"})
    void givesTheSameBytesThroughWindows(Mapping mapping, BufferAllocator allocator) throws Exception {
        try (ByteSource source = FileOpener.open(allocator, file(), mapping, WINDOW, note -> {})) {
            checkReads(source);
            assertThat(source.views(WINDOW / 2)).isTrue();
            assertThat(source.views(WINDOW)).isFalse();
            long before = allocator.getAllocatedMemory();
            try (ArrowBuf copied = source.region(0, SIZE);
                    ArrowBuf viewed = source.region(65_535, WINDOW / 2)) {
                assertThat(allocator.getAllocatedMemory() - before).isGreaterThanOrEqualTo(SIZE);
                assertThat(viewed.getReferenceManager()).isInstanceOf(MappedReferenceManager.class);
                assertThat(copied.getReferenceManager()).isNotInstanceOf(MappedReferenceManager.class);
            }
        }
    }

    @Test
    void cutsWindowsAtTheRegionsAndReusesThem(BufferAllocator allocator) throws Exception {
        Path file = file();
        try (ByteSource source = FileOpener.open(allocator, file, Mapping.READ_ONLY, WINDOW, note -> {})) {
            assertThat(Maps.mappings(file)).isZero();
            try (ArrowBuf first = source.region(150_000, 60_000);
                    ArrowBuf second = source.region(140_000, 60_000)) {
                assertThat(first.memoryAddress() - second.memoryAddress()).isEqualTo(10_000);
                assertThat(second.getReferenceManager()).isSameAs(first.getReferenceManager());
                assertThat(Maps.mappings(file)).isEqualTo(1);
                // Neighbours may show as one in the system's list, so windows are told apart by their managers.
                try (ArrowBuf third = source.region(10, 20)) {
                    assertThat(bytes(third)).isEqualTo(expected(10, 20));
                    assertThat(third.getReferenceManager()).isNotSameAs(first.getReferenceManager());
                }
            }
        }
        assertThat(Maps.mappings(file)).isZero();
    }

    @Test
    void readsBuffersAndChannels(BufferAllocator allocator) throws Exception {
        try (ByteSource heap = ByteSources.of(allocator, ByteBuffer.wrap(content));
                ByteSource direct = ByteSources.of(
                        allocator, ByteBuffer.allocateDirect(SIZE).put(content).flip());
                ByteSource channel = ByteSources.of(allocator, new HeapChannel(content, 1000));
                FileChannel opened = FileChannel.open(file());
                ByteSource ownFile = ByteSources.of(allocator, opened);
                ByteSource slice = heap.slice(0, SIZE)) {
            for (ByteSource source : List.of(heap, direct, channel, ownFile, slice)) {
                checkReads(source);
            }
            assertThat(channel.views(1)).isFalse();
            assertThat(direct.views(1)).isTrue();
        }
    }

    @Test
    void viewsTheReadableBytesOfABufferAndLeavesItToTheCaller(BufferAllocator allocator) throws Exception {
        try (ArrowBuf buffer = Allocations.allocate(allocator, SIZE + 10, Location.ofFile(null), "a test")) {
            buffer.setBytes(4, content);
            buffer.writerIndex(SIZE + 4).readerIndex(4);
            try (ByteSource source = ByteSources.of(buffer)) {
                checkReads(source);
                try (ArrowBuf region = source.region(8, 8)) {
                    assertThat(region.memoryAddress()).isEqualTo(buffer.memoryAddress() + 12);
                }
            }
            assertThat(buffer.refCnt()).isEqualTo(1);
        }
    }

    @Test
    void leavesAChannelOpenThatItDoesNotOwn(BufferAllocator allocator) throws Exception {
        HeapChannel channel = new HeapChannel(content);
        ByteSources.of(allocator, channel).close();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void regionsOutliveTheSource(BufferAllocator allocator) throws Exception {
        Path file = file();
        for (Mapping mapping : Mapping.values()) {
            ArrowBuf region;
            try (ByteSource source = ByteSources.open(allocator, file, mapping)) {
                region = source.region(100, 100);
                source.close();
                source.close();
                assertThatThrownBy(() -> source.region(0, 10))
                        .isInstanceOfAny(IllegalStateException.class, NpzException.class);
            }
            assertThat(bytes(region)).isEqualTo(expected(100, 100));
            region.close();
        }
        assertThat(Maps.mappings(file)).isZero();
    }

    @Test
    void givesFreshBuffersWithIndexesOfTheirOwn(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file(), Mapping.READ_ONLY);
                ArrowBuf first = source.region(0, 64);
                ArrowBuf second = source.region(0, 64);
                ArrowBuf third = Buffers.slice(first, 0, 64)) {
            first.writerIndex(8);
            assertThat(second).isNotSameAs(first);
            assertThat(second.writerIndex()).isEqualTo(64);
            assertThat(third.writerIndex()).isEqualTo(64);
            assertThat(third.memoryAddress()).isEqualTo(first.memoryAddress());
        }
    }

    @Test
    void keepsTheDescriptorOfAMappedFileForLongReadsUntilItIsClosed(BufferAllocator allocator) throws Exception {
        Path file = file();
        String opened = file.toRealPath().toString();
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            assertThat(source.isReadQuickly()).isTrue();
            assertThat(Maps.openFiles()).contains(opened);
        }
        assertThat(Maps.openFiles()).doesNotContain(opened);
        Path brief = Files.write(directory.resolve("brief.bin"), new byte[1000]);
        try (ByteSource source = ByteSources.open(allocator, brief, Mapping.READ_ONLY)) {
            assertThat(source.isReadQuickly()).isFalse();
            assertThat(Maps.openFiles()).doesNotContain(brief.toRealPath().toString());
        }
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.COPY_ON_WRITE)) {
            assertThat(source.isReadQuickly()).isFalse();
            assertThat(Maps.openFiles()).doesNotContain(opened);
        }
    }

    @Test
    void readsTheMappingWhereAnInterruptHasClosedTheChannel(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file(), Mapping.READ_ONLY)) {
            ByteBuffer first = ByteBuffer.allocate(SIZE);
            Thread.currentThread().interrupt();
            source.read(0, first);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(first.array()).isEqualTo(content);
            source.read(0, first.clear());
            assertThat(first.array()).isEqualTo(content);
        }
    }

    @Test
    void refusesALongReadOfAMappedFileThatIsClosed(BufferAllocator allocator) throws Exception {
        ByteSource source = ByteSources.open(allocator, file(), Mapping.READ_ONLY);
        source.close();
        assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(SIZE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void readsShortFilesOfADirectoryAsAWhole(BufferAllocator allocator) throws Exception {
        byte[] few = Arrays.copyOf(content, 900);
        Path brief = Files.write(directory.resolve("brief.bin"), few);
        file();
        DirectoryFiles files = new DirectoryFiles(allocator, directory, Mapping.READ_ONLY);
        try (files;
                ByteSource source = files.open("brief.bin", Location.ofFile("brief"));
                ByteSource other = files.open("data.bin", Location.ofFile("data"))) {
            Files.write(brief, new byte[10]);
            source.checkUnchanged();
            ByteBuffer read = ByteBuffer.allocate(900);
            source.read(0, read);
            assertThat(read.array()).isEqualTo(few);
            assertThat(source.views(900)).isTrue();
            assertThat(source.slice(1, 2).copied()).isEqualTo("a short file of a directory: read as a whole");
            assertThat(other.copied()).isNull();
            checkReads(other);
            assertThat(Maps.openFiles()).doesNotContain(brief.toRealPath().toString());
            assertThat(Maps.openFiles())
                    .doesNotContain(directory.resolve("data.bin").toRealPath().toString());
        }
        assertThatThrownBy(() -> files.open("absent", Location.ofFile("absent")))
                .isInstanceOf(NpzException.class);
        assertThatThrownBy(() -> files.open(".", Location.ofFile("directory"))).isInstanceOf(NpzException.class);
    }

    @Test
    void opensFilesByTheirPathsWhereDirectoriesCannotBeHeldOpen(BufferAllocator allocator) throws Exception {
        file();
        byte[] few = Arrays.copyOf(content, 900);
        Files.write(directory.resolve("brief.bin"), few);
        Path elsewhere = new FaultyFileSystem((operation, number) -> false).path(directory);
        try (DirectoryFiles files = new DirectoryFiles(allocator, elsewhere, Mapping.READ_ONLY);
                ByteSource source = files.open("brief.bin", Location.ofFile("brief"));
                ByteSource other = files.open("data.bin", Location.ofFile("data"));
                ArrowBuf region = source.region(0, 900)) {
            assertThat(bytes(region)).isEqualTo(few);
            checkReads(other);
            assertThatThrownBy(() -> files.open("absent", Location.ofFile("absent")))
                    .isInstanceOf(NpzException.class);
        }
        try (DirectoryFiles none = new DirectoryFiles(allocator, directory.resolve("none"), Mapping.READ_ONLY)) {
            assertThatThrownBy(() -> none.open("brief.bin", Location.ofFile("brief")))
                    .isInstanceOf(NpzException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensAnEmptyFile(Mapping mapping, BufferAllocator allocator) throws Exception {
        Path file = Files.createFile(directory.resolve("empty"));
        try (ByteSource source = ByteSources.open(allocator, file, mapping);
                ArrowBuf region = source.region(0, 0)) {
            assertThat(source.size()).isZero();
            assertThat(region.capacity()).isZero();
            source.read(0, ByteBuffer.allocate(0));
        }
    }

    @Test
    void opensASparseFileLargerThanMemory(BufferAllocator allocator) throws Exception {
        long size = 40L << 30;
        Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
            sparse.seek(size - 8);
            sparse.writeLong(0x0102030405060708L);
        }
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            ByteBuffer tail = ByteBuffer.allocate(8);
            source.read(size - 8, tail);
            assertThat(tail.flip().getLong()).isEqualTo(0x0102030405060708L);
            long start = size - (1L << 30);
            try (ArrowBuf column = source.region(start, 1L << 30);
                    ArrowBuf middle = source.region(7L << 30, 100)) {
                assertThat(Long.reverseBytes(column.getLong((1L << 30) - 8))).isEqualTo(0x0102030405060708L);
                assertThat(middle.getByte(99)).isZero();
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
            boolean oneMapping = Runtime.version().feature() >= 22;
            assertThat(source.views(3L << 30)).isEqualTo(oneMapping);
            if (oneMapping) {
                try (ArrowBuf all = source.region(0, size)) {
                    assertThat(Long.reverseBytes(all.getLong(size - 8))).isEqualTo(0x0102030405060708L);
                }
            }
        }
        assertThat(Maps.mappings(file)).isZero();
    }

    @Test
    void writesIntoCopyOnWriteMemoryStayOutOfTheFile(BufferAllocator allocator) throws Exception {
        Path file = file();
        List<String> notes = new ArrayList<>();
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.COPY_ON_WRITE, notes::add);
                ArrowBuf region = source.region(0, 8)) {
            region.setLong(0, ~region.getLong(0));
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
        assertThat(notes).isEmpty();
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void mapsReadOnlyWithANoteWhereTheFileCannotBeWritten(BufferAllocator allocator) throws Exception {
        Path file = file();
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("open"));
        List<String> notes = new ArrayList<>();
        try (ByteSource source = ByteSources.open(allocator, system.path(file), Mapping.COPY_ON_WRITE, notes::add)) {
            checkReads(source);
        }
        // The second note: this file system has no mappings at all.
        assertThat(notes)
                .satisfiesExactly(
                        note -> assertThat(note).contains("read-only", "cannot be written"),
                        note -> assertThat(note).contains("copied"));
    }
}
