package org.arrownpz.memory;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * Counts the references to parts of one buffer of an allocator, of which it holds one reference itself until its own
 * last is released. A count costs less than a ledger's, which takes a lock and a look-up; buffers that go to another
 * allocator get a ledger there as ever. Safe for several threads.
 */
final class SharedMemory implements ReferenceManager {
    private final AtomicInteger references = new AtomicInteger(1);
    private final ArrowBuf memory;
    private final ReferenceManager ledger;
    private final BufferAllocator allocator;

    /** Takes over the buffer's reference, and starts with one reference, held by the caller. */
    SharedMemory(ArrowBuf memory) {
        this.memory = memory;
        this.ledger = memory.getReferenceManager();
        this.allocator = ledger.getAllocator();
    }

    /** A buffer over a part, for a reference that the caller has. The caller has checked the range. */
    ArrowBuf part(long offset, long length) {
        return new ArrowBuf(this, null, length, memory.memoryAddress() + offset);
    }

    /** The bytes to be had. */
    long capacity() {
        return memory.capacity();
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
            ledger.release();
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
        if (target != allocator) {
            return ledger.retain(source, target);
        }
        retain(1);
        return new ArrowBuf(this, null, source.capacity(), source.memoryAddress())
                .writerIndex(source.writerIndex())
                .readerIndex(source.readerIndex());
    }

    @Override
    public ArrowBuf deriveBuffer(ArrowBuf source, long index, long length) {
        return new ArrowBuf(this, null, length, source.memoryAddress() + index);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf source, BufferAllocator target) {
        return target != allocator ? ledger.transferOwnership(source, target) : new Stayed(retain(source, target));
    }

    private record Stayed(ArrowBuf buffer) implements OwnershipTransferResult {
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
        return ledger.getSize();
    }

    @Override
    public long getAccountedSize() {
        return ledger.getAccountedSize();
    }
}
