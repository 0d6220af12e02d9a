package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How long a frame's memory lives, and what a closed frame says. */
@ExtendWith(LeakCheck.class)
class SharedFrameTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write(BufferAllocator allocator) throws Exception {
        file = directory.resolve("frame.npz");
        try (BigIntVector key = new BigIntVector("key", allocator);
                BigIntVector value = new BigIntVector("value", allocator)) {
            for (int i = 0; i < 10; i++) {
                key.setSafe(i, i / 2);
                value.setSafe(i, 10L * i);
            }
            key.setValueCount(10);
            value.setValueCount(10);
            Frames.write(VectorSchemaRoot.of(key, value), file, SharedThings.FAST);
        }
    }

    private static long value(Frame frame, int row) throws NpzException {
        return ((BigIntVector) frame.root().getVector("value")).get(row);
    }

    @Test
    void vectorsStayUntilTheLastHolderIsClosed(BufferAllocator allocator) throws Exception {
        Frame frame = Frames.open(allocator, file);
        Frame second = frame.share();
        Frame third = second.share();
        frame.close();
        frame.close();
        second.close();
        assertThat(value(third, 7)).isEqualTo(70);
        assertThat(third.columnNames()).containsExactly("key", "value");
        third.close();
        assertThat(Maps.mappings(file)).isZero();
    }

    @Test
    void framesOfTheSameDataAreClosedTogetherWhoeverIsClosed(BufferAllocator allocator) throws Exception {
        Frame frame = Frames.open(allocator, file);
        Frame named = frame.withIndex("value").withName("n");
        try (Frame held = named.share()) {
            frame.close();
            named.close();
            assertThat(value(held, 3)).isEqualTo(30);
            assertThatThrownBy(named::share).isInstanceOf(IllegalStateException.class);
        }
        assertThat(Maps.mappings(file)).isZero();
    }

    @Test
    void closedFrameSaysSo(BufferAllocator allocator) throws Exception {
        Frame frame = Frames.open(allocator, file);
        ArrowReader reader = frame.reader(3);
        assertThat(reader.loadNextBatch()).isTrue();
        frame.close();
        assertThatThrownBy(frame::root).hasMessage("The frame is closed");
        assertThatThrownBy(frame::interchangeRoot).hasMessage("The frame is closed");
        assertThatThrownBy(frame::copy).hasMessage("The frame is closed");
        assertThatThrownBy(frame::share).hasMessage("The frame is closed");
        assertThatThrownBy(() -> frame.select("key")).hasMessage("The frame is closed");
        assertThatThrownBy(() -> frame.block(0)).hasMessage("The frame is closed");
        assertThatThrownBy(reader::loadNextBatch).hasMessage("The frame is closed");
        assertThatThrownBy(() -> Events.pack(frame, PackSpec.by("key"))).hasMessage("The frame is closed");
        assertThatThrownBy(() -> Frames.write(frame, directory.resolve("out.npz"), SharedThings.FAST))
                .hasMessage("The frame is closed");
        // The batch is the reader's own.
        assertThat(((BigIntVector) reader.getVectorSchemaRoot().getVector("value")).get(2))
                .isEqualTo(20);
        reader.close();
        assertThatThrownBy(reader::loadNextBatch).hasMessage("The reader is closed");
    }

    @Test
    void frameWithAnotherIndexNoticesThatItsFileChanged(BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, file);
                Frame indexed = frame.withIndex("value")) {
            indexed.checkUnchanged();
            FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5000);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {0}), 64);
            }
            Files.setLastModifiedTime(file, later);
            assertThatThrownBy(indexed::checkUnchanged)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
    }
}
