package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import sun.misc.Unsafe;

/**
 * NumPy's NUL-padded UTF-32 ({@code U<n>}, little-endian) to offsets and UTF-8. Trailing NULs go, inner ones stay. A
 * decoder works on rows in order, in as many steps as its caller finds room for, and stops at a code unit that is no
 * character. Used by one thread.
 */
public final class DecodeText {
    /** A row's UTF-8 takes at most this much per code unit, and a step may write that far beyond its last byte. */
    public static final int SLACK = 8;

    private static final Unsafe U = Memory.UNSAFE;
    private static final long NOT_ASCII = 0xFFFFFF80FFFFFF80L;
    private static final long LOW_HALF = 0xFFFFFFFFL;
    /** Code units of short cells, and rows of them at a time. */
    private static final int SHORT = 4;

    private static final int SHORT_ROWS = 1 << 20;

    private ArrowBuf source;
    private long sourceOffset;
    private final long units;
    private final boolean large;
    private long row;
    private long position;
    private long badUnit = -1;
    private int badValue;

    /**
     * A decoder of cells of {@code units} code units each.
     *
     * @param large whether offsets have 8 bytes instead of 4
     */
    public DecodeText(ArrowBuf source, long sourceOffset, long units, boolean large) {
        this.source = source;
        this.sourceOffset = sourceOffset;
        this.units = units;
        this.large = large;
    }

    /** Goes on with rows in other memory, in which the first row of all would lie at the offset, which may be negative. */
    public void from(ArrowBuf memory, long offset) {
        source = memory;
        sourceOffset = offset;
    }

    /** The first row not decoded yet; the row at fault after a failed step. */
    public long row() {
        return row;
    }

    /** The bytes of UTF-8 so far. */
    public long position() {
        return position;
    }

    /** The code unit at fault within its row, or −1. */
    public long badUnit() {
        return badUnit;
    }

    /** The value of the code unit at fault. */
    public int badValue() {
        return badValue;
    }

    /** The most bytes that {@link #step} may write for so many rows, slack included. */
    public long roomFor(long rows) {
        return Math.addExact(Math.multiplyExact(Math.multiplyExact(rows, units), 4L), SLACK);
    }

