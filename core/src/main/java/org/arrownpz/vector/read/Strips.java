package org.arrownpz.vector.read;

import java.io.UncheckedIOException;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.CommonPool;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.internal.kernel.SharedWork;

/**
 * Bytes of an array that are converted once: read a strip at a time into memory that stays in the second cache, which is
 * quicker than the page faults of a mapping, and takes no fault where the file is cut short meanwhile.
 */
final class Strips {
    /** The bytes that half of a second cache holds. */
    static final long BYTES = 256 << 10;
    /** Fewer bytes are quicker had from a mapping: 40 blocks of 160 KB by a fifth, columns of 96 KB as quickly. */
    private static final long LEAST = BYTES;
    /** Fewer bytes are done before a helper would come. */
    private static final long LEAST_SHARED = 2 << 20;

    /** Of parts as far from each other, each page fault of a mapping reads MiB around one, where none else lies. */
    private static final long FAR = 1 << 20;
    /** Shorter arrays are in the page cache sooner or later. */
    private static final long LONG_ARRAY = 1 << 30;

    private Strips() {}

    /** Something that converts the bytes of a strip, which begin at a place among all. Called by one or two threads. */
    @FunctionalInterface
    interface Work {
        void convert(ArrowBuf strip, long at, long length);
    }

    /** Whether that many bytes are better had in strips than as a region. */
    static boolean suit(NumpyArray array, long bytes) {
        return bytes >= LEAST && array.data().isReadQuickly();
    }

    /**
     * Whether parts of a long array are better read one by one than as regions.
     *
     * @param bytes of a part, or of all of them
     * @param few how many these may be
     * @param distance bytes from one part to the next
     */
    static boolean lieApart(NumpyArray array, long bytes, long few, long distance) {
        return bytes <= few
                && distance >= FAR
                && array.data().size() > LONG_ARRAY
                && array.data().isReadQuickly();
    }

    /**
     * Gives all bytes of a range to the work, a strip at a time, in whatever order.
     *
     * @param strip the length of all strips but the last
     */
    static void run(BufferAllocator allocator, NumpyArray array, long start, long bytes, long strip, Work work)
            throws NpzException {
        int count = Math.toIntExact((bytes + strip - 1) / strip);
        try (ArrowBuf memory = allocate(allocator, array, Math.min(strip, bytes))) {
            if (bytes < LEAST_SHARED || !CommonPool.mayHelp()) {
                for (int i = 0; i < count; i++) {
                    step(array, start, bytes, strip, i, memory, work);
                }
                return;
            }
            try (ArrowBuf second = allocate(allocator, array, strip)) {
                SharedWork.run(
                        count,
                        i -> shared(array, start, bytes, strip, i, memory, work),
                        i -> shared(array, start, bytes, strip, i, second, work));
            } catch (UncheckedIOException e) {
                throw Faults.typed(e);
            }
        }
    }

    private static ArrowBuf allocate(BufferAllocator allocator, NumpyArray array, long bytes) throws NpzException {
        return Allocations.allocate(allocator, bytes, array.location(), "a strip of the file");
    }

    private static boolean shared(
            NumpyArray array, long start, long bytes, long strip, int number, ArrowBuf memory, Work work) {
        try {
            step(array, start, bytes, strip, number, memory, work);
            return true;
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void step(
            NumpyArray array, long start, long bytes, long strip, int number, ArrowBuf memory, Work work)
            throws NpzException {
        long at = number * strip;
        int length = (int) Math.min(strip, bytes - at);
        array.data().read(start + at, memory.nioBuffer(0, length));
        work.convert(memory, at, length);
    }
}
