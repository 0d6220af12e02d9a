package org.arrownpz.internal.memory;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/** Counts the references to memory, and gives it back when the last is released. Safe for several threads. */
abstract sealed class CountedMemory implements ReferenceManager permits MappedReferenceManager, SharedMemory {
    private final AtomicInteger references = new AtomicInteger(1);
    private final BufferAllocator allocator;

    /** Starts with one reference, held by the caller. */
    CountedMemory(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Gives the memory back. Called once, by the thread that releases the last reference. */
    abstract void free();

    /** Adds a reference unless the memory is gone already. */
    public boolean tryRetain() {
        return count(1) > 0;
    }

    /**
     * So many references more, or fewer; returns how many there are then, or a negative number, and changes nothing, where
     * the memory is gone or has fewer. It looks before it counts: what is added and taken back revives what is gone.
     */
    private int count(int change) {
        while (true) {
            int before = references.get();
            int after = before > 0 ? Math.addExact(before, change) : -1;
            if (after < 0 || references.compareAndSet(before, after)) {
                return after;
            }
        }
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
        int left = count(-decrement);
        if (left < 0) {
            throw new IllegalStateException("Released more often than retained");
        }
        if (left == 0) {
            free();
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
        if (count(increment) < 0) {
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
}
