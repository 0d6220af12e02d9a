package org.arrownpz.memory;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** The bytes of a buffer; regions share its memory. */
final class BufferSource implements ByteSource {
    private final ArrowBuf memory;
    private final Location location;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over the buffer's reference. */
    BufferSource(ArrowBuf memory, Location location) {
        this.memory = memory;
        this.location = location;
    }

    @Override
    public long size() {
        return memory.capacity();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        checkOpen();
        Allocations.copy(memory, offset, target, location);
    }

    @Override
    public ArrowBuf region(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size());
        checkOpen();
        return Buffers.slice(memory, offset, length);
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("The source is closed");
        }
    }

    @Override
    public boolean views(long length) {
        return true;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            memory.close();
        }
    }
}
