package org.arrownpz.ipc.internal.codec;

import java.nio.ByteBuffer;

/** The checksum of LZ4 frames: XXH32 with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). */
final class Xxh32 {
    private static final int PRIME1 = 0x9E3779B1;
    private static final int PRIME2 = 0x85EBCA77;
    private static final int PRIME3 = 0xC2B2AE3D;
    private static final int PRIME4 = 0x27D4EB2F;
    private static final int PRIME5 = 0x165667B1;

    /** The first two added, without the carry. */
    private static final int PRIMES12 = 0x24234428;

    private Xxh32() {}

    /** The hash of a range of a little-endian buffer. */
    static int hash(ByteBuffer bytes, int start, int length) {
        int at = start;
        int end = start + length;
        int hash;
        if (length >= 16) {
            int a = PRIMES12;
            int b = PRIME2;
            int c = 0;
            int d = -PRIME1;
            for (; at <= end - 16; at += 16) {
                a = round(a, bytes.getInt(at));
                b = round(b, bytes.getInt(at + 4));
                c = round(c, bytes.getInt(at + 8));
                d = round(d, bytes.getInt(at + 12));
            }
            hash = Integer.rotateLeft(a, 1)
                    + Integer.rotateLeft(b, 7)
                    + Integer.rotateLeft(c, 12)
                    + Integer.rotateLeft(d, 18);
        } else {
            hash = PRIME5;
        }
        hash += length;
        for (; at <= end - 4; at += 4) {
            hash = Integer.rotateLeft(hash + bytes.getInt(at) * PRIME3, 17) * PRIME4;
        }
        for (; at < end; at++) {
            hash = Integer.rotateLeft(hash + (bytes.get(at) & 0xFF) * PRIME5, 11) * PRIME1;
        }
        hash = (hash ^ hash >>> 15) * PRIME2;
        hash = (hash ^ hash >>> 13) * PRIME3;
        return hash ^ hash >>> 16;
    }

    private static int round(int sum, int word) {
        return Integer.rotateLeft(sum + word * PRIME2, 13) * PRIME1;
    }
}
