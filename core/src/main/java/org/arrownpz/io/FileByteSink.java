package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Faults;

/**
 * Writes to a file in pieces of 1 MiB from memory of its own, so that many small writes become few, and a source that
 * is a mapped file cut short is a typed error. The channel stays the caller's. Used by one thread.
 */
public final class FileByteSink implements ByteSink, AutoCloseable {
    private static final int STAGING = 1 << 20;

    private final FileChannel channel;
    private final Location location;
    private final ArrowBuf memory;
    private final ByteBuffer staging;
    private long flushed;
    private boolean closed;

    /**
     * Appends at the channel's position.
     *
     * @param location the file, for messages
     * @throws NpzException LIMIT when the allocator cannot give the staging memory
     */
    public FileByteSink(BufferAllocator allocator, FileChannel channel, Location location) throws NpzException {
        this.channel = channel;
        this.location = location;
        this.memory = Allocations.allocate(allocator, STAGING, location, "writing");
        this.staging = memory.nioBuffer(0, STAGING);
    }

    /** The number of bytes taken so far, flushed or not. */
    public long position() {
        return flushed + staging.position();
    }

    @Override
    public void write(ArrowBuf source, long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, source.capacity());
        checkOpen();
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(length - done, staging.remaining());
            staging.limit(staging.position() + count);
            Allocations.copy(source, offset + done, staging, location);
            staging.limit(staging.capacity());
            done += count;
            flushWhenFull();
        }
    }

    @Override
    public void write(ByteBuffer source) throws NpzException {
        if (source.isDirect()) {
            int length = source.remaining();
            if (length >= STAGING) {
                flush();
                drain(source);
            } else {
                write(Buffers.over(source), 0, length);
                source.position(source.position() + length);
            }
            return;
        }
        checkOpen();
        while (source.hasRemaining()) {
            int count = Math.min(source.remaining(), staging.remaining());
            staging.put(source.slice(source.position(), count));
            source.position(source.position() + count);
            flushWhenFull();
        }
    }

    private void flushWhenFull() throws NpzException {
        if (!staging.hasRemaining()) {
            flush();
        }
    }

    /** Hands everything taken so far to the operating system. */
    public void flush() throws NpzException {
        checkOpen();
        staging.flip();
        drain(staging);
        staging.clear();
    }

    private void drain(ByteBuffer source) throws NpzException {
        try {
            while (source.hasRemaining()) {
                flushed += channel.write(source);
            }
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The sink is closed");
        }
    }

    /** Releases the memory, without {@link #flush()}: what was not flushed is lost. May be called more than once. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }
}
