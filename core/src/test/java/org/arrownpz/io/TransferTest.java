package org.arrownpz.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.internal.storage.StagedOutput;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes from file to file, moved by the system or read. */
@ExtendWith(LeakCheck.class)
class TransferTest {
    private static final int SIZE = 3 * StagedOutput.CAPACITY + 5;

    @TempDir
    Path directory;

    private byte[] write(String name) throws Exception {
        byte[] bytes = new byte[SIZE];
        new Random(3).nextBytes(bytes);
        Files.write(directory.resolve(name), bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"READ_ONLY, 1000000", "READ_ONLY, 1000", "COPY, 1000000", "COPY_ON_WRITE, 1000000"})
    void appendsPartsOfSourcesBetweenOtherBytes(Mapping mapping, int length, BufferAllocator allocator)
            throws Exception {
        byte[] bytes = write("source");
        int count = Math.min(length, SIZE - 10);
        Path target = directory.resolve("target");
        try (ByteSource source = ByteSources.open(allocator, directory.resolve("source"), mapping);
                FileChannel channel =
                        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                StagedOutput output = new StagedOutput(channel, Location.ofFile("target"))) {
            output.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            output.transfer(source.slice(5, SIZE - 5).slice(2, count));
            output.write(ByteBuffer.wrap(new byte[] {4}));
            output.flush();
            assertThat(output.position()).isEqualTo(count + 4L);
        }
        byte[] found = Files.readAllBytes(target);
        assertThat(found).hasSize(count + 4).startsWith(1, 2, 3).endsWith(4);
        assertThat(Arrays.copyOfRange(found, 3, count + 3)).isEqualTo(Arrays.copyOfRange(bytes, 7, count + 7));
    }

    @Test
    void readsWhatTheSystemCannotMove(BufferAllocator allocator) throws Exception {
        byte[] bytes = write("source");
        Path target = directory.resolve("target");
        try (ByteSource source = ByteSources.of(allocator, ByteBuffer.wrap(bytes));
                FileChannel channel =
                        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThat(source.transferTo(0, SIZE, channel)).isZero();
            try (StagedOutput output = new StagedOutput(channel, Location.ofFile("target"))) {
                output.transfer(source);
                output.flush();
            }
            assertThatThrownBy(() -> source.transferTo(1, SIZE, channel)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void namesTheFileThatBecameShorter(BufferAllocator allocator) throws Exception {
        write("source");
        Path path = directory.resolve("source");
        Path target = directory.resolve("target");
        try (ByteSource source = ByteSources.open(allocator, path, Mapping.COPY);
                FileChannel cut = FileChannel.open(path, StandardOpenOption.WRITE);
                FileChannel channel =
                        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                StagedOutput output = new StagedOutput(channel, Location.ofFile("target"))) {
            cut.truncate(1000);
            assertThatThrownBy(() -> output.transfer(source))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("FILE_CHANGED");
        }
    }

    @Test
    void tellsWhichFileCannotBeWritten(BufferAllocator allocator) throws Exception {
        write("source");
        Path path = directory.resolve("source");
        Path target = directory.resolve("target");
        try (ByteSource source = ByteSources.open(allocator, path, Mapping.READ_ONLY);
                FileChannel channel =
                        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            StagedOutput output = new StagedOutput(channel, Location.ofFile("target"));
            channel.close();
            assertThatThrownBy(() -> output.transfer(source))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("target");
            output.close();
            assertThatIllegalStateException().isThrownBy(() -> output.transfer(source));
        }
    }
}
