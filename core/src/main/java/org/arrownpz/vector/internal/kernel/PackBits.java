package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/** NumPy's one-byte bools to Arrow's bits. Any byte but 0 is true, as NumPy reads it. */
public final class PackBits {
    private static final Unsafe U = Memory.UNSAFE;
    // Times eight bytes of 0 or 1, this gathers them as the bits of the highest byte, the first byte lowest.
    private static final long GATHER = 0x0102040810204080L;
    private static final long NOT_ONE = 0xFEFEFEFEFEFEFEFEL;
    private static final long LOW_SEVEN = 0x7F7F7F7F7F7F7F7FL;
    private static final long ONES = 0x0101010101010101L;

    private PackBits() {}

    /** Packs {@code count} bytes into {@code EncodeBits.bytes(count)} bytes; the bits after the last are zero. */
    public static void pack(ArrowBuf source, long sourceOffset, ArrowBuf target, long targetOffset, long count) {
        long from = Memory.address(source, sourceOffset, count);
        long to = Memory.address(target, targetOffset, EncodeBits.bytes(count));
        long groups = count >>> 6;
        for (long group = 0; group < groups; group++, from += 64, to += 8) {
            U.putLong(to, word(from));
        }
        int rest = (int) (count & 63);
        for (; rest >= 8; rest -= 8, from += 8, to++) {
            U.putByte(to, (byte) octet(normal(U.getLong(from))));
        }
        if (rest > 0) {
            int bits = 0;
            for (int i = 0; i < rest; i++) {
                bits |= (U.getByte(from + i) != 0 ? 1 : 0) << i;
            }
            U.putByte(to, (byte) bits);
        }
        Memory.deliverFaults();
    }

    private static long word(long from) {
        long a = U.getLong(from);
        long b = U.getLong(from + 8);
        long c = U.getLong(from + 16);
        long d = U.getLong(from + 24);
        long e = U.getLong(from + 32);
        long f = U.getLong(from + 40);
        long g = U.getLong(from + 48);
        long h = U.getLong(from + 56);
        if (((a | b | c | d | e | f | g | h) & NOT_ONE) != 0) {
            a = normal(a);
            b = normal(b);
            c = normal(c);
            d = normal(d);
            e = normal(e);
            f = normal(f);
            g = normal(g);
            h = normal(h);
        }
        return octet(a)
                | octet(b) << 8
                | octet(c) << 16
                | octet(d) << 24
                | octet(e) << 32
                | octet(f) << 40
                | octet(g) << 48
                | octet(h) << 56;
    }

    private static long octet(long bytes) {
        return bytes * GATHER >>> 56;
    }

    /** Each byte that is not 0 becomes 1. */
    private static long normal(long bytes) {
        return (((bytes & LOW_SEVEN) + LOW_SEVEN | bytes) >>> 7) & ONES;
    }
}
