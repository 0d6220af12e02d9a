package org.arrownpz.cli.stats;

import java.math.BigInteger;

/** The exact sum of up to 2³¹ integers of up to 256 bits at a time, in 32-bit pieces that cannot overflow. */
final class ExactSum {
    private final long[] pieces = new long[8];
    private BigInteger settled = BigInteger.ZERO;

    /** Adds a 64-bit integer. */
    void add(long value, boolean unsigned) {
        pieces[0] += value & 0xffff_ffffL;
        pieces[1] += unsigned ? value >>> 32 : value >> 32;
    }

    /** Adds a signed integer of that many 64-bit words, the least significant first. */
    void add(long[] words, int count) {
        for (int i = 0; i < count; i++) {
            pieces[2 * i] += words[i] & 0xffff_ffffL;
            pieces[2 * i + 1] += i == count - 1 ? words[i] >> 32 : words[i] >>> 32;
        }
    }

    /** The sum; also makes room for as many values again. */
    BigInteger settle() {
        for (int i = 0; i < pieces.length; i++) {
            settled = settled.add(BigInteger.valueOf(pieces[i]).shiftLeft(32 * i));
            pieces[i] = 0;
        }
        return settled;
    }
}
