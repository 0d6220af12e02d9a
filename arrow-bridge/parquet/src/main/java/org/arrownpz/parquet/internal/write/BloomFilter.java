package org.arrownpz.parquet.internal.write;

import java.util.Arrays;

/** A split-block filter over xxHash64 of a chunk's values (parquet-format, BloomFilter.md). Used by one thread. */
final class BloomFilter {
    private static final int BLOCK = 32;
    /** Bits of a value where one of a hundred others seems to be there. */
    private static final double BITS = 9.68;

    private static final int MAX_BYTES = 128 << 20;
    private static final int[] SALT = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long SUM_OF_FIRST = 0x60EA27EEADC0B5D6L;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private final Leaf leaf;
    private long[] hashes = new long[1 << 8];
    private int count;

    BloomFilter(Leaf leaf) {
        this.leaf = leaf;
    }

    /** Adds the values of a page that is plain. */
    void add(byte[] plain, int size) {
        int head = leaf.physical() == Leaf.Physical.BYTE_ARRAY ? Integer.BYTES : 0;
        for (int at = 0; at < size; ) {
            int length = head > 0 ? (int) Bytes.INT.get(plain, at) : leaf.width();
            if (count == hashes.length) {
                compact();
            }
            hashes[count++] = hash(plain, at + head, length);
            at += head + length;
        }
    }

    /** Keeps each hash once, with room for as many more. */
    private void compact() {
        Arrays.sort(hashes, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[kept++] = hashes[i];
            }
        }
        count = kept;
        if (count > hashes.length / 2) {
            hashes = Arrays.copyOf(hashes, Math.multiplyExact(2, hashes.length));
        }
    }

    /** Appends the filter with its header. */
    void writeTo(Bytes out) {
        compact();
        long wanted = (long) Math.ceil(count * BITS / Byte.SIZE);
        int size = (int) Math.min(MAX_BYTES, Math.max(BLOCK, Long.highestOneBit(Math.max(1, wanted * 2 - 1))));
        ThriftStruct choice = new ThriftStruct().struct(1, new ThriftStruct());
        new ThriftStruct()
                .i32(1, size)
                .struct(2, choice)
                .struct(3, choice)
                .struct(4, choice)
                .writeTo(out);
        int start = out.size();
        out.fill(0, size);
        byte[] bits = out.array();
        for (int i = 0; i < count; i++) {
            int block = start + (int) ((hashes[i] >>> Integer.SIZE) * (size / BLOCK) >>> Integer.SIZE) * BLOCK;
            for (int word = 0; word < SALT.length; word++) {
                int place = block + word * Integer.BYTES;
                int bit = 1 << ((int) hashes[i] * SALT[word] >>> 27);
                Bytes.INT.set(bits, place, (int) Bytes.INT.get(bits, place) | bit);
            }
        }
    }

    /** XXH64 with the seed 0 (xxhash, doc/xxhash_spec.md). */
    static long hash(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        long hash = PRIME_5;
        if (length >= BLOCK) {
            long[] lanes = {SUM_OF_FIRST, PRIME_2, 0, -PRIME_1};
            for (; at <= end - BLOCK; at += BLOCK) {
                for (int lane = 0; lane < lanes.length; lane++) {
                    lanes[lane] = round(lanes[lane], (long) Bytes.LONG.get(bytes, at + lane * Long.BYTES));
                }
            }
            hash = Long.rotateLeft(lanes[0], 1)
                    + Long.rotateLeft(lanes[1], 7)
                    + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
            }
        }
        hash += length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) Bytes.LONG.get(bytes, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= end - Integer.BYTES) {
            long word = (int) Bytes.INT.get(bytes, at) & 0xFFFF_FFFFL;
            hash = Long.rotateLeft(hash ^ word * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += Integer.BYTES;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (bytes[at] & 0xFF) * PRIME_5, 11) * PRIME_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * PRIME_2, 31) * PRIME_1;
    }
}
