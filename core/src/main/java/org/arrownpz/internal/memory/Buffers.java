package org.arrownpz.internal.memory;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.util.MemoryUtil;

/** Views of buffers. Safe for use by several threads as long as the caller holds the buffers. */
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

    /**
     * {@link #slice} without a reference of its own, to show to a vector, which takes one itself. Not to be released or
     * kept; valid while the region is held.
     *
     * @throws IndexOutOfBoundsException when the range is not within the buffer's capacity
     */
    public static ArrowBuf borrow(ArrowBuf region, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, region.capacity());
        return new ArrowBuf(region.getReferenceManager(), null, length, region.memoryAddress() + offset)
                .writerIndex(length);
    }

    /** The remaining bytes of a direct buffer, without a reference: valid while the caller holds that. */
    public static ArrowBuf over(ByteBuffer direct) {
        long address = MemoryUtil.getByteBufferAddress(direct) + direct.position();
        return new ArrowBuf(ReferenceManager.NO_OP, null, direct.remaining(), address);
    }

    /**
     * A read-only view of all bytes that keeps their memory until it is collected as garbage, and whatever is derived from
     * it: using it late is safe. Takes over the buffer's reference, so that memory of an allocator would be missing there
     * for long; meant for mapped files.
     *
     * @throws IllegalArgumentException when the buffer is longer than 2 GiB
     */
    public static ByteBuffer collectable(ArrowBuf buffer) {
        if (buffer.capacity() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no ByteBuffer has " + buffer.capacity() + " bytes");
        }
        ByteBuffer view = buffer.nioBuffer(0, (int) buffer.capacity());
        Collected.CLEANER.register(view, buffer::close);
        // Refers to the view, as everything does that is derived from it in turn.
        return view.asReadOnlyBuffer();
    }

    /** Gives back what views hold that nobody sees any more. Apart, for it starts a thread. */
    private static final class Collected {
        static final Cleaner CLEANER = Cleaner.create();
    }

    /** Whether the memory is that of a file, or another that no allocator owns, and may go or change while it is read. */
    public static boolean isMapped(ArrowBuf buffer) {
        return buffer.getReferenceManager() instanceof MappedReferenceManager;
    }

    /** Whether the first byte lies at a multiple of 8, as the Arrow format wants it. */
    public static boolean isAligned(ArrowBuf buffer) {
        return (buffer.memoryAddress() & 7) == 0;
    }
}
