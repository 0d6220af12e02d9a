package org.arrownpz.internal.memory;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Counts the references to memory that no allocator owns, such as a mapped file, and gives it back when the last is
 * released. There is no ledger: no accounting, no limit, and transfer to any allocator works. Safe for several threads.
 */
public final class MappedReferenceManager extends CountedMemory {
    private final long address;
    private final long size;
    private final Runnable free;

    /**
     * Starts with one reference, held by the caller.
     *
     * @param allocator what {@link #getAllocator()} says; nothing is accounted there
     * @param free called once, by the thread that releases the last reference
     */
    public MappedReferenceManager(BufferAllocator allocator, long address, long size, Runnable free) {
        super(allocator);
        this.address = address;
        this.size = size;
        this.free = free;
    }

    /** Over the remaining bytes of a direct buffer, which {@code free} keeps alive. */
    public MappedReferenceManager(BufferAllocator allocator, ByteBuffer direct, Runnable free) {
        this(allocator, MemoryUtil.getByteBufferAddress(direct) + direct.position(), direct.remaining(), free);
    }

    /** The first byte; valid while a reference is held. */
    public long address() {
        return address;
    }

    /**
     * A fresh buffer with its own reference. The caller has checked the range.
     *
     * @throws IllegalStateException when the memory is gone
     */
    public ArrowBuf buffer(long offset, long length) {
        if (!tryRetain()) {
            throw new IllegalStateException("The source is closed");
        }
        return new ArrowBuf(this, null, length, address + offset).writerIndex(length);
    }

    @Override
    void free() {
        free.run();
    }

    @Override
    public long getSize() {
        return size;
    }

    @Override
    public long getAccountedSize() {
        return 0;
    }
}
