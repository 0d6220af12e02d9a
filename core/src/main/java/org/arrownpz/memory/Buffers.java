package org.arrownpz.memory;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;

/** Views of buffers. */
public final class Buffers {
    private Buffers() {}

    /**
     * A fresh buffer over a part of another, with its own indexes and its own reference to the same memory, which the
     * caller releases. Works for mapped and for allocator memory. The writer index stands at the end.
     *
     * @throws IndexOutOfBoundsException when the range is not within the buffer's capacity
     */
    public static ArrowBuf slice(ArrowBuf region, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, region.capacity());
        ReferenceManager manager = region.getReferenceManager();
        manager.retain();
        // Not ArrowBuf.slice: that one hands out a shared object for empty ranges.
        return new ArrowBuf(manager, null, length, region.memoryAddress() + offset).writerIndex(length);
    }
}
