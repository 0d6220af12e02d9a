package org.arrownpz.support;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.PlainMemory;

/**
 * Allocator memory and mapped memory with typed errors and checked ranges.
 *
 * <p>All methods are as safe for several threads as the allocators and buffers given to them are.
 */
public final class SafeMemory {
    private SafeMemory() {}

    /** {@link Allocations#allocate}: exactly so many undefined bytes, which the caller releases, or LIMIT. */
    public static ArrowBuf allocate(BufferAllocator allocator, long bytes, Location location, String what)
            throws NpzException {
        return Allocations.allocate(allocator, bytes, location, what);
    }

    /** {@link PlainMemory#fresh}: the same for what comes slower than memory does, and may be long. */
    public static ArrowBuf fresh(BufferAllocator allocator, long bytes, Location location, String what)
            throws NpzException {
        return PlainMemory.fresh(allocator, bytes, location, what);
    }

    /** Copies bytes between buffers; FILE_CHANGED when a page of the source is gone. */
    public static void copy(ArrowBuf source, long from, ArrowBuf target, long to, long length, Location location)
            throws NpzException {
        Allocations.copy(source, from, target, to, length, location);
    }

    /** Fills the remaining bytes of a buffer; FILE_CHANGED when a page of the source is gone. */
    public static void copy(ArrowBuf source, long from, ByteBuffer target, Location location) throws NpzException {
        Allocations.copy(source, from, target, location);
    }

    /** {@link Buffers#slice}: a part with a reference of its own, which the caller releases. */
    public static ArrowBuf slice(ArrowBuf region, long offset, long length) {
        return Buffers.slice(region, offset, length);
    }

    /** {@link Buffers#over}: the remaining bytes of a direct buffer, without a reference. */
    public static ArrowBuf over(ByteBuffer direct) {
        return Buffers.over(direct);
    }

    /** Whether the first byte lies at a multiple of 8. */
    public static boolean isAligned(ArrowBuf buffer) {
        return Buffers.isAligned(buffer);
    }

    /** {@link MemoryAccess#guard}: runs code that reads mapped memory; FILE_CHANGED when a page of it is gone. */
    public static void guard(Location location, Runnable reading) throws NpzException {
        MemoryAccess.guard(location, reading);
    }

    /** {@link MemoryAccess#deliverFaults}: makes a pending fault of mapped memory come up here. */
    public static void deliverFaults() {
        MemoryAccess.deliverFaults();
    }
}