    /**
     * Decodes the rows up to {@code end}.
     *
     * @param offsets room for one offset more than rows in all
     * @param values room for {@link #position()} plus {@link #roomFor} of the step
     * @return whether all was text; if not, {@link #row}, {@link #badUnit} and {@link #badValue} say what was not
     */
    public boolean step(long end, ArrowBuf offsets, ArrowBuf values) {
        try {
            long count = end - row;
            long cellBytes = units * 4;
            long from = Memory.address(source, sourceOffset + row * cellBytes, count * cellBytes);
            long offset = Memory.address(offsets, 0, Math.multiplyExact(end + 1, large ? 8L : 4L));
            long start = Memory.address(values, 0, position + roomFor(count));
            if (row == 0) {
                StripNul.putOffset(offset, 0, 0, large);
            }
            long at = start + position;
            boolean text = true;
            long done = row;
            while (done < end) {
                if (units > 0 && units <= SHORT) {
                    long some = shortAscii(from, (int) Math.min(end - done, SHORT_ROWS), at, offset, done, at - start);
                    if (some > 0) {
                        done += some;
                        from += some * cellBytes;
                        at = start + (large ? U.getLong(offset + 8 * done) : U.getInt(offset + 4 * done) & LOW_HALF);
                        continue;
                    }
                }
                long length = units <= SHORT ? -1 : ascii(from, units, at);
                if (length < 0) {
                    length = encode(from, at);
                    if (length < 0) {
                        text = false;
                        break;
                    }
                }
                at += length;
                from += cellBytes;
                done++;
                StripNul.putOffset(offset, done, at - start, large);
            }
            row = done;
            position = at - start;
            return text;
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Whether code units are all characters that UTF-8 can hold. */
    public static boolean isText(ArrowBuf source, long units, boolean bigEndian) {
        long from = Memory.address(source, 0, Math.multiplyExact(units, 4L));
        boolean text = true;
        for (long i = 0; i < units; i++) {
            int stored = U.getInt(from + 4 * i);
            int unit = bigEndian ? Integer.reverseBytes(stored) : stored;
            text &= (unit & ~0x7F) == 0
                    || !isSurrogate(unit) && Integer.compareUnsigned(unit, Character.MAX_CODE_POINT) <= 0;
        }
        Memory.deliverFaults();
        return text;
    }

    /** The UTF-8 bytes that rows take, without writing; code units that are no characters count 4. */
    public static long total(ArrowBuf source, long sourceOffset, long rows, long units) {
        long from = Memory.address(source, sourceOffset, Math.multiplyExact(Math.multiplyExact(rows, units), 4L));
        long total = 0;
        for (long r = 0; r < rows; r++, from += units * 4) {
            long end = trimmed(from, units);
            for (long i = 0; i < end; i++) {
                int unit = U.getInt(from + 4 * i);
                total += (unit & ~0x7F) == 0 ? 1 : (unit & ~0x7FF) == 0 ? 2 : (unit & ~0xFFFF) == 0 ? 3 : 4;
            }
        }
        Memory.deliverFaults();
        return total;
    }

    // The rows up to the first that is not all ASCII; returns how many. Everything but the row's place is known outside
    // of the loop, which for cells of a few characters is most of the work. No int becomes a long here: see
    // Memory.int32.
    private long shortAscii(long from, int rows, long to, long offsets, long firstRow, long length) {
        int count = (int) units;
        long last = 4L * count - 8;
        long base = to - length;
        long next = offsets + (firstRow + 1) * (large ? 8 : 4);
        long sum = length;
        for (int r = 0; r < rows; r++) {
            int word;
            if (count == 1) {
                word = U.getInt(from);
                if ((word & ~0x7F) != 0) {
                    return r;
                }
            } else {
                long a = U.getLong(from);
                long b = U.getLong(from + last);
                if (((a | b) & NOT_ASCII) != 0) {
                    return r;
                }
                long more = count == 4 ? pair(b) << 16 : count == 3 ? b >>> 32 << 16 : 0;
                word = (int) (pair(a) | more);
            }
            U.putInt(base + sum, word);
            sum += 4 - (Integer.numberOfLeadingZeros(word) >>> 3);
            if (large) {
                U.putLong(next + 8L * r, sum);
            } else {
                U.putInt(next + 4L * r, (int) sum);
            }
            from += 4L * count;
        }
        return rows;
    }

    // Of cells longer than the short ones. Eight code units become one word; the word's highest non-zero byte tells the
    // length so far, without a branch.
    private static long ascii(long from, long units, long to) {
        long length = 0;
        long i = 0;
        for (; i + 8 <= units; i += 8) {
            long a = U.getLong(from + 4 * i);
            long b = U.getLong(from + 4 * i + 8);
            long c = U.getLong(from + 4 * i + 16);
            long d = U.getLong(from + 4 * i + 24);
            if (((a | b | c | d) & NOT_ASCII) != 0) {
                return -1;
            }
            long word = pair(a) | pair(b) << 16 | pair(c) << 32 | pair(d) << 48;
            U.putLong(to + i, word);
            length = word == 0 ? length : i + 8 - (Long.numberOfLeadingZeros(word) >>> 3);
        }
        long rest = units - i;
        if (rest > 0) {
            long word = 0;
            long all = 0;
            if ((rest & 1) != 0) {
                // With the unit before it, which is looked at again: see Memory.int32.
                all = U.getLong(from + 4 * units - 8);
                word = (all >>> 32) << 8 * (rest - 1);
            }
            if (rest > 1) {
                long a = U.getLong(from + 4 * i);
                all |= a;
                word |= pair(a);
            }
            if (rest > 3) {
                long a = U.getLong(from + 4 * i + 8);
                all |= a;
                word |= pair(a) << 16;
            }
            if (rest > 5) {
                long a = U.getLong(from + 4 * i + 16);
                all |= a;
                word |= pair(a) << 32;
            }
            if ((all & NOT_ASCII) != 0) {
                return -1;
            }
            U.putLong(to + i, word);
            length = word == 0 ? length : i + 8 - (Long.numberOfLeadingZeros(word) >>> 3);
        }
        return length;
    }

    private static long pair(long twoUnits) {
        return (twoUnits | twoUnits >>> 24) & 0xFFFF;
    }

    private static long trimmed(long from, long units) {
        long end = units;
        while (end > 0 && U.getInt(from + 4 * (end - 1)) == 0) {
            end--;
        }
        return end;
    }

    private long encode(long from, long to) {
        long end = trimmed(from, units);
        long at = to;
        for (long i = 0; i < end; i++) {
            int unit = U.getInt(from + 4 * i);
            if ((unit & ~0x7F) == 0) {
                U.putByte(at++, (byte) unit);
            } else if ((unit & ~0x7FF) == 0) {
                U.putByte(at, (byte) (0xC0 | unit >>> 6));
                U.putByte(at + 1, continuation(unit));
                at += 2;
            } else if ((unit & ~0xFFFF) == 0) {
                if (isSurrogate(unit)) {
                    return fail(i, unit);
                }
                U.putByte(at, (byte) (0xE0 | unit >>> 12));
                U.putByte(at + 1, continuation(unit >>> 6));
                U.putByte(at + 2, continuation(unit));
                at += 3;
            } else {
                if (Integer.compareUnsigned(unit, Character.MAX_CODE_POINT) > 0) {
                    return fail(i, unit);
                }
                U.putByte(at, (byte) (0xF0 | unit >>> 18));
                U.putByte(at + 1, continuation(unit >>> 12));
                U.putByte(at + 2, continuation(unit >>> 6));
                U.putByte(at + 3, continuation(unit));
                at += 4;
            }
        }
        return at - to;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | bits & 0x3F);
    }

    /** Whether a code unit is a surrogate, which UTF-8 cannot hold. */
    public static boolean isSurrogate(int unit) {
        return (unit & ~0x7FF) == 0xD800;
    }

    private long fail(long unit, int value) {
        badUnit = unit;
        badValue = value;
        return -1;
    }
}
