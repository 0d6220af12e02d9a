package org.arrownpz.internal.memory;

import java.util.function.Supplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Small pieces of allocator memory, many of them from one allocation: frames of 10,000 columns feel the difference.
 *
 * <p>A slab holds no memory itself and need not be closed: an allocation (of up to 64 KiB) goes back with the last of its
 * pieces. Used by one thread; pieces may be released by any.
 */
public final class Slab {
    private static final long LARGEST_PIECE = 4 << 10;
    private static final long LARGEST_CHUNK = 64 << 10;
    private static final long ALIGNMENT = 64;

    private final BufferAllocator allocator;
    private @Nullable SharedMemory chunk;
    private long used;
    /** Of the next allocation; 0 before the first piece, which stands alone as it may remain the only one. */
    private long chunkBytes;

    public Slab(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * A buffer as of {@link Allocations#allocate}; large ones get an allocation of their own.
     *
     * @param what what the memory is for, as it reads after "memory for"
     * @throws NpzException LIMIT when the size is negative or the allocator or the machine cannot give it
     */
    public ArrowBuf allocate(long bytes, Location location, String what) throws NpzException {
        return allocate(bytes, () -> location, what);
    }

    /** {@link #allocate(long, Location, String)} with a location that is made where it is needed. */
    public ArrowBuf allocate(long bytes, Supplier<Location> place, String what) throws NpzException {
        if (bytes <= 0 || bytes > LARGEST_PIECE) {
            return Allocations.allocate(allocator, bytes, place.get(), what);
        }
        long room = bytes + ALIGNMENT - 1 & -ALIGNMENT;
        SharedMemory current = chunk;
        if (current != null && room <= current.capacity() - used && current.tryRetain()) {
            ArrowBuf piece = current.part(used, bytes);
            used += room;
            return piece;
        }
        long size = chunkBytes;
        chunkBytes = Math.min(LARGEST_CHUNK, 2 * Math.max(size, Long.highestOneBit(room) * 2));
        if (size < room || size > allocator.getHeadroom()) {
            return Allocations.allocate(allocator, bytes, place.get(), what);
        }
        current = new SharedMemory(Allocations.allocate(allocator, size, place.get(), what));
        chunk = current;
        used = room;
        return current.part(0, bytes);
    }

    /**
     * A buffer of which many parts are to be taken: their references are counted as those of pieces. A large one gets an
     * allocation of its own.
     *
     * @throws NpzException as {@link #allocate}
     */
    public ArrowBuf allocateShared(long bytes, Supplier<Location> place, String what) throws NpzException {
        if (bytes > 0 && bytes <= LARGEST_PIECE) {
            return allocate(bytes, place, what);
        }
        ArrowBuf memory = PlainMemory.allocate(allocator, bytes, place.get(), what);
        return bytes == 0 ? memory : new SharedMemory(memory).part(0, bytes);
    }
}
