package org.arrownpz.sql.internal.worker;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Messages of a process' standard streams: a kind, a length, and as many bytes. What does not fit in the pipe waits for the
 * reader. Written by one thread at a time, and read by one.
 */
final class Pipe implements Closeable {
    /** The longest message but {@link #DATA}, which comes in parts of this length at most. */
    static final int LONGEST = 16 << 20;

    /** To the worker: a {@link Request}. */
    static final byte RUN = 'R';
    /** To the worker: end the statement. */
    static final byte CANCEL = 'C';
    /** From the worker: it can be used. */
    static final byte READY = 'Y';
    /** From the worker: what a statement takes and gives. */
    static final byte DESCRIPTION = 'T';
    /** From the worker: there are rows. */
    static final byte STARTED = 'S';
    /** From the worker: a part of an Arrow stream. */
    static final byte DATA = 'D';
    /** From the worker: the statement is over, and all that it took is given back. */
    static final byte END = 'E';
    /** From the worker: a {@link Failure}, and the end as well. */
    static final byte FAILED = 'F';

    private static final int HEADER = 5;
    private static final int PART = 1 << 20;

    private final DataInputStream in;
    private final WritableByteChannel out;

    Pipe(InputStream in, WritableByteChannel out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** The head of the next message: its kind, and how many bytes. */
    record Head(byte kind, int length) {}

    /**
     * Reads the head of the next message.
     *
     * @throws EOFException when the other side has ended
     * @throws IOException also when there is no message
     */
    Head next() throws IOException {
        byte kind = in.readByte();
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a message of " + length + " bytes");
        }
        return new Head(kind, length);
    }

    byte[] body(Head head) throws IOException {
        byte[] body = in.readNBytes(head.length());
        if (body.length < head.length()) {
            throw new EOFException();
        }
        return body;
    }

    /** Reads some bytes of a body; at least one. */
    int read(byte[] target, int length) throws IOException {
        int count = in.read(target, 0, length);
        if (count < 0) {
            throw new EOFException();
        }
        return count;
    }

    /** Writes a message. */
    synchronized void write(byte kind, byte[] body) throws IOException {
        if (body.length > LONGEST) {
            throw new IllegalArgumentException("the statement and its values are longer than " + LONGEST + " bytes");
        }
        writeFully(head(kind, body.length));
        writeFully(ByteBuffer.wrap(body));
    }

    private static ByteBuffer head(byte kind, int length) {
        return ByteBuffer.allocate(HEADER).put(kind).putInt(length).flip();
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** The channel on which bytes of an Arrow stream become messages. Closing it does nothing. */
    WritableByteChannel data() {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws IOException {
                int count = source.remaining();
                while (source.hasRemaining()) {
                    int length = Math.min(PART, source.remaining());
                    writeFully(head(DATA, length));
                    writeFully(source.slice(source.position(), length));
                    source.position(source.position() + length);
                }
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() throws IOException {
        try (in;
                out) {
            // Both.
        }
    }
}
