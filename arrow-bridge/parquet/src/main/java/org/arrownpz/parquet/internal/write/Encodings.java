package org.arrownpz.parquet.internal.write;

/**
 * Encodings of pages (parquet-format, Encodings.md), made of the same values in the plain one. Used by one thread.
 */
public final class Encodings {
    public static final int PLAIN = 0;
    public static final int DELTA_BINARY_PACKED = 5;
    public static final int DELTA_LENGTH_BYTE_ARRAY = 6;
    public static final int DELTA_BYTE_ARRAY = 7;
    public static final int RLE_DICTIONARY = 8;
    public static final int BYTE_STREAM_SPLIT = 9;

    /** Deltas of a block, which has four parts of a width each. */
    private static final int BLOCK = 128;

    private static final int PART = 32;

    private Encodings() {}

    /** Those that may be smaller than the plain one, of which every reader of today knows all. */
    static int[] candidates(Leaf leaf) {
        return switch (leaf.physical()) {
            case INT32, INT64 -> new int[] {DELTA_BINARY_PACKED};
            case FLOAT, DOUBLE -> new int[] {BYTE_STREAM_SPLIT};
            case BYTE_ARRAY -> new int[] {DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY};
            case BOOLEAN, FIXED_LEN_BYTE_ARRAY -> new int[] {};
        };
    }

    static boolean fits(int encoding, Leaf.Physical physical) {
        return switch (encoding) {
            case DELTA_BINARY_PACKED -> physical == Leaf.Physical.INT32 || physical == Leaf.Physical.INT64;
            case DELTA_LENGTH_BYTE_ARRAY -> physical == Leaf.Physical.BYTE_ARRAY;
            case DELTA_BYTE_ARRAY -> physical.isBytes();
            case BYTE_STREAM_SPLIT -> physical != Leaf.Physical.BOOLEAN && physical != Leaf.Physical.BYTE_ARRAY;
            default -> encoding == PLAIN || physical != Leaf.Physical.BOOLEAN;
        };
    }

    /**
     * Appends the values in an encoding.
     *
     * @param plain the values in the plain one, from the first byte to {@code size}; a byte for each boolean
     */
    static void encode(int encoding, Leaf leaf, byte[] plain, int size, Bytes out) {
        switch (encoding) {
            case DELTA_BINARY_PACKED -> {
                int width = leaf.width();
                long[] values = new long[size / width];
                for (int i = 0; i < values.length; i++) {
                    values[i] = width == Long.BYTES
                            ? (long) Bytes.LONG.get(plain, i * width)
                            : (int) Bytes.INT.get(plain, i * width);
                }
                deltas(values, values.length, width * Byte.SIZE, out);
            }
            case DELTA_LENGTH_BYTE_ARRAY -> lengths(plain, size, 0, out);
            case DELTA_BYTE_ARRAY -> prefixes(plain, size, leaf.width(), out);
            case BYTE_STREAM_SPLIT -> {
                int width = leaf.width();
                int start = out.size();
                out.size(start + size);
                byte[] target = out.array();
                for (int part = 0, to = start; part < width; part++) {
                    for (int from = part; from < size; from += width) {
                        target[to++] = plain[from];
                    }
                }
            }
            default -> {
                if (leaf.physical() == Leaf.Physical.BOOLEAN) {
                    bits(plain, size, out);
                } else {
                    out.put(plain, 0, size);
                }
            }
        }
    }

    private static void bits(byte[] plain, int size, Bytes out) {
        for (int from = 0; from < size; from += Byte.SIZE) {
            int packed = 0;
            for (int i = from; i < Math.min(size, from + Byte.SIZE); i++) {
                packed |= plain[i] << i - from;
            }
            out.put(packed);
        }
    }

    /** A value's length where plain values have one before them. */
    private static int length(byte[] plain, int at, int width) {
        return width > 0 ? width : (int) Bytes.INT.get(plain, at);
    }

    private static int count(byte[] plain, int size, int width) {
        int count = 0;
        int head = width > 0 ? 0 : Integer.BYTES;
        for (int at = 0; at < size; count++) {
            at += head + length(plain, at, width);
        }
        return count;
    }

    private static void lengths(byte[] plain, int size, int width, Bytes out) {
        long[] lengths = new long[count(plain, size, width)];
        for (int i = 0, at = 0; i < lengths.length; i++) {
            lengths[i] = length(plain, at, width);
            at += Integer.BYTES + (int) lengths[i];
        }
        deltas(lengths, lengths.length, Integer.SIZE, out);
        out.room(size);
        for (int i = 0, at = Integer.BYTES; i < lengths.length; i++) {
            out.put(plain, at, (int) lengths[i]);
            at += Integer.BYTES + (int) lengths[i];
        }
    }

    private static void prefixes(byte[] plain, int size, int width, Bytes out) {
        long[] shared = new long[count(plain, size, width)];
        int head = width > 0 ? 0 : Integer.BYTES;
        Bytes rest = new Bytes();
        for (int i = 0, at = 0, last = 0, before = 0; i < shared.length; i++) {
            int length = length(plain, at, width);
            int from = at + head;
            int same = 0;
            int most = Math.min(length, before);
            while (same < most && plain[last + same] == plain[from + same]) {
                same++;
            }
            shared[i] = same;
            rest.putInt(length - same);
            rest.put(plain, from + same, length - same);
            last = from;
            before = length;
            at = from + length;
        }
        deltas(shared, shared.length, Integer.SIZE, out);
        lengths(rest.array(), rest.size(), 0, out);
    }

    /** @param bits of the physical type, within which deltas are taken */
    private static void deltas(long[] values, int count, int bits, Bytes out) {
        out.putVarint(BLOCK);
        out.putVarint(BLOCK / PART);
        out.putVarint(count);
        zigzag(count == 0 ? 0 : values[0], out);
        long[] deltas = new long[BLOCK];
        for (int from = 1; from < count; from += BLOCK) {
            int length = Math.min(BLOCK, count - from);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < length; i++) {
                long delta = values[from + i] - values[from + i - 1];
                deltas[i] = bits == Integer.SIZE ? (int) delta : delta;
                least = Math.min(least, deltas[i]);
            }
            zigzag(least, out);
            int widths = out.size();
            out.size(widths + BLOCK / PART);
            for (int part = 0; part < BLOCK / PART; part++) {
                long all = 0;
                for (int i = part * PART; i < (part + 1) * PART; i++) {
                    deltas[i] = i < length ? deltas[i] - least : 0;
                    deltas[i] = bits == Integer.SIZE ? deltas[i] & 0xFFFF_FFFFL : deltas[i];
                    all |= deltas[i];
                }
                int width = Long.SIZE - Long.numberOfLeadingZeros(all);
                out.array()[widths + part] = (byte) width;
                if (part * PART < length) {
                    pack(deltas, part * PART, width, out);
                }
            }
        }
    }

    private static void zigzag(long value, Bytes out) {
        out.putVarint(value << 1 ^ value >> Long.SIZE - 1);
    }

    /** Packs the numbers of a part, which take whole words of four bytes. */
    private static void pack(long[] values, int from, int width, Bytes out) {
        long packed = 0;
        int filled = 0;
        for (int i = from; i < from + PART; i++) {
            packed |= values[i] << filled;
            filled += width;
            if (filled >= Long.SIZE) {
                out.putLong(packed);
                filled -= Long.SIZE;
                packed = filled == 0 ? 0 : values[i] >>> width - filled;
            }
        }
        if (filled > 0) {
            out.putInt((int) packed);
        }
    }
}
