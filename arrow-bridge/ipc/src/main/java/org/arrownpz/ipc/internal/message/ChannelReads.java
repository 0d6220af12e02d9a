package org.arrownpz.ipc.internal.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.memory.ArrowBuf;

/** Reads that go on until the buffer is full or the channel ends. */
final class ChannelReads {
    private static final int WINDOW = 1 << 20;
    private static final int FIRST_BYTES = 1 << 16;

    private ChannelReads() {}

    /** The number of bytes read; less than the buffer has room for only at the end. */
    static int fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Short reads are normal for pipes.
        }
        return buffer.position() - start;
    }

    /**
     * The next bytes, that many unless the channel ends before. Memory is taken as they come in, not by the word of a
     * stream that may be a few bytes long.
     */
    static ByteBuffer bytes(ReadableByteChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(length, FIRST_BYTES));
        while (true) {
            int wanted = bytes.remaining();
            if (fill(channel, bytes) < wanted || bytes.capacity() == length) {
                return bytes.flip();
            }
            int capacity = (int) Math.min(length, 2L * bytes.capacity());
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
    }

    /** Fills the buffer's capacity and sets its writer index to the bytes read, which are returned. */
    static long fill(ReadableByteChannel channel, ArrowBuf buffer) throws IOException {
        long done = 0;
        while (done < buffer.capacity()) {
            int window = (int) Math.min(WINDOW, buffer.capacity() - done);
            int read = fill(channel, buffer.nioBuffer(done, window));
            done += read;
            if (read < window) {
                break;
            }
        }
        buffer.writerIndex(done);
        return done;
    }
}
