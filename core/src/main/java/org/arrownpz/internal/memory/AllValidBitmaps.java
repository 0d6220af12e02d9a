package org.arrownpz.internal.memory;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Validity bitmaps of columns without nulls: one region of one bits that the vectors of a frame share.
 *
 * <p>One per frame, never wider: {@code setNull} and {@code reset} of a vector write into the region. Each bitmap is a
 * fresh {@link ArrowBuf}, since vectors rewrite the indexes of theirs. Safe for several threads.
 */
public final class AllValidBitmaps implements AutoCloseable {
    /** Of the memory, as the Arrow columnar format recommends. */
    private static final long PADDING = 64;
    /**
     * Of the buffers: what Arrow's own vectors take, which copy the whole bitmap when they grow, into one that is no wider
     * than the new values need.
     */
    private static final long GRANULE = 8;

    private static final String WHAT = "validity bitmaps";

    private final BufferAllocator allocator;
    private final Location location;
    /** Of bitmaps with memory of their own. */
    private final Slab slab;

    private final boolean isIsolating;
    private @Nullable ArrowBuf region;
    private boolean closed;

    public AllValidBitmaps(BufferAllocator allocator) {
        this(allocator, Location.ofFile(null));
    }

    /** @param location the frame's file, for messages */
    public AllValidBitmaps(BufferAllocator allocator, Location location) {
        this(allocator, location, false);
    }

    /** @param isIsolating whether all bitmaps are as of {@link #isolated}, for vectors that are written to */
    public AllValidBitmaps(BufferAllocator allocator, Location location, boolean isIsolating) {
        this.allocator = allocator;
        this.location = location;
        this.isIsolating = isIsolating;
        this.slab = new Slab(allocator);
    }

    /**
     * At least {@code rows} one bits in a multiple of 8 bytes, never none. The memory is shared with other bitmaps of
     * this object; the caller releases the buffer.
     *
     * @throws NpzException LIMIT when the allocator cannot give the memory
     */
    public synchronized ArrowBuf forRows(long rows) throws NpzException {
        return isIsolating ? isolated(rows) : Buffers.slice(region(bytes(rows)), 0, bytes(rows));
    }

    private ArrowBuf region(long bytes) throws NpzException {
        if (closed) {
            throw new IllegalStateException("The validity region is closed");
        }
        ArrowBuf known = region;
        if (known != null && known.capacity() >= bytes) {
            return known;
        }
        long padded = (bytes + PADDING - 1) / PADDING * PADDING;
        ArrowBuf memory = Allocations.allocate(allocator, padded, location, WHAT);
        memory.setOne(0, padded);
        release();
        return region = new SharedMemory(memory).part(0, padded);
    }

    /** As {@link #forRows}, in memory of its own, and without more ones than rows: what a vector grows by is null. */
    public synchronized ArrowBuf isolated(long rows) throws NpzException {
        long bytes = bytes(rows);
        ArrowBuf bits = slab.allocate(bytes, location, WHAT);
        long whole = rows / Byte.SIZE;
        bits.setOne(0, whole);
        bits.setZero(whole, bytes - whole);
        if (rows % Byte.SIZE != 0) {
            bits.setByte(whole, (1 << rows % Byte.SIZE) - 1);
        }
        return bits.writerIndex(bytes);
    }

    private static long bytes(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("A row count cannot be negative: " + rows);
        }
        long granules = rows / (GRANULE * Byte.SIZE) + (rows % (GRANULE * Byte.SIZE) == 0 ? 0 : 1);
        return Math.max(1, granules) * GRANULE;
    }

    /** Gives up the own hold; bitmaps handed out live on. May be called more than once. */
    @Override
    public synchronized void close() {
        closed = true;
        release();
    }

    private void release() {
        if (region != null) {
            region.close();
            region = null;
        }
    }
}
