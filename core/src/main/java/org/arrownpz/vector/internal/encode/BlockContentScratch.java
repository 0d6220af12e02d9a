package org.arrownpz.vector.internal.encode;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.jspecify.annotations.Nullable;

/** Memory for conversions, taken on first use and given back at the end of one array. */
public final class BlockContentScratch implements AutoCloseable {
    /** Large enough to amortise calls, small enough to stay in a core's cache. */
    public static final int BYTES = 256 << 10;

    private final BufferAllocator allocator;
    private @Nullable ArrowBuf memory;

    public BlockContentScratch(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Memory of at least that many bytes and at least {@link #BYTES}, with undefined content. */
    public ArrowBuf atLeast(long bytes) throws NpzException {
        ArrowBuf current = memory;
        if (current == null || current.capacity() < bytes) {
            close();
            current = Allocations.allocate(
                    allocator, Math.max(bytes, BYTES), Location.ofFile(null), "converting a column");
            memory = current;
        }
        return current;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
