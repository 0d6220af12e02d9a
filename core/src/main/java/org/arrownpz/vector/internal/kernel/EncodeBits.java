package org.arrownpz.vector.internal.kernel;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Bitmaps in Arrow's order (bit 0 of byte 0 first): counted, moved to other bit positions, spread to bytes. */
public final class EncodeBits {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long SPREAD = 0x8040201008040201L;

    private EncodeBits() {}

    /** The number of bytes that hold so many bits. */
    public static long bytes(long bits) {
        return (bits >>> 3) + ((bits & 7) == 0 ? 0 : 1);
    }

    /** The number of zero bits in a range. */
    public static long countZeros(ArrowBuf bits, long firstBit, long count) {
        long zeros = zeros(bits, firstBit, count);
        Memory.deliverFaults();
        return zeros;
    }

    private static long zeros(ArrowBuf bits, long firstBit, long count) {
        if (count == 0) {
            return 0;
        }
        long base = address(bits, firstBit, count);
        long ones = 0;
        long done = 0;
        while (done < count) {
            int step = (int) Math.min(56, count - done);
            ones += Long.bitCount(load(base, firstBit + done, step));
            done += step;
        }
        return count - ones;
    }

    /** Whether the first bits are all set. */
    public static boolean allOnes(ArrowBuf bits, long count) {
        long from = address(bits, 0, count);
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
        return rest == 0 || load(from, words << 6, rest) == -1L >>> (64 - rest);
    }

    /** Up to 64 bits from any position. */
    public static long load(ArrowBuf bits, long first, int count) {
        return load(address(bits, first, count), first, count);
    }

    /** Whether one bit is set. */
    public static boolean isSet(ArrowBuf bits, long index) {
        return (UNSAFE.getByte(Memory.address(bits, index >>> 3, 1)) >>> (index & 7) & 1) != 0;
    }

    /**
     * Moves a range of bits into a target whose bits from {@code targetBit} on are zero.
     *
     * @param source the bits, or null for ones
     * @param mask ANDed with the source, at the same bit positions; or null
     */
    public static void copy(
            @Nullable ArrowBuf source,
            @Nullable ArrowBuf mask,
            long firstBit,
            long count,
            ArrowBuf target,
            long targetBit) {
        try {
            if (count == 0) {
                return;
            }
            long from = source == null ? 0 : address(source, firstBit, count);
            long with = mask == null ? 0 : address(mask, firstBit, count);
            long to = address(target, targetBit, count);
            long done = 0;
            while (done < count) {
                // Whole target bytes after the first step, so that steps never share a byte.
                int lead = (int) (targetBit + done & 7);
                int step = (int) Math.min(48 - lead, count - done);
                long bits = -1L >>> (64 - step);
                if (source != null) {
                    bits &= load(from, firstBit + done, step);
                }
                if (mask != null) {
                    bits &= load(with, firstBit + done, step);
                }
                bits <<= lead;
                long at = to + (targetBit + done >>> 3);
                for (int left = lead + step; left > 0; left -= 8) {
                    UNSAFE.putByte(at, (byte) (UNSAFE.getByte(at) | bits));
                    bits >>>= 8;
                    at++;
                }
                done += step;
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Spreads bits to bytes 0 and 1, one per row of the target. */
    public static void toBytes(ArrowBuf source, long firstBit, int count, ArrowBuf target, long offset, long stride) {
        try {
            if (count == 0) {
                return;
            }
            long from = address(source, firstBit, count);
            long to = Memory.address(target, offset, Math.addExact(Math.multiplyExact(count - 1L, stride), 1));
            int i = 0;
            if (stride == 1) {
                for (; i <= count - 8; i += 8) {
                    long eight = load(from, firstBit + i, 8);
                    // Byte k keeps bit k, then any set bit becomes 1.
                    long kept = eight * LOW_BITS & SPREAD;
                    UNSAFE.putLong(to + i, (kept + 0x7f7f7f7f7f7f7f7fL | kept) >>> 7 & LOW_BITS);
                }
            }
            for (; i < count; i++) {
                UNSAFE.putByte(to + i * stride, (byte) load(from, firstBit + i, 1));
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Whether a null child stands below a valid parent; each parent has {@code perParent} children. */
    public static boolean anyNullBelowValid(@Nullable ArrowBuf parent, ArrowBuf child, long parents, int perParent) {
        try {
            for (long i = 0; i < parents; i++) {
                if ((parent == null || isSet(parent, i)) && zeros(child, i * perParent, perParent) > 0) {
                    return true;
                }
            }
            return false;
        } finally {
            Memory.deliverFaults();
        }
    }

    private static long address(ArrowBuf buffer, long firstBit, long count) {
        if (firstBit < 0 || count < 0) {
            throw new IndexOutOfBoundsException("bits " + firstBit + " to " + count);
        }
        Objects.checkFromIndexSize(0, bytes(Math.addExact(firstBit, count)), buffer.capacity());
        return buffer.memoryAddress();
    }

    // Up to 64 bits from any bit position, without reading past the byte of the last.
    private static long load(long base, long bit, int count) {
        long at = base + (bit >>> 3);
        int lead = (int) (bit & 7);
        int bytes = lead + count + 7 >>> 3;
        long word = 0;
        if (bytes >= 8) {
            word = UNSAFE.getLong(at) >>> lead;
            word |= bytes == 8 ? 0 : (UNSAFE.getByte(at + 8) & 0xffL) << (64 - lead);
        } else {
            for (int k = 0; k < bytes; k++) {
                word |= (UNSAFE.getByte(at + k) & 0xffL) << 8 * k;
            }
            word >>>= lead;
        }
        return word & -1L >>> (64 - count);
    }
}
