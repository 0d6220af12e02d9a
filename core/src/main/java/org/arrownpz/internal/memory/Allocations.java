package org.arrownpz.internal.memory;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.ReferenceManager;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * Allocator memory with typed errors.
 *
 * <p>All methods are as safe for several threads as the allocators and buffers given to them are.
 */
public final class Allocations {
    /** No machine addresses more; keeps hostile sizes away from the rounding arithmetic of allocators. */
    private static final long ADDRESSABLE = 1L << 47;

    private Allocations() {}

    /**
     * A buffer of exactly the given capacity, with writer index 0 and undefined content, which the caller releases.
     *
     * @param what what the memory is for, as it reads after "memory for"
     * @throws NpzException LIMIT when the size is negative or the allocator or the machine cannot give it
     * @throws IllegalStateException when the allocator does not work with the jars of this JVM
     */
    public static ArrowBuf allocate(BufferAllocator allocator, long bytes, Location location, String what)
            throws NpzException {
        if (bytes < 0 || bytes >= ADDRESSABLE) {
            throw refused(allocator, bytes, location, what).build();
        }
        if (bytes == 0) {
            return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
        }
        try {
            // Allocators round sizes up; the capacity is cut back to what was asked for.
            return allocator.buffer(bytes).capacity(bytes);
        } catch (OutOfMemoryException | OutOfMemoryError e) {
            throw refused(allocator, bytes, location, what).cause(e).build();
        } catch (LinkageError | ClassCastException e) {
            // Jars that do not fit each other.
            throw RuntimeSupport.explain(e);
        }
    }

    /**
     * Copies between buffers; indexes of the buffers play no part.
     *
     * @throws NpzException FILE_CHANGED when the source is a mapped file that was cut short
     * @throws IndexOutOfBoundsException when a range is not within its buffer
     * @throws IllegalArgumentException when the ranges overlap
     */
    public static void copy(
            ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long length, Location location)
            throws NpzException {
        Objects.checkFromIndexSize(sourceOffset, length, source.capacity());
        Objects.checkFromIndexSize(targetOffset, length, target.capacity());
        long from = source.memoryAddress() + sourceOffset;
        long to = target.memoryAddress() + targetOffset;
        if (length > 0 && Math.abs(from - to) < length) {
            throw new IllegalArgumentException("The ranges to copy between overlap");
        }
        MemoryAccess.copy(from, to, length, location);
    }

    /**
     * Fills the remaining bytes of a buffer from the given offset of the source.
     *
     * @throws NpzException FILE_CHANGED when the source is a mapped file that was cut short
     * @throws IndexOutOfBoundsException when the range is not within the source
     */
    public static void copy(ArrowBuf source, long sourceOffset, ByteBuffer target, Location location)
            throws NpzException {
        Objects.checkFromIndexSize(sourceOffset, (long) target.remaining(), source.capacity());
        MemoryAccess.copy(source.memoryAddress() + sourceOffset, target, location);
    }

    private static NpzException.Builder refused(BufferAllocator allocator, long bytes, Location location, String what) {
        return location.error(ErrorCode.LIMIT, "the allocator cannot give " + bytes + " bytes of memory for " + what)
                .expected("at most " + Math.max(0, allocator.getHeadroom()))
                .remedy("Give the allocator a higher limit");
    }
}
