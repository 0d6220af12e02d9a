package org.arrownpz.vector.internal.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.util.OversizedAllocationException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.PlainMemory;
import org.arrownpz.support.Faults;
import org.jspecify.annotations.Nullable;

/** Scratch memory of one operation, released with it; and the errors that leave an operation. Used by one thread. */
public final class Scope implements AutoCloseable {
    /** Roots have no file to name. */
    public static final Location NOWHERE = Location.ofFile(null);

    private final BufferAllocator allocator;
    private final AllValidBitmaps ones;
    private final List<ArrowBuf> buffers = new ArrayList<>();

    public Scope(BufferAllocator allocator) {
        this.allocator = allocator;
        this.ones = new AllValidBitmaps(allocator);
    }

    /** Work on vectors with unchecked content. */
    public interface Work<T> {
        T run() throws NpzException;
    }

    /** Runs work, and gives what goes wrong there the type that users expect. */
    public static <T> T run(Work<T> work) throws NpzException {
        try {
            return work.run();
        } catch (IndexOutOfBoundsException e) {
            throw NOWHERE.error(ErrorCode.VALUE, "a vector's offsets, indices or views lie outside its buffers")
                    .cause(e)
                    .build();
        } catch (ArithmeticException | OversizedAllocationException e) {
            throw NOWHERE.error(ErrorCode.LIMIT, "a result has more values than its type can count")
                    .remedy("Work on fewer rows at once, or on the large variant of the type")
                    .cause(e)
                    .build();
        } catch (OutOfMemoryException e) {
            throw Faults.limit(NOWHERE, "for a result", e);
        }
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    /** Runs a kernel over memory that may be a mapped file. */
    public static void guard(Runnable kernel) throws NpzException {
        MemoryAccess.guard(NOWHERE, kernel);
    }

    /** Runs a kernel under {@link MemoryAccess#guarded}, and gives what it has found. */
    public static <T extends @Nullable Object> T guarded(Supplier<T> kernel) throws NpzException {
        return MemoryAccess.guarded(NOWHERE, kernel);
    }

    /** Memory that lives as long as the scope. */
    public ArrowBuf bytes(long count, String what) throws NpzException {
        ArrowBuf buffer = Allocations.allocate(allocator, count, NOWHERE, what);
        buffers.add(buffer);
        return buffer.writerIndex(count);
    }

    /** The same for what is written whole at once, see {@link PlainMemory}. */
    public ArrowBuf plain(long count, String what) throws NpzException {
        ArrowBuf buffer = PlainMemory.allocate(allocator, count, NOWHERE, what);
        buffers.add(buffer);
        return buffer.writerIndex(count);
    }

    /** Memory for 32-bit integers. */
    public ArrowBuf ints(long count, String what) throws NpzException {
        return bytes(Math.multiplyExact(count, 4L), what);
    }

    /** Memory for 64-bit integers. */
    public ArrowBuf longs(long count, String what) throws NpzException {
        return bytes(Math.multiplyExact(count, 8L), what);
    }

    /** A bitmap of ones, shared by all that come from this scope. */
    public ArrowBuf ones(long rows) throws NpzException {
        ArrowBuf bits = ones.forRows(rows);
        buffers.add(bits);
        return bits;
    }

    /** Gives memory back before the scope ends. */
    public void release(ArrowBuf buffer) {
        if (buffers.remove(buffer)) {
            buffer.close();
        }
    }

    @Override
    public void close() {
        buffers.forEach(ArrowBuf::close);
        buffers.clear();
        ones.close();
    }
}
