package org.arrownpz.internal.memory;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * Memory for results of medium size that are written whole at once: from the C library, accounted with an allocator.
 *
 * <p>Arrow's default allocator has such sizes zeroed first, as a chunk of its pool or as a buffer of their own, which
 * costs as much as a quarter of the copy that follows and takes the caches from it. The C library keeps what was given
 * back and hands it out as it is. Below, the pool is as fast; above, fresh pages of the operating system cost more than
 * their zeros, and sizes that files state stay under the JVM's limit of direct memory.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class PlainMemory {
    // 23 % of packing 1,000,000 sorted rows.

    private static final long MIN_BYTES = 512 << 10;
    private static final long MOST = 32 << 20;
    private static final long ALIGNMENT = 64;

    private PlainMemory() {}

    /**
     * A buffer as of {@link Allocations#allocate}: of exactly that capacity, accounted with the allocator, with undefined
     * content, to be released by the caller.
     *
     * @param what what the memory is for, as it reads after "memory for"
     * @throws NpzException LIMIT when the size is negative or the allocator or the machine cannot give it
     */
    public static ArrowBuf allocate(BufferAllocator allocator, long bytes, Location location, String what)
            throws NpzException {
        return bytes > MOST
                ? Allocations.allocate(allocator, bytes, location, what)
                : fresh(allocator, bytes, location, what);
    }

    /**
     * {@link #allocate} for what comes slower than memory does, in any size that the JVM's limit of direct memory allows by
     * default: pages are zeroed one after the other as they are written, not all before the first.
     *
     * @throws NpzException LIMIT when the size is negative or the allocator or the machine cannot give it
     */
    public static ArrowBuf fresh(BufferAllocator allocator, long bytes, Location location, String what)
            throws NpzException {
        boolean isPlain = bytes >= MIN_BYTES && bytes <= Runtime.getRuntime().maxMemory();
        if (!isPlain || allocator.getHeadroom() < bytes) {
            return Allocations.allocate(allocator, bytes, location, what);
        }
        try {
            return allocate(allocator, bytes);
        } catch (OutOfMemoryException | OutOfMemoryError | UnsupportedOperationException e) {
            // The allocator's own memory, which not all share with foreign one, or its error.
            return Allocations.allocate(allocator, bytes, location, what);
        }
    }

    private static ArrowBuf allocate(BufferAllocator allocator, long bytes) {
        Piece memory = new Piece(bytes, MemoryUtil.allocateMemory(bytes + ALIGNMENT));
        // After some failures the allocator has called release0 already.
        try {
            return allocator.wrapForeignAllocation(memory).writerIndex(0);
        } catch (RuntimeException | Error e) {
            memory.release0();
            throw e;
        }
    }

    private static final class Piece extends ForeignAllocation {
        private final long start;
        private boolean given;

        Piece(long bytes, long start) {
            super(bytes, (start + ALIGNMENT - 1) & -ALIGNMENT);
            this.start = start;
        }

        @Override
        protected void release0() {
            if (!given) {
                given = true;
                MemoryUtil.freeMemory(start);
            }
        }
    }
}
