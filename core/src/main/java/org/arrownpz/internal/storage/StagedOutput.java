package org.arrownpz.internal.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/**
 * A file written front to back through buffers of 256 KiB: large enough that 10,000 small members take some dozens of
 * writes, small enough that a checksum runs over bytes still in cache. Full ones are written while the next is filled,
 * where there is a processor for that. What lies in the buffer is patched there; what is in the file already, by a write
 * at its place. A source that is a mapped file cut short is a typed error. The channel stays the caller's. Used by one
 * thread.
 */
public final class StagedOutput implements ByteSink, AutoCloseable {
    public static final int CAPACITY = 256 << 10;

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
    public StagedOutput(FileChannel channel, Location location) throws NpzException {
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
            throw Faults.writing(location, e);
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
    public long position() {
        return flushed + staging.position();
    }

    /** The buffer with at least one byte of room; what is put there belongs to the file. */
    public ByteBuffer room() throws NpzException {
        if (!staging.hasRemaining()) {
            spill();
        }
        return staging;
    }

    /** The buffer itself, for one who minds that {@link #spill} makes it another one, and {@link #put} may, too. */
    public ByteBuffer staging() {
        return staging;
    }

    @Override
    public void write(ArrowBuf source, long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, source.capacity());
        checkOpen();
        for (long done = 0; done < length; ) {
            int part = (int) Math.min(length - done, room().remaining());
            staging.limit(staging.position() + part);
            try {
                Allocations.copy(source, offset + done, staging, location);
            } finally {
                staging.limit(staging.capacity());
            }
            done += part;
        }
    }

    @Override
    public void write(ByteBuffer source) throws NpzException {
        if (source.isDirect()) {
            write(Buffers.over(source), 0, source.remaining());
            source.position(source.limit());
            return;
        }
        checkOpen();
        while (source.hasRemaining()) {
            int part = Math.min(room().remaining(), source.remaining());
            staging.put(source.slice(source.position(), part));
            source.position(source.position() + part);
        }
    }

    /** Appends all of a source, long ones without a way through this program's memory where the system can do that. */
    public void transfer(ByteSource source) throws NpzException {
        checkOpen();
        long size = source.size();
        long done = size > CAPACITY ? moved(source) : 0;
        while (done < size) {
            ByteBuffer room = room();
            int part = (int) Math.min(room.remaining(), size - done);
            room.limit(room.position() + part);
            try {
                source.read(done, room);
            } finally {
                room.limit(room.capacity());
            }
            done += part;
        }
    }

    private long moved(ByteSource source) throws NpzException {
        flush();
        try {
            // Writes at places of their own have left it elsewhere.
            channel.position(flushed);
            long moved = source.transferTo(0, source.size(), channel);
            flushed += moved;
            channel.position(flushed);
            return moved;
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** Puts bytes so that they lie in the buffer as a whole where it can hold them. */
    public void put(byte[] bytes, int length) throws NpzException {
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
    public void patch(long at, byte[] bytes, int from, int length) throws NpzException {
        if (at >= flushed) {
            staging.put((int) (at - flushed), bytes, from, length);
            return;
        }
        drain();
        writeAt(at, ByteBuffer.wrap(bytes, from, length));
    }

    /** Writes the remaining bytes at a place of the file that was flushed (not spilled) or skipped. */
    public void writeAt(long at, ByteBuffer bytes) throws NpzException {
        checkOpen();
        try {
            for (long place = at; bytes.hasRemaining(); ) {
                place += channel.write(bytes, place);
            }
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** Leaves out bytes, for {@link #writeAt} to write; what was put before is flushed. */
    public void skip(long bytes) throws NpzException {
        flush();
        try {
            flushed = Math.addExact(flushed, bytes);
            channel.position(flushed);
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** The buffer is another's after {@link #close}. */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The file is closed");
        }
    }

    /** Makes room; the bytes are written now or later. */
    public void spill() throws NpzException {
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
            throw Faults.writing(location, e);
        }
        flushed += length;
    }

    private void drain() throws NpzException {
        if (behind != null) {
            try {
                behind.drain();
            } catch (IOException e) {
                throw Faults.writing(location, e);
            }
        }
    }

    /** Writes all bytes so far. */
    public void flush() throws NpzException {
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
            throw Faults.writing(location, e);
        }
        staging.clear();
        flushed += length;
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
