package org.arrownpz.vector.internal.kernel;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** Bitmaps looked at 64 bits at a time. */
public final class BitRuns {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private BitRuns() {}

    /** Whether the first bits are all set. */
    public static boolean allOnes(ArrowBuf bits, long count) {
        long from = Memory.address(bits, 0, EncodeBits.bytes(count));
        long words = count >>> 6;
        for (long i = 0; i < words; ) {
            long all = -1;
            long end = Math.min(words, i + 4096);
            for (; i < end; i++) {
                all &= UNSAFE.getLong(from + 8 * i);
            }
            if (all != -1) {
                return false;
            }
        }
        int rest = (int) (count & 63);
        return rest == 0 || load(bits, words << 6, rest) == -1L >>> (64 - rest);
    }

    /** Up to 64 bits from any position. */
    public static long load(ArrowBuf bits, long first, int count) {
        long bytes = EncodeBits.bytes(first + count);
        Objects.checkFromIndexSize(0, bytes, bits.capacity());
        long at = first >>> 3;
        int lead = (int) (first & 7);
        long base = bits.memoryAddress();
        long word = 0;
        int room = (int) Math.min(8, bytes - at);
        if (room == 8) {
            word = UNSAFE.getLong(base + at);
        } else {
            for (int k = 0; k < room; k++) {
                word |= (UNSAFE.getByte(base + at + k) & 0xffL) << 8 * k;
            }
        }
        word >>>= lead;
        if (lead > 0 && bytes - at > 8) {
            word |= (UNSAFE.getByte(base + at + 8) & 0xffL) << (64 - lead);
        }
        return word & -1L >>> (64 - count);
    }
}
