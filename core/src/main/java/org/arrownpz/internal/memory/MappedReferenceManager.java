package org.arrownpz.internal.memory;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Counts the references to memory that no allocator owns, such as a mapped file, and gives it back when the last is
 * released. There is no ledger: no accounting, no limit, and transfer to any allocator works. Safe for several threads.
 */
final class MappedReferenceManager extends CountedMemory {
    private final long address;
    private final long size;
    private final Runnable free;

    /**
     * Starts with one reference, held by the caller.
     *
     * @param allocator what {@link #getAllocator()} says; nothing is accounted there
     * @param free called once, by the thread that releases the last reference
     */
    MappedReferenceManager(BufferAllocator allocator, long address, long size, Runnable free) {
        super(allocator);
        this.address = address;
        this.size = size;
        this.free = free;
    }

    /** The first byte; valid while a reference is held. */
    long address() {
        return address;
    }

    /**
     * A fresh buffer with its own reference. The caller has checked the range.
     *
     * @throws IllegalStateException when the memory is gone
     */
    ArrowBuf buffer(long offset, long length) {
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
