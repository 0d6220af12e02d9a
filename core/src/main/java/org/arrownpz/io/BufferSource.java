package org.arrownpz.io;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a buffer; regions share its memory. Closing it while another thread reads is safe: each read holds a
 * reference of its own.
 */
final class BufferSource implements ByteSource {
    private final ArrowBuf memory;
    private final Location location;
    private final String owner;
    private final @Nullable String copied;
    private boolean closed;

    /**
     * Takes over the buffer's reference.
     *
     * @param owner what is closed, in the words of an error
     * @param copied why the bytes were copied from a file, or null where they were not
     */
    BufferSource(ArrowBuf memory, Location location, String owner, @Nullable String copied) {
        this.memory = memory;
        this.location = location;
        this.owner = owner;
        this.copied = copied;
    }

    @Override
    public long size() {
        return memory.capacity();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        try (ArrowBuf held = region(offset, target.remaining())) {
            Allocations.copy(held, 0, target, location);
        }
    }

    @Override
    public synchronized ArrowBuf region(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size());
        if (closed) {
            throw new IllegalStateException("The " + owner + " is closed");
        }
        return Buffers.slice(memory, offset, length);
    }

    @Override
    public boolean views(long length) {
        return true;
    }

    @Override
    public @Nullable String copied() {
        return copied;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }
}
