package org.arrownpz.memory;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * Counts the references to memory that no allocator owns, such as a mapped file, and gives it back when the last is
 * released. There is no ledger: no accounting, no limit, and transfer to any allocator works. Safe for several threads.
 */
final class MappedReferenceManager implements ReferenceManager {
    private final AtomicInteger references = new AtomicInteger(1);
    private final BufferAllocator allocator;
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
        this.allocator = allocator;
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

    /** Adds a reference unless the memory is gone already. */
    boolean tryRetain() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    @Override
    public int getRefCount() {
        return references.get();
    }

    @Override
    public boolean release() {
        return release(1);
    }

    @Override
    public boolean release(int decrement) {
        if (decrement < 1) {
            throw new IllegalStateException("The decrement must be at least 1, not " + decrement);
        }
        int left = references.addAndGet(-decrement);
        if (left < 0) {
            references.addAndGet(decrement);
            throw new IllegalStateException("Released more often than retained");
        }
        if (left == 0) {
            free.run();
            return true;
        }
        return false;
    }

    @Override
    public void retain() {
        retain(1);
    }

    @Override
    public void retain(int increment) {
        if (increment < 1) {
            throw new IllegalArgumentException("The increment must be at least 1, not " + increment);
        }
        if (references.getAndAdd(increment) <= 0) {
            references.addAndGet(-increment);
            throw new IllegalArgumentException("The memory is released already");
        }
    }

    @Override
    public ArrowBuf retain(ArrowBuf source, BufferAllocator target) {
        retain();
        return deriveBuffer(source, 0, source.capacity())
                .readerIndex(0)
                .writerIndex(source.writerIndex())
                .readerIndex(source.readerIndex());
    }

    @Override
    public ArrowBuf deriveBuffer(ArrowBuf source, long index, long length) {
        Objects.checkFromIndexSize(index, length, source.capacity());
        return new ArrowBuf(this, null, length, source.memoryAddress() + index);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf source, BufferAllocator target) {
        return new Transfer(retain(source, target));
    }

    private record Transfer(ArrowBuf buffer) implements OwnershipTransferResult {
        @Override
        public boolean getAllocationFit() {
            return true;
        }

        @Override
        public ArrowBuf getTransferredBuffer() {
            return buffer;
        }
    }

    @Override
    public BufferAllocator getAllocator() {
        return allocator;
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
