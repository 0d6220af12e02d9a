package org.arrownpz.io;

import static org.arrownpz.io.SourceBytes.SIZE;
import static org.arrownpz.io.SourceBytes.checkReads;
import static org.arrownpz.io.SourceBytes.expected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.HeapChannel;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that cannot be opened, and files that change under their sources. */
@ExtendWith(LeakCheck.class)
final class ByteSourceFaultsTest {
    @TempDir
    Path directory;

    private final byte[] content = SourceBytes.content();

    private Path file() throws Exception {
        return Files.write(directory.resolve("data.bin"), content);
    }

    @Test
    void refusesARegionBeyondTheAllocatorsLimit(BufferAllocator allocator) throws Exception {
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 1000);
                ByteSource source = ByteSources.open(small, file(), Mapping.COPY)) {
            NpzException fault = catchThrowableOfType(NpzException.class, () -> source.region(0, SIZE));
            assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
        }
        assertThat(AllocationFaults.refuseEach(refusing -> {
                    try (ByteSource source = ByteSources.of(refusing, ByteBuffer.wrap(content));
                            ByteSource channel = ByteSources.of(refusing, new HeapChannel(content))) {
                        channel.region(0, 10).close();
                    }
                }))
                .isEqualTo(2);
    }

    @Test
    void namesWhatIsNotAReadableFile(BufferAllocator allocator) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path path : List.of(directory, directory.resolve("missing"), pipe, Path.of("/dev/null"))) {
            for (Mapping mapping : Mapping.values()) {
                NpzException fault =
                        catchThrowableOfType(NpzException.class, () -> ByteSources.open(allocator, path, mapping));
                assertThat(fault.code()).isEqualTo(ErrorCode.IO);
                assertThat(fault.file()).isEqualTo(path.toString());
                assertThat(fault.remedy()).isNotBlank();
            }
        }
    }

    @Test
    void reportsAFileCutShortBetweenItsCheckAndItsFirstRead(BufferAllocator allocator) throws Exception {
        Path file = file();
        Location location = Location.ofFile("data.bin");
        FileState state = FileState.of(file, location);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.truncate(SIZE / 2);
        try (ByteSource source = new ChannelSource(allocator, channel, state, location)) {
            NpzException fault = catchThrowableOfType(
                    NpzException.class, () -> source.read(SIZE / 2 - 10, ByteBuffer.allocate(20_000)));
            assertThat(fault.code()).isEqualTo(ErrorCode.FILE_CHANGED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 30, 4096, 70_000, 150_000})
    void reportsAFileCutShortUnderItsMapping(int length, BufferAllocator allocator) throws Exception {
        Path file = file();
        int offset = 8192;
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY);
                ByteSource copying = ByteSources.open(allocator, file, Mapping.COPY);
                ArrowBuf region = source.region(offset, length);
                ArrowBuf target = Allocations.allocate(allocator, length, Location.ofFile("x"), "a test");
                FileChannel out = FileChannel.open(
                        directory.resolve("out"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                StagedOutput sink = new StagedOutput(out, Location.ofFile("out"))) {
            try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                cut.truncate(4096);
            }
            for (int i = 0; i < 50; i++) {
                assertChanged(() -> source.read(offset, ByteBuffer.allocate(length)));
                assertChanged(() -> source.read(offset, ByteBuffer.allocateDirect(length)));
                assertChanged(() -> source.read(0, ByteBuffer.allocate(offset + length)));
                assertChanged(() -> Allocations.copy(region, 0, target, 0, length, Location.ofFile("x")));
                assertChanged(() -> sink.write(region, 0, length));
                assertChanged(() -> copying.region(offset, length));
                assertChanged(() -> MemoryAccess.guard(Location.ofFile("x"), () -> region.getByte(length - 1)));
                // Whatever is thrown because of a page that is gone says so.
                assertChanged(() -> MemoryAccess.reading(Location.ofFile("x"), () -> {
                    byte value = region.getByte(length - 1);
                    throw new IllegalStateException("found " + value);
                }));
            }
            assertChanged(() -> source.checkUnchanged());
            assertChanged(() -> copying.slice(0, 10).checkUnchanged());
            ByteBuffer kept = ByteBuffer.allocate(4096);
            source.read(0, kept);
            assertThat(kept.array()).isEqualTo(expected(0, 4096));
        }
    }

    private static void assertChanged(ThrowingCallable action) {
        NpzException fault = catchThrowableOfType(NpzException.class, action);
        assertThat(fault).isNotNull();
        assertThat(fault.code()).isEqualTo(ErrorCode.FILE_CHANGED);
    }

    @Test
    void reportsAnObjectThatBecameShorter(BufferAllocator allocator) throws Exception {
        HeapChannel channel = new HeapChannel(content);
        try (ByteSource source = ByteSources.of(allocator, channel)) {
            channel.cut(10);
            assertChanged(() -> source.region(5, 10));
        }
    }

    @Test
    void tellsAnInPlaceChangeFromAReplacement(BufferAllocator allocator) throws Exception {
        Path file = file();
        try (ByteSource source = ByteSources.open(allocator, file, Mapping.READ_ONLY)) {
            source.checkUnchanged();
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
            assertChanged(() -> source.checkUnchanged());
            Path other = Files.write(directory.resolve("other"), new byte[10]);
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            source.checkUnchanged();
            Files.delete(file);
            source.checkUnchanged();
            checkReads(source);
        }
    }

    @Test
    void turnsAnInterruptIntoATypedFault(BufferAllocator allocator) throws Exception {
        try (ByteSource source = ByteSources.open(allocator, file(), Mapping.COPY)) {
            Thread.currentThread().interrupt();
            NpzException fault = catchThrowableOfType(NpzException.class, () -> source.region(0, 100));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(fault.code()).isEqualTo(ErrorCode.IO);
            assertThat(fault).hasMessageContaining("interrupted");
        }
        try (ByteSource mapped = ByteSources.open(allocator, file(), Mapping.READ_ONLY)) {
            Thread.currentThread().interrupt();
            mapped.region(0, 100).close();
            mapped.read(0, ByteBuffer.allocate(100));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
