package org.arrownpz.parquet.internal.write;

/**
 * Parquet's hybrid of run lengths and bit packing (parquet-format, Encodings.md, "RLE"), for levels and indices: a
 * group of eight equal values starts a run, others are packed in groups.
 */
final class HybridRuns {
    private static final int GROUP = 8;

    private HybridRuns() {}

    /** Bits that hold numbers up to the given one. */
    static int bits(int max) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(max);
    }

    /** @param width bits of a value, 1 to 31 */
    static void encode(int[] values, int count, int width, Bytes out) {
        int literals = 0;
        int at = 0;
        while (at <= count - GROUP) {
            int value = values[at];
            int end = at + GROUP;
            // Without a jump for each value: of few different ones half of those would be guessed wrong.
            int different = 0;
            for (int i = at + 1; i < end; i++) {
                different |= values[i] ^ value;
            }
            if (different == 0) {
                while (end < count && values[end] == value) {
                    end++;
                }
                pack(values, literals, at, width, out);
                run(value, end - at, width, out);
                literals = end;
            }
            at = end;
        }
        pack(values, literals, count, width, out);
    }

    /** One run of a level. */
    static void run(int value, int count, int width, Bytes out) {
        out.putVarint((long) count << 1);
        for (int shift = 0; shift < width; shift += Byte.SIZE) {
            out.put(value >>> shift);
        }
    }

    private static void pack(int[] values, int from, int to, int width, Bytes out) {
        if (from == to) {
            return;
        }
        int groups = (to - from + GROUP - 1) / GROUP;
        out.putVarint((long) groups << 1 | 1);
        out.room(Math.addExact(Math.multiplyExact(groups, width), Long.BYTES));
        byte[] array = out.array();
        int end = out.size() + groups * width;
        int position = out.size();
        long bits = 0;
        int filled = 0;
        for (int i = from; i < to; i++) {
            bits |= (long) values[i] << filled;
            filled += width;
            if (filled >= Integer.SIZE) {
                Bytes.INT.set(array, position, (int) bits);
                position += Integer.BYTES;
                bits >>>= Integer.SIZE;
                filled -= Integer.SIZE;
            }
        }
        // The rest, and the zeros that fill the last group.
        while (position < end) {
            array[position++] = (byte) bits;
            bits >>>= Byte.SIZE;
        }
        out.size(end);
    }
}
