package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.PlainMemory;
import org.arrownpz.internal.memory.Slab;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/** The buffers of the vector that is cut out next: parts of others, or memory that is held until the vector has it. */
public final class VectorSlicerMemory {
    /** No bitmap: Arrow makes one of ones. */
    public static final ArrowBuf NONE = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    /** The purpose of memory. */
    static final String WHAT = "a part of a column";

    /** Frames of many columns have many such buffers in a batch. */
    private static final long SMALL = 4 << 10;

    private final BufferAllocator allocator;
    private final Slab slab;
    private final Location location;
    private final boolean copy;
    private final List<ArrowBuf> fresh = new ArrayList<>();

    public VectorSlicerMemory(BufferAllocator allocator, Location location, boolean copy) {
        this.allocator = allocator;
        this.slab = new Slab(allocator);
        this.location = location;
        this.copy = copy;
    }

    /** Runs a kernel that reads what may be mapped. */
    void guard(Runnable kernel) throws NpzException {
        MemoryAccess.guard(location, kernel);
    }

    /** The bits that say which rows are not null. */
    ArrowBuf validity(FieldVector source, int from, int count) throws NpzException {
        ArrowBuf bits = source.getValidityBuffer();
        return bits.capacity() == 0 ? NONE : bits(bits, from, count);
    }

    /** The result of {@link #validity}, or null where it stands for ones. */
    static @Nullable ArrowBuf known(ArrowBuf validity) {
        return validity.capacity() == 0 ? null : validity;
    }

    /** Bits from any place on, shared where they begin a byte. */
    ArrowBuf bits(ArrowBuf source, int from, int count) throws NpzException {
        long bytes = EncodeBits.bytes(count);
        if (from % Byte.SIZE == 0) {
            ArrowBuf bits = range(source, from / Byte.SIZE, bytes);
            if (copy && count % Byte.SIZE != 0) {
                // What the vector grows by is null.
                bits.setByte(bytes - 1, bits.getByte(bytes - 1) & (1 << count % Byte.SIZE) - 1);
            }
            return bits;
        }
        ArrowBuf bits = fresh(bytes).setZero(0, bytes);
        guard(() -> EncodeBits.copy(source, null, from, count, bits, 0));
        return bits;
    }

    /** A part of a buffer that Arrow does not look into. */
    ArrowBuf range(ArrowBuf source, long offset, long length) throws NpzException {
        return copy ? copied(source, offset, length) : Buffers.borrow(source, offset, length);
    }

    /** A copy of a part of a buffer. */
    ArrowBuf copied(ArrowBuf source, long offset, long length) throws NpzException {
        ArrowBuf own = fresh(length);
        Allocations.copy(source, offset, own, 0, length, location);
        return own;
    }

    /** Memory with undefined content. */
    public ArrowBuf fresh(long bytes) throws NpzException {
        ArrowBuf buffer = bytes <= SMALL
                ? slab.allocate(bytes, location, WHAT)
                : PlainMemory.allocate(allocator, bytes, location, WHAT);
        fresh.add(buffer);
        return buffer.writerIndex(bytes);
    }

    /** Makes a vector the holder of these buffers. */
    public void load(FieldVector target, int rows, ArrowBuf... buffers) {
        // The null count is read only where there is no bitmap.
        target.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(buffers));
        release();
    }

    /** Gives back what no vector has taken. */
    public void release() {
        fresh.forEach(ArrowBuf::close);
        fresh.clear();
    }
}
