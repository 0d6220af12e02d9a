package org.arrownpz.vector.internal.buffers;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.io.ByteSink;

/** Fills memory front to back. What is computed is computed there, not in scratch memory. */
public final class MemorySink implements ByteSink {
    private final ArrowBuf memory;
    private final Location location;
    private long used;

    public MemorySink(ArrowBuf memory, Location location) {
        this.memory = memory;
        this.location = location;
    }

    /** The next bytes, which the caller fills. */
    ArrowBuf next(long bytes) {
        ArrowBuf part = Buffers.borrow(memory, used, bytes);
        used += bytes;
        return part;
    }

    @Override
    public void write(ArrowBuf source, long offset, long length) throws NpzException {
        Allocations.copy(source, offset, memory, used, length, location);
        used += length;
    }

    @Override
    public void write(ByteBuffer source) {
        int length = source.remaining();
        memory.setBytes(used, source);
        used += length;
    }
}
