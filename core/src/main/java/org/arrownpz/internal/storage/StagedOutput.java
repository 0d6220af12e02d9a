package org.arrownpz.npz.internal.zip.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.ArrayBlockingQueue;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * A file written front to back through buffers of 256 KiB: large enough that 10,000 small members take some dozens of
 * writes, small enough that a checksum runs over bytes still in cache. Full ones are written while the next is filled,
 * where there is a processor for that. What lies in the buffer is patched there; what is in the file already, by a write
 * at its place. Used by one thread.
 */
final class StagedOutput implements AutoCloseable {
    static final int CAPACITY = 256 << 10;

    /** A used buffer costs a quarter of a fresh one, whose pages must be found and zeroed first. */
    private static final ArrayBlockingQueue<ByteBuffer> IDLE = new ArrayBlockingQueue<>(8);

    private final FileChannel channel;
    private final Location location;
    private @Nullable WriteBehind behind;
    private boolean alone;
    private ByteBuffer staging;
    private long flushed;
    private boolean closed;

    /** Appends at the channel's position. */
    StagedOutput(FileChannel channel, Location location) throws NpzException {
        this(channel, location, null);
    }

    /** @param behind writes to the channel, or null where that is to be decided when a buffer is full */
    StagedOutput(FileChannel channel, Location location, @Nullable WriteBehind behind) throws NpzException {
        this.channel = channel;
        this.behind = behind;
        this.location = location;
        try {
            this.flushed = channel.position();
        } catch (IOException e) {
            throw fault(e);
        }
        this.staging = buffer();
    }

    static ByteBuffer buffer() {
        ByteBuffer idle = IDLE.poll();
        return (idle == null ? ByteBuffer.allocateDirect(CAPACITY) : idle).clear();
    }

    static void giveBack(ByteBuffer buffer) {
        // A full queue drops the buffer, and the garbage collector frees it.
        IDLE.offer(buffer);
    }

    /** The file offset of the next byte. */
    long position() {
        return flushed + staging.position();
    }

    /** The buffer with at least one byte of room; what is put there belongs to the file. */
    ByteBuffer room() throws NpzException {
        if (!staging.hasRemaining()) {
            spill();
        }
        return staging;
    }

    /** The buffer itself, for one who minds that {@link #spill} makes it another one, and {@link #put} may, too. */
    ByteBuffer staging() {
        return staging;
    }

    /** Puts bytes so that they lie in the buffer as a whole where it can hold them. */
    void put(byte[] bytes, int length) throws NpzException {
        if (length > staging.remaining()) {
            spill();
        }
        int done = 0;
        while (done < length) {
            int part = Math.min(room().remaining(), length - done);
            staging.put(bytes, done, part);
            done += part;
        }
    }

    /** Overwrites bytes that were put in one go earlier. */
    void patch(long at, byte[] bytes, int from, int length) throws NpzException {
        if (at >= flushed) {
            staging.put((int) (at - flushed), bytes, from, length);
            return;
        }
        drain();
        writeAt(at, ByteBuffer.wrap(bytes, from, length));
    }

    /** Writes the remaining bytes at a place of the file that was flushed (not spilled) or skipped. */
    void writeAt(long at, ByteBuffer bytes) throws NpzException {
        checkOpen();
        try {
            for (long place = at; bytes.hasRemaining(); ) {
                place += channel.write(bytes, place);
            }
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** Leaves out bytes, for {@link #writeAt} to write; what was put before is flushed. */
    void skip(long bytes) throws NpzException {
        flush();
        try {
            flushed = Math.addExact(flushed, bytes);
            channel.position(flushed);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** The buffer is another's after {@link #close}. */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The archive is closed");
        }
    }

    /** Makes room; the bytes are written now or later. */
    void spill() throws NpzException {
        WriteBehind helped = behind;
        if (helped == null && !alone) {
            alone = !WriteBehind.isWorthwhile(channel);
            helped = alone ? null : new WriteBehind(channel);
            behind = helped;
        }
        if (helped == null) {
            flush();
            return;
        }
        int length = staging.position();
        try {
            staging = helped.exchange(staging.flip(), flushed);
        } catch (IOException e) {
            throw fault(e);
        }
        flushed += length;
    }

    private void drain() throws NpzException {
        if (behind != null) {
            try {
                behind.drain();
            } catch (IOException e) {
                throw fault(e);
            }
        }
    }

    /** Writes all bytes so far. */
    void flush() throws NpzException {
        drain();
        staging.flip();
        int length = staging.limit();
        try {
            if (behind != null) {
                behind.put(staging, flushed);
            }
            while (staging.hasRemaining()) {
                channel.write(staging);
            }
        } catch (IOException e) {
            throw fault(e);
        }
        staging.clear();
        flushed += length;
    }

    private NpzException fault(IOException cause) {
        String reason = cause.getMessage();
        return location.error(
                        ErrorCode.IO,
                        "the file cannot be written ("
                                + (reason == null ? cause.getClass().getSimpleName() : SafeText.escape(reason)) + ")")
                .remedy("Check the free space of the target's file system; the target itself is untouched")
                .cause(cause)
                .build();
    }

    /** Gives the buffers back without flushing them. Nobody writes to the channel afterwards. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (behind != null) {
                behind.close();
            }
            giveBack(staging);
        }
    }
}
