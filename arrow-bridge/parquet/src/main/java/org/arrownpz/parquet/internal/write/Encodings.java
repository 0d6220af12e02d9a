package org.arrownpz.parquet.internal.write;

import java.util.List;
import java.util.stream.Stream;

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
    static List<Integer> candidates(Leaf leaf) {
        return Stream.of(DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT)
                .filter(encoding -> fits(encoding, leaf))
                .toList();
    }

    /** Whether readers take an encoding for a leaf: Arrow C++ makes dictionaries of plain values and indices alone. */
    static boolean fits(int encoding, Leaf leaf) {
        Leaf.Physical physical = leaf.physical();
        return switch (encoding) {
            case DELTA_BINARY_PACKED ->
                !leaf.coded() && (physical == Leaf.Physical.INT32 || physical == Leaf.Physical.INT64);
            case DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY -> !leaf.coded() && physical == Leaf.Physical.BYTE_ARRAY;
            case BYTE_STREAM_SPLIT ->
                !leaf.coded() && (physical == Leaf.Physical.FLOAT || physical == Leaf.Physical.DOUBLE);
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
                deltas(values, width * Byte.SIZE, out);
            }
            case DELTA_LENGTH_BYTE_ARRAY -> apart(plain, size, out);
            case DELTA_BYTE_ARRAY -> prefixes(plain, size, out);
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

    /** The lengths that stand before the values. */
    private static long[] lengths(byte[] plain, int size) {
        int count = 0;
        for (int at = 0; at < size; count++) {
            at += Integer.BYTES + (int) Bytes.INT.get(plain, at);
        }
        long[] lengths = new long[count];
        for (int i = 0, at = 0; i < count; i++) {
            lengths[i] = (int) Bytes.INT.get(plain, at);
            at += Integer.BYTES + (int) lengths[i];
        }
        return lengths;
    }

    private static void apart(byte[] plain, int size, Bytes out) {
        long[] lengths = lengths(plain, size);
        deltas(lengths, Integer.SIZE, out);
        out.room(size);
        int at = 0;
        for (long length : lengths) {
            out.put(plain, at + Integer.BYTES, (int) length);
            at += Integer.BYTES + (int) length;
        }
    }

    private static void prefixes(byte[] plain, int size, Bytes out) {
        long[] lengths = lengths(plain, size);
        long[] shared = new long[lengths.length];
        Bytes rest = new Bytes();
        int from = Integer.BYTES;
        for (int i = 0, last = 0, most = 0; i < lengths.length; i++) {
            int length = (int) lengths[i];
            int same = 0;
            most = Math.min(length, most);
            while (same < most && plain[last + same] == plain[from + same]) {
                same++;
            }
            shared[i] = same;
            rest.putInt(length - same);
            rest.put(plain, from + same, length - same);
            last = from;
            most = length;
            from += length + Integer.BYTES;
        }
        deltas(shared, Integer.SIZE, out);
        apart(rest.array(), rest.size(), out);
    }

    /** @param bits of the physical type, within which deltas are taken */
    private static void deltas(long[] values, int bits, Bytes out) {
        int count = values.length;
        out.putVarint(BLOCK);
        out.putVarint(BLOCK / PART);
        out.putVarint(count);
        out.putZigzag(count == 0 ? 0 : values[0]);
        long[] deltas = new long[BLOCK];
        for (int from = 1; from < count; from += BLOCK) {
            int length = Math.min(BLOCK, count - from);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < length; i++) {
                long delta = values[from + i] - values[from + i - 1];
                deltas[i] = bits == Integer.SIZE ? (int) delta : delta;
                least = Math.min(least, deltas[i]);
            }
            out.putZigzag(least);
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
