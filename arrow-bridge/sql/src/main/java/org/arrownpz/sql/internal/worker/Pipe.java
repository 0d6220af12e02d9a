package org.arrownpz.sql.internal.worker;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a process' standard streams: a kind, a length, and as many bytes. Long parts of Arrow streams lie in memory
 * that both processes share, where there is such, as slots of a file without a name: the parent copies them from there,
 * and gives the slot back. What does not fit waits for the reader. Written by one thread at a time, and read by one.
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
    /** From the worker: a part of an Arrow stream, in the next slot of the shared memory. */
    private static final byte SLOT = 'M';
    /** To the worker: the oldest {@link #FREED} slots that are in use are free. */
    static final byte FREE = 'A';
    /** From the worker: the statement is over, and all that it took is given back. */
    static final byte END = 'E';
    /** From the worker: a {@link Failure}, and the end as well. */
    static final byte FAILED = 'F';

    private static final int HEADER = 5;
    private static final int PART = 1 << 20;
    /** More than a batch of rows, which is read while the next one is made. */
    private static final int SLOTS = 16;
    /** Slots that are given back at a time; far fewer than there are. */
    private static final int FREED = 4;
    /** Shorter parts are not worth a slot. */
    private static final int LEAST = 1 << 15;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final ByteBuffer head = ByteBuffer.allocateDirect(HEADER);
    /** Slots that the parent has read, or never had. */
    private final Semaphore free = new Semaphore(SLOTS);

    private @Nullable FileChannel shared;
    /** The memory as its writer sees it. */
    private @Nullable ByteBuffer mapped;

    private long slot;
    /** Bytes of the slot that are not read yet. */
    private int left;

    /** @param shared the memory of both processes, or null; closed with this */
    Pipe(ReadableByteChannel in, WritableByteChannel out, @Nullable FileChannel shared) {
        this.in = in;
        this.out = out;
        this.shared = shared;
    }

    /** Opens the memory that both processes share; null where there is none. */
    static @Nullable FileChannel memory(Path file, OpenOption... how) {
        try {
            return FileChannel.open(file, how);
        } catch (IOException e) {
            return null;
        }
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
        readFully(head.clear());
        byte kind = head.get(0);
        int length = head.getInt(1);
        if (length < 0 || length > (kind == SLOT ? PART : LONGEST)) {
            throw new IOException("a message of " + length + " bytes");
        }
        left = kind == SLOT ? length : 0;
        return new Head(kind == SLOT ? DATA : kind, length);
    }

    byte[] body(Head head) throws IOException {
        byte[] body = new byte[head.length()];
        readFully(ByteBuffer.wrap(body));
        return body;
    }

    /** Reads some bytes of a body; at least one. */
    int read(ByteBuffer target) throws IOException {
        FileChannel memory = left > 0 ? shared : null;
        int count = memory == null ? in.read(target) : memory.read(target, place() + PART - left);
        if (count < 0) {
            throw new EOFException();
        }
        if (memory != null) {
            left -= count;
            if (left == 0 && ++slot % FREED == 0) {
                write(FREE, new byte[0]);
            }
        }
        return count;
    }

    private int place() {
        return (int) (slot % SLOTS) * PART;
    }

    /** Takes slots back. */
    void free() {
        free.release(FREED);
    }

    private void readFully(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            read(target);
        }
    }

    /** Writes a message. */
    synchronized void write(byte kind, byte[] body) throws IOException {
        if (body.length > LONGEST) {
            throw new IllegalArgumentException("the statement and its values are longer than " + LONGEST + " bytes");
        }
        send(kind, body.length, ByteBuffer.wrap(body));
    }

    private void send(byte kind, int length, ByteBuffer body) throws IOException {
        boolean isShort = body.remaining() < LEAST;
        ByteBuffer first = ByteBuffer.allocate(HEADER + (isShort ? body.remaining() : 0))
                .put(kind)
                .putInt(length);
        writeFully((isShort ? first.put(body) : first).flip());
        writeFully(body);
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
                    if (length < LEAST || !share(source.slice(source.position(), length))) {
                        send(DATA, length, source.slice(source.position(), length));
                    }
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

    /** Puts a part into a slot, at its end; false where there is no memory for it. */
    private boolean share(ByteBuffer part) throws IOException {
        FileChannel memory = shared;
        if (memory == null) {
            return false;
        }
        free.acquireUninterruptibly();
        int length = part.remaining();
        try {
            ByteBuffer slots = mapped == null ? memory.map(MapMode.READ_WRITE, 0, (long) SLOTS * PART) : mapped;
            mapped = slots;
            // A mapped page that there is no memory for would end the process.
            ByteBuffer zeros = ByteBuffer.allocate(slot < SLOTS ? PART : 0);
            while (zeros.hasRemaining()) {
                memory.write(zeros, place() + zeros.position());
            }
            slots.put(place() + PART - length, part, 0, length);
        } catch (IOException e) {
            // It is full: others use it, too.
            shared = null;
            return false;
        }
        slot++;
        send(SLOT, length, ByteBuffer.allocate(0));
        return true;
    }

    @Override
    public void close() throws IOException {
        try (in;
                out;
                FileChannel memory = shared) {
            // All of them.
        }
    }
}
