package org.arrownpz.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
final class StagedOutputTest {
    private static final Location PLACE = Location.ofFile("out");

    @TempDir
    Path directory;

    private static FileChannel open(Path path) throws Exception {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Test
    void writesAllKindsOfSourcesInOrder(BufferAllocator allocator) throws Exception {
        Path out = directory.resolve("out");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Random random = new Random(3);
        try (FileChannel channel = open(out);
                StagedOutput sink = new StagedOutput(channel, PLACE)) {
            for (int length : new int[] {0, 1, 100, 1 << 20, (1 << 20) - 101, 3_000_000, 5}) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                ByteBuffer heap = ByteBuffer.wrap(bytes);
                sink.write(heap);
                assertThat(heap.hasRemaining()).isFalse();
                ByteBuffer direct = ByteBuffer.allocateDirect(length + 3)
                        .position(3)
                        .put(bytes)
                        .position(3);
                sink.write(direct);
                assertThat(direct.hasRemaining()).isFalse();
                try (ArrowBuf buffer = Allocations.allocate(allocator, length + 7L, PLACE, "a test")) {
                    buffer.setBytes(7, bytes);
                    sink.write(buffer, 7, length);
                }
                for (int i = 0; i < 3; i++) {
                    expected.write(bytes);
                }
                assertThat(sink.position()).isEqualTo(expected.size());
            }
            sink.flush();
        }
        assertThat(Files.readAllBytes(out)).isEqualTo(expected.toByteArray());
    }

    @Test
    void gathersSmallWrites(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> false);
        try (FileChannel channel = open(system.path(directory.resolve("out")));
                StagedOutput sink = new StagedOutput(channel, PLACE)) {
            for (int i = 0; i < 10_000; i++) {
                sink.write(ByteBuffer.allocate(20));
            }
            sink.flush();
            assertThat(system.operations()).containsExactly("create", "write");
        }
    }

    @Test
    void reportsAFullDisk(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("write"));
        try (FileChannel channel = open(system.path(directory.resolve("out")));
                StagedOutput sink = new StagedOutput(channel, PLACE)) {
            NpzException fault =
                    catchThrowableOfType(NpzException.class, () -> sink.write(ByteBuffer.allocateDirect(2 << 20)));
            assertThat(fault.code()).isEqualTo(ErrorCode.IO);
            assertThat(fault.file()).isEqualTo("out");
        }
    }

    @Test
    void refusesRangesOutsideTheSourceAndUseAfterClose(BufferAllocator allocator) throws Exception {
        try (FileChannel channel = open(directory.resolve("out"));
                ArrowBuf buffer = Allocations.allocate(allocator, 10, PLACE, "a test")) {
            StagedOutput sink = new StagedOutput(channel, PLACE);
            assertThatThrownBy(() -> sink.write(buffer, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
            sink.close();
            sink.close();
            assertThatThrownBy(() -> sink.write(buffer, 0, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sink.write(ByteBuffer.allocateDirect(1)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
