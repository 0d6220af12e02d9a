package org.arrownpz.npz.internal.zip;

import static org.arrownpz.npz.internal.zip.Bent.NAME;
import static org.arrownpz.npz.internal.zip.Bent.PLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.internal.zip.write.ReservedMember;
import org.arrownpz.npz.internal.zip.write.ZipEmitter;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the emitter refuses. */
@ExtendWith(LeakCheck.class)
class ZipWritingCornersTest {
    @Test
    void outputsThatCannotBeWrittenAreIoFaults(@TempDir Path directory) throws Exception {
        FileChannel channel =
                FileChannel.open(directory.resolve("out"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (ZipEmitter emitter = new ZipEmitter(channel, PLACE, 0)) {
            channel.close();
            assertThatThrownBy(() -> emitter.reserve(NAME, new byte[4], 1, 8))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
            emitter.close();
        }
        assertThatThrownBy(() -> new ZipEmitter(channel, PLACE, 0).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("the channel is closed");
    }

    @Test
    void membersAreWrittenOneAfterTheOtherAndWhole(@TempDir Path directory, BufferAllocator allocator)
            throws Exception {
        Path path = directory.resolve("out.npz");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ZipEmitter emitter = new ZipEmitter(channel, PLACE, 0);
                ArrowBuf data = allocator.buffer(16)) {
            data.setLong(0, 1);
            data.setLong(8, 2);
            assertThatThrownBy(() -> emitter.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(emitter::end).isInstanceOf(IllegalArgumentException.class);
            ReservedMember room = emitter.reserve("r.npy".getBytes(StandardCharsets.UTF_8), new byte[64], 2, 8);
            assertThat(emitter.reserve("e.npy".getBytes(StandardCharsets.UTF_8), new byte[64], 0, 8)
                            .missing())
                    .isZero();
            emitter.begin(NAME, 4, false, -1);
            assertThatThrownBy(() -> emitter.begin(NAME, 4, false, -1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(emitter::finish).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> room.part(0).write(data, 0, 8)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> emitter.write(ByteBuffer.allocate(5)))
                    .isInstanceOf(IllegalArgumentException.class);
            emitter.write(data, 0, 3);
            assertThatThrownBy(emitter::end).isInstanceOf(IllegalArgumentException.class);
            emitter.write(ByteBuffer.wrap(new byte[] {9}));
            emitter.end();
            assertThatThrownBy(() -> emitter.complete(room))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("16 bytes");
            room.part(1).write(data, 8, 8);
            assertThatThrownBy(() -> room.part(1).write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            room.part(0).write(ByteBuffer.allocate(3));
            assertThatThrownBy(() -> room.part(0).write(data, 0, 6)).isInstanceOf(IllegalArgumentException.class);
            assertThat(room.missing()).isEqualTo(5);
            room.part(0).write(data, 3, 5);
            emitter.complete(room);
            emitter.finish();
        }
        try (NpzFile file = NpzFile.open(allocator, path)) {
            byte[] expected = new byte[80];
            expected[72] = 2;
            assertThat(file.bytes("r", 100)).isEqualTo(expected);
            assertThat(file.bytes("a", 100)).containsExactly(1, 0, 0, 9);
        }
    }
}
