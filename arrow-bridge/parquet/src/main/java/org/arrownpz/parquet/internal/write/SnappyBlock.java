package org.arrownpz.parquet.internal.write;

import java.util.Arrays;

/** Snappy's compressor (github.com/google/snappy, format_description.txt): literals, and copies of up to 64 bytes. */
final class SnappyBlock {
    private static final int BLOCK = 1 << 16;
    /** The table stays in the first cache: 8 KiB. With 14 bits files are no smaller and take a fifth longer. */
    private static final int HASH_BITS = 12;

    private static final int MIN_MATCH = 4;
    /**
     * Matches up to this length save a byte or two each, and columns of numbers are full of them. Among these, steps are of
     * two bytes: compressing 12 MB of packed events takes below 5 ms rather than 20, and files are 0 to 6 % larger.
     */
    private static final int SHORT_MATCH = 6;

    private static final int MAX_COPY = 64;
    /** Copies that are shorter, from not far behind, take two bytes. */
    private static final int SHORT_COPY = 12;

    private static final int SHORT_OFFSET = 1 << 11;
    /** Steps between tries grow by this power's part of what was skipped without a match, as in Google's. */
    private static final int SKIP_BITS = 5;
    /** Literals up to this length are copied as two words. */
    private static final int SHORT_LITERAL = 2 * Long.BYTES;

    /** By hash: where in the block it was last. */
    private final char[] seen = new char[1 << HASH_BITS];

    /** Appends the compressed bytes. */
    void compress(byte[] source, int length, Bytes out) {
        out.putVarint(length);
        // Literals cost a byte in 60 at worst, and copies are shorter than what they stand for.
        out.room((int) Math.min(Integer.MAX_VALUE - 64, 64L + length + length / 6));
        byte[] target = out.array();
        int at = out.size();
        for (int start = 0; start < length; start += BLOCK) {
            at = block(source, start, Math.min(length, start + BLOCK), target, at);
        }
        out.size(at);
    }

    private int block(byte[] source, int start, int end, byte[] target, int position) {
        Arrays.fill(seen, (char) 0);
        int out = position;
        int anchor = start;
        int at = start + 1;
        int skip = 1 << SKIP_BITS;
        while (at <= end - Long.BYTES) {
            int word = (int) Bytes.INT.get(source, at);
            int hash = word * 0x1E35A7BD >>> Integer.SIZE - HASH_BITS;
            int match = start + seen[hash];
            seen[hash] = (char) (at - start);
            if ((int) Bytes.INT.get(source, match) != word) {
                int step = skip >>> SKIP_BITS;
                at += step;
                skip += step;
                continue;
            }
            int stop = matchEnd(source, match + MIN_MATCH, at + MIN_MATCH, end);
            skip = stop - at > SHORT_MATCH ? 1 << SKIP_BITS : Math.min(skip, 2 << SKIP_BITS);
            out = literal(source, anchor, at - anchor, target, out);
            out = copy(at - match, stop - at, target, out);
            at = stop;
            anchor = stop;
        }
        return literal(source, anchor, end - anchor, target, out);
    }

    private static int matchEnd(byte[] source, int from, int to, int end) {
        int other = from;
        int stop = to;
        while (stop <= end - Long.BYTES) {
            long difference = (long) Bytes.LONG.get(source, stop) ^ (long) Bytes.LONG.get(source, other);
            if (difference != 0) {
                return stop + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            stop += Long.BYTES;
            other += Long.BYTES;
        }
        while (stop < end && source[stop] == source[other]) {
            stop++;
            other++;
        }
        return stop;
    }

    private static int literal(byte[] source, int from, int length, byte[] target, int position) {
        if (length == 0) {
            return position;
        }
        int out = position;
        int less = length - 1;
        if (length <= SHORT_LITERAL && from <= source.length - SHORT_LITERAL) {
            // What is copied too much is written over by what follows; the room has it to spare.
            target[out++] = (byte) (less << 2);
            Bytes.LONG.set(target, out, (long) Bytes.LONG.get(source, from));
            Bytes.LONG.set(target, out + Long.BYTES, (long) Bytes.LONG.get(source, from + Long.BYTES));
            return out + length;
        }
        if (less < 60) {
            target[out++] = (byte) (less << 2);
        } else if (less < 1 << Byte.SIZE) {
            target[out++] = (byte) (60 << 2);
            target[out++] = (byte) less;
        } else {
            target[out++] = (byte) (61 << 2);
            target[out++] = (byte) less;
            target[out++] = (byte) (less >>> Byte.SIZE);
        }
        System.arraycopy(source, from, target, out, length);
        return out + length;
    }

    private static int copy(int offset, int length, byte[] target, int position) {
        int out = position;
        int left = length;
        while (left > MAX_COPY) {
            // At least four bytes are left for the last.
            int part = left >= MAX_COPY + MIN_MATCH ? MAX_COPY : MAX_COPY - MIN_MATCH;
            out = longCopy(offset, part, target, out);
            left -= part;
        }
        if (left >= SHORT_COPY || offset >= SHORT_OFFSET) {
            return longCopy(offset, left, target, out);
        }
        target[out++] = (byte) (offset >>> Byte.SIZE << 5 | left - MIN_MATCH << 2 | 1);
        target[out++] = (byte) offset;
        return out;
    }

    private static int longCopy(int offset, int length, byte[] target, int position) {
        target[position] = (byte) (length - 1 << 2 | 2);
        target[position + 1] = (byte) offset;
        target[position + 2] = (byte) (offset >>> Byte.SIZE);
        return position + 3;
    }
}
