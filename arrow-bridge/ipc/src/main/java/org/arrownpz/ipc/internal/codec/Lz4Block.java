package org.arrownpz.ipc.internal.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** LZ4 blocks: literals and matches in turn. Buffers are little-endian and addressed absolutely. */
public final class Lz4Block {
    private static final int MIN_MATCH = 4;
    /** A block ends with at least so many literals. */
    private static final int LAST_LITERALS = 5;
    /** No match starts later than that before the end. */
    private static final int LAST_MATCH = 12;

    private static final int MAX_OFFSET = 0xFFFF;
    private static final int HASH_BITS = 14;
    /** After 2 to this power tries without a match, steps become longer. */
    private static final int SKIP_BITS = 6;

    private Lz4Block() {}

    /** The last place of each hash; reused from block to block. */
    public static final class Table {
        private final int[] positions = new int[1 << HASH_BITS];
    }

    /** Decompresses a block to where the target's content so far ends; gives the new end. */
    static int decompress(ByteBuffer source, int from, int end, ByteBuffer target, int position) {
        int in = from;
        int out = position;
        while (true) {
            int token = source.get(in++) & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    more = source.get(in++) & 0xFF;
                    literals = Math.addExact(literals, more);
                } while (more == 255);
            }
            if (literals > end - in) {
                throw new IndexOutOfBoundsException("literals leave their block");
            }
            copyLiterals(source, in, target, out, literals);
            in += literals;
            out += literals;
            if (in == end) {
                return out;
            }
            int offset = source.getShort(in) & 0xFFFF;
            in += 2;
            int length = (token & 15) + MIN_MATCH;
            if ((token & 15) == 15) {
                int more;
                do {
                    more = source.get(in++) & 0xFF;
                    length = Math.addExact(length, more);
                } while (more == 255);
            }
            if (offset == 0 || offset > out || in > end || length > target.limit() - out) {
                throw new IndexOutOfBoundsException("a match leaves the content");
            }
            copyMatch(target, out, offset, length);
            out += length;
        }
    }

    private static void copyLiterals(ByteBuffer source, int in, ByteBuffer target, int out, int count) {
        if (count <= 16 && in + 16 <= source.limit() && out + 16 <= target.limit()) {
            target.putLong(out, source.getLong(in));
            target.putLong(out + 8, source.getLong(in + 8));
        } else {
            target.put(out, source, in, count);
        }
    }

    private static void copyMatch(ByteBuffer target, int out, int offset, int length) {
        int end = out + length;
        int at = out;
        if (offset >= 8 && end + 8 <= target.limit()) {
            for (; at < end; at += 8) {
                target.putLong(at, target.getLong(at - offset));
            }
            return;
        }
        for (; at < end; at++) {
            target.put(at, target.get(at - offset));
        }
    }

    /** Compresses a range; gives the end of what was written, or -1 where that would pass the limit. */
    public static int compress(
            ByteBuffer source, int from, int length, ByteBuffer target, int position, int limit, Table table) {
        int[] seen = table.positions;
        Arrays.fill(seen, -1);
        int end = from + length;
        int out = position;
        int anchor = from;
        int at = from;
        int tries = 1 << SKIP_BITS;
        while (at <= end - LAST_MATCH) {
            int word = source.getInt(at);
            int hash = word * 0x9E3779B1 >>> 32 - HASH_BITS;
            int match = seen[hash];
            seen[hash] = at;
            if (match < 0 || at - match > MAX_OFFSET || source.getInt(match) != word) {
                at += tries++ >>> SKIP_BITS;
                continue;
            }
            tries = 1 << SKIP_BITS;
            int stop = at + MIN_MATCH;
            int other = match + MIN_MATCH;
            while (stop <= end - LAST_LITERALS - 8) {
                long difference = source.getLong(stop) ^ source.getLong(other);
                if (difference != 0) {
                    int same = Long.numberOfTrailingZeros(difference) >>> 3;
                    stop += same;
                    other += same;
                    break;
                }
                stop += 8;
                other += 8;
            }
            while (stop < end - LAST_LITERALS && source.get(stop) == source.get(other)) {
                stop++;
                other++;
            }
            out = sequence(source, anchor, at - anchor, at - match, stop - at, target, out, limit);
            if (out < 0) {
                return -1;
            }
            at = stop;
            anchor = stop;
        }
        return sequence(source, anchor, end - anchor, 0, 0, target, out, limit);
    }

    /** Writes literals and a match, or only literals where the offset is 0. */
    private static int sequence(
            ByteBuffer source,
            int literal,
            int literals,
            int offset,
            int length,
            ByteBuffer target,
            int position,
            int limit) {
        int rest = offset == 0 ? 0 : length - MIN_MATCH;
        if ((long) position + 1 + literals / 255 + 1 + literals + 2 + rest / 255 + 1 > limit) {
            return -1;
        }
        int out = position;
        target.put(out++, (byte) (Math.min(15, literals) << 4 | Math.min(15, rest)));
        out = putLength(target, out, literals);
        target.put(out, source, literal, literals);
        out += literals;
        if (offset != 0) {
            target.putShort(out, (short) offset);
            out = putLength(target, out + 2, rest);
        }
        return out;
    }

    private static int putLength(ByteBuffer target, int position, int length) {
        int out = position;
        if (length >= 15) {
            int left = length - 15;
            for (; left >= 255; left -= 255) {
                target.put(out++, (byte) 255);
            }
            target.put(out++, (byte) left);
        }
        return out;
    }
}
