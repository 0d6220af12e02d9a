package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Reads one byte of every page, so that one that is gone is noticed here and not where Arrow reads. */
public final class TouchPages {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    /** The smallest page of the systems that this runs on. */
    private static final int PAGE = 4096;

    /** Written, so that reading is not optimised away. */
    private static volatile int sink;

    private TouchPages() {}

    /**
     * Touches the pages of a range, or of what the buffer has of it. A fault comes up with
     * {@link org.arrownpz.memory.MemoryAccess#guard}.
     */
    public static void touch(ArrowBuf buffer, long offset, long length) {
        long end = Math.min(buffer.capacity(), offset + length);
        if (offset < 0 || offset >= end) {
            return;
        }
        long address = Memory.address(buffer, offset, end - offset);
        long last = address + (end - offset) - 1;
        int sum = UNSAFE.getByte(last);
        for (long at = address; at < last; at += PAGE) {
            sum += UNSAFE.getByte(at);
        }
        sink = sum;
    }
}
