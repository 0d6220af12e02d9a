package org.arrownpz.memory;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Validity bitmaps of columns without nulls: one region of one bits that the vectors of a frame share.
 *
 * <p>One per frame, never wider: {@code setNull} and {@code reset} of a vector write into the region. Each bitmap is a
 * fresh {@link ArrowBuf}, since vectors rewrite the indexes of theirs. Safe for several threads.
 */
public final class ValidityOnes implements AutoCloseable {
    private static final long PADDING = 64;
    private static final String WHAT = "validity bitmaps";

    private final BufferAllocator allocator;
    private final Location location;
    private @Nullable ArrowBuf region;
    /** Shown to vectors, never handed out: without a reference of its own. */
    private @Nullable ArrowBuf shown;

    private boolean closed;

    public ValidityOnes(BufferAllocator allocator) {
        this(allocator, Location.ofFile(null));
    }

    /** @param location the frame's file, for messages */
    public ValidityOnes(BufferAllocator allocator, Location location) {
        this.allocator = allocator;
        this.location = location;
    }

    /**
     * At least {@code rows} one bits in a multiple of 64 bytes, never none. The memory is shared with other bitmaps of
     * this object; the caller releases the buffer.
     *
     * @throws NpzException LIMIT when the allocator cannot give the memory
     */
    public synchronized ArrowBuf forRows(long rows) throws NpzException {
        return Buffers.slice(region(bytes(rows)), 0, bytes(rows));
    }

    /**
     * Loads a flat vector without nulls. The vector makes a validity buffer of its own, as of {@link #forRows}, from one
     * that all vectors are shown; with 10,000 columns, that is felt.
     *
     * @param node the number of rows, and of no nulls
     * @param values retained by the vector; the caller keeps its own reference
     * @throws NpzException LIMIT when the allocator cannot give the memory
     */
    public synchronized void load(FieldVector vector, ArrowFieldNode node, ArrowBuf values) throws NpzException {
        long bytes = bytes(node.getLength());
        ArrowBuf current = region(bytes);
        ArrowBuf known = shown;
        if (known == null || known.capacity() != bytes || known.memoryAddress() != current.memoryAddress()) {
            known = new ArrowBuf(current.getReferenceManager(), null, bytes, current.memoryAddress());
            shown = known;
        }
        vector.loadFieldBuffers(node, List.of(known.writerIndex(bytes), values));
    }

    private ArrowBuf region(long bytes) throws NpzException {
        if (closed) {
            throw new IllegalStateException("The validity region is closed");
        }
        ArrowBuf current = region;
        if (current == null || current.capacity() < bytes) {
            ArrowBuf grown = new SharedMemory(ones(bytes)).part(0, bytes);
            if (current != null) {
                current.close();
            }
            region = grown;
            current = grown;
        }
        return current;
    }

    /** As {@link #forRows}, in memory of its own. */
    public ArrowBuf isolated(long rows) throws NpzException {
        return ones(bytes(rows));
    }

    private ArrowBuf ones(long bytes) throws NpzException {
        ArrowBuf memory = Allocations.allocate(allocator, bytes, location, WHAT);
        memory.setOne(0, bytes);
        return memory.writerIndex(bytes);
    }

    private static long bytes(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("A row count cannot be negative: " + rows);
        }
        long lines = rows / (PADDING * Byte.SIZE) + (rows % (PADDING * Byte.SIZE) == 0 ? 0 : 1);
        return Math.max(1, lines) * PADDING;
    }

    /** Gives up the own hold; bitmaps handed out live on. May be called more than once. */
    @Override
    public synchronized void close() {
        closed = true;
        if (region != null) {
            region.close();
            region = null;
            shown = null;
        }
    }
}
