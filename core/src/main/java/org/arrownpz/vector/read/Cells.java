package org.arrownpz.vector.read;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.internal.memory.Buffers;

/**
 * Elements that lie a fixed stride apart in a buffer. Does not own the buffer, which outlives it.
 *
 * @param buffer where the elements lie
 * @param offset bytes from the buffer's start to the first element
 * @param stride bytes from one element to the next
 * @param rows the number of elements
 * @param placement whose the memory is
 * @param origin where the elements come from, for messages
 */
record Cells(ArrowBuf buffer, long offset, long stride, int rows, Placement placement, Origin origin) {
    /** The owner of the memory that elements lie in. */
    enum Placement {
        /** The file's, by way of a mapping, or a caller's buffer. */
        SOURCE,
        /** The allocator's, already copied. */
        MEMORY,
        /** The allocator's, and no one else reads these bytes: they may be changed in place. */
        SCRATCH
    }

    /** The byte offset within the array's data at which an element starts. */
    @FunctionalInterface
    interface Origin {
        long at(long cell);

        /** Elements a fixed stride apart. */
        static Origin strided(long first, long stride) {
            return cell -> first + cell * stride;
        }
    }

    /** The part of each element that starts at the given offset within it. */
    Cells part(long partOffset) {
        return new Cells(buffer, offset + partOffset, stride, rows, placement, cell -> origin.at(cell) + partOffset);
    }

    /** The same elements with another word on whose memory they lie in. */
    Cells placed(Placement other) {
        return new Cells(buffer, offset, stride, rows, other, origin);
    }

    /** Whether elements of that width lie next to each other. */
    boolean isContiguous(long width) {
        return stride == width || rows <= 1;
    }

    /** A buffer of exactly the elements, which the caller releases. They have to be contiguous. */
    ArrowBuf slice(long width) {
        long bytes = Math.multiplyExact(width, (long) rows);
        // Elements without width may stand at the end of the buffer or in none at all.
        return Buffers.slice(buffer, bytes == 0 ? 0 : offset, bytes);
    }
}
