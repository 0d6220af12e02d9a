package org.arrownpz.internal.memory;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * Counts the references to parts of one buffer of an allocator, of which it holds one reference itself until its own
 * last is released. A count costs less than a ledger's, which takes a lock and a look-up; buffers that go to another
 * allocator get a ledger there as ever. Safe for several threads.
 */
final class SharedMemory extends CountedMemory {
    private final ArrowBuf memory;
    private final ReferenceManager ledger;

    /** Takes over the buffer's reference, and starts with one reference, held by the caller. */
    SharedMemory(ArrowBuf memory) {
        super(memory.getReferenceManager().getAllocator());
        this.memory = memory;
        this.ledger = memory.getReferenceManager();
    }

    /** A buffer over a part, for a reference that the caller has. The caller has checked the range. */
    ArrowBuf part(long offset, long length) {
        return new ArrowBuf(this, null, length, memory.memoryAddress() + offset);
    }

    /** The bytes to be had. */
    long capacity() {
        return memory.capacity();
    }

    @Override
    void free() {
        ledger.release();
    }

    @Override
    public ArrowBuf retain(ArrowBuf source, BufferAllocator target) {
        return target == getAllocator() ? super.retain(source, target) : ledger.retain(source, target);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf source, BufferAllocator target) {
        return target == getAllocator()
                ? super.transferOwnership(source, target)
                : ledger.transferOwnership(source, target);
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
