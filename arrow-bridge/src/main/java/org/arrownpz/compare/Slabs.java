package org.arrownpz.compare;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.jspecify.annotations.Nullable;

/**
 * Memory for many blocks in few allocations: a hundred thousand small ones cost more, and come out of the JVM's limited
 * pool of direct memory, where large ones do not.
 */
final class Slabs implements AutoCloseable {
    private static final Location LOCATION = Location.ofFile(null);
    private static final String WHAT = "a block of columns";
    private static final long FIRST = 1L << 20;
    private static final long LARGEST = 64L << 20;
    private static final long ALIGNMENT = 64;

    private final BufferAllocator allocator;
    private @Nullable ArrowBuf slab;
    private long used;
    private long next = FIRST;

    Slabs(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Memory of that size that the caller releases; apart from others' unless it may be shared. */
    ArrowBuf take(long bytes, boolean shared) throws NpzException {
        if (!shared || bytes == 0 || bytes >= LARGEST) {
            return Allocations.allocate(allocator, bytes, LOCATION, WHAT);
        }
        ArrowBuf current = slab;
        if (current == null || bytes > current.capacity() - used) {
            close();
            current = Allocations.allocate(allocator, Math.max(bytes, next), LOCATION, WHAT);
            // A small frame takes little; a large one doubles up to the largest slab.
            next = Math.min(LARGEST, 2 * next);
            slab = current;
            used = 0;
        }
        ArrowBuf part = current.slice(used, bytes);
        part.getReferenceManager().retain();
        used = Math.min(current.capacity(), (used + bytes + ALIGNMENT - 1) & -ALIGNMENT);
        return part;
    }

    /** Gives up the slab, which lives on in its parts. */
    @Override
    public void close() {
        if (slab != null) {
            slab.close();
            slab = null;
        }
    }
}
