package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut short while they are read or copied, and files that are none. */
@ExtendWith(LeakCheck.class)
class CutIpcFilesTest {
    @TempDir
    Path directory;

    @Test
    void tellsThatTheFileWasCutShortWhileItWasOpen(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("long.arrow");
        try (VarCharVector text = new VarCharVector("text", allocator)) {
            for (int i = 0; i < 100_000; i++) {
                text.setSafe(i, new byte[] {(byte) ('a' + i % 26)});
            }
            text.setValueCount(100_000);
            Ipc.write(VectorSchemaRoot.of(text), path, IpcOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, path)) {
            reader.getVectorSchemaRoot();
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(8192);
            }
            assertThatThrownBy(reader::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 100_000})
    void tellsWhileWritingThatTheSourceWasCutShort(int rows, BufferAllocator allocator) throws IOException {
        // Short columns are copied together, long ones go to the system from where they lie.
        Path source = directory.resolve("source.arrow");
        try (BigIntVector number = new BigIntVector("number", allocator)) {
            for (int i = 0; i < rows; i++) {
                number.setSafe(i, i);
            }
            number.setValueCount(rows);
            Ipc.write(VectorSchemaRoot.of(number), source, IpcOptions.defaults());
        }
        Path target = Files.writeString(directory.resolve("target.arrow"), "former");
        for (IpcOptions.Compression compression : IpcOptions.Compression.values()) {
            Path copy = Files.copy(source, directory.resolve(compression + ".arrow"));
            try (MappedIpcReader reader = Ipc.open(allocator, copy)) {
                assertThat(reader.loadNextBatch()).isTrue();
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    channel.truncate(4096);
                }
                assertThatThrownBy(() -> Ipc.write(
                                reader.getVectorSchemaRoot(),
                                target,
                                IpcOptions.defaults().withCompression(compression)))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
            }
            assertThat(target).hasContent("former");
        }
    }

    @Test
    void tellsWhatIsWrongWithFilesThatAreNone(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("none.arrow");
        for (byte[] content : List.of(
                new byte[0],
                new byte[3],
                "ARROW1".getBytes(StandardCharsets.US_ASCII),
                "ARROW1\0\0ARROW1".getBytes(StandardCharsets.US_ASCII),
                "PAR1 and so on".getBytes(StandardCharsets.US_ASCII))) {
            Files.write(path, content);
            assertThatThrownBy(() -> Ipc.open(allocator, path))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("none.arrow");
        }
    }
}
