package org.arrownpz.event.internal.kernel;

import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * The values of a key column, equal and ordered as pandas has them: −0.0 equals 0.0, NaN and NaT are null, text goes by
 * code point. Borrows the vector's memory. Reads only; safe for several threads.
 */
public record KeyColumn(
        KeyKind kind,
        int width,
        long rows,
        @Nullable ArrowBuf data,
        @Nullable ArrowBuf offsets,
        List<ArrowBuf> blocks,
        @Nullable ArrowBuf validity,
        boolean nat,
        int @Nullable [] ranks) {
    static final Unsafe UNSAFE = Memory.UNSAFE;

    /**
     * Fixed-width values.
     *
     * @param width bytes of a value, for the kinds that leave it open
     * @param data the values; null for {@link KeyKind#NULLNESS} of a column that has nothing else
     * @param validity the bitmap, or null where nothing is null
     * @param nat whether −2⁶³ is null
     * @throws IndexOutOfBoundsException when the buffers are shorter than the rows
     */
    public static KeyColumn fixed(
            KeyKind kind, int width, long rows, @Nullable ArrowBuf data, @Nullable ArrowBuf validity, boolean nat) {
        int bytes = kind.width() == 0 ? width : kind.width();
        if (data != null && rows > 0) {
            long needed = kind == KeyKind.BOOL ? EncodeBits.bytes(rows) : Math.multiplyExact(rows, (long) bytes);
            Objects.checkFromIndexSize(0, kind == KeyKind.NULLNESS && !nat ? 0 : needed, data.capacity());
        }
        return new KeyColumn(kind, bytes, rows, data, null, List.of(), bits(validity, rows), nat, null);
    }

    /** Values behind offsets or views; {@code blocks} are the data buffers (one for offsets). */
    public static KeyColumn bytes(
            KeyKind kind, long rows, ArrowBuf offsets, List<ArrowBuf> blocks, @Nullable ArrowBuf validity) {
        if (rows > 0) {
            long entries = kind == KeyKind.VIEWS ? rows : rows + 1;
            Objects.checkFromIndexSize(0, Math.multiplyExact(entries, (long) kind.width()), offsets.capacity());
        }
        return new KeyColumn(
                kind,
                kind.width(),
                rows,
                blocks.isEmpty() ? null : blocks.get(0),
                offsets,
                blocks,
                bits(validity, rows),
                false,
                null);
    }

    /** Indices into a dictionary: compared by the ranks of its entries; a negative rank is null. */
    public KeyColumn ranked(int[] entryRanks) {
        return new KeyColumn(kind, width, rows, data, offsets, blocks, validity, nat, entryRanks);
    }

    private static @Nullable ArrowBuf bits(@Nullable ArrowBuf validity, long rows) {
        if (validity == null || rows == 0 || EncodeBits.allOnes(validity, rows)) {
            return null;
        }
        return validity;
    }

    /** Whether values become one 64-bit integer each. */
    public boolean isWord() {
        return kind.isWord();
    }

    /** Whether a value may be null. */
    public boolean mayBeNull() {
        return validity != null
                || nat
                || ranks != null
                || kind == KeyKind.FLOAT16
                || kind == KeyKind.FLOAT32
                || kind == KeyKind.FLOAT64;
    }

    /** Whether these are 64-bit integers that are compared as they lie there, without a bitmap. */
    boolean isPlain64() {
        return (kind == KeyKind.INT64 || kind == KeyKind.UINT64) && validity == null && ranks == null;
    }

    /** For {@link #isPlain64}: the values' address. */
    long plain64() {
        return address();
    }

    boolean isNat() {
        return nat;
    }

    /** For keys that {@link KeyScan} gathers: what a value is XORed with to be ordered as signed. */
    public long plainFlip() {
        return kind == KeyKind.UINT64 ? Long.MIN_VALUE : 0;
    }

    private long address() {
        return data == null ? 0 : data.memoryAddress();
    }

    /** Whether the key of a row is null. */
    public boolean isNull(long row) {
        if (validity != null && !EncodeBits.isSet(validity, row)) {
            return true;
        }
        if (ranks != null) {
            return rank(row) < 0;
        }
        return switch (kind) {
            case INT64, NULLNESS -> nat && UNSAFE.getLong(address() + 8 * row) == Long.MIN_VALUE;
            case FLOAT16 -> word(row) == KeyWords.NAN16;
            case FLOAT32 -> word(row) == KeyWords.NAN32;
            case FLOAT64 -> word(row) == KeyWords.NAN64;
            default -> false;
        };
    }

    private int rank(long row) {
        long index = raw(row);
        int[] table = Objects.requireNonNull(ranks);
        if (index < 0 || index >= table.length) {
            throw new IndexOutOfBoundsException("index " + index + " into a dictionary of " + table.length);
        }
        return table[(int) index];
    }

    /** For word kinds: a value as an integer that is equal and ordered as the value; undefined where it is null. */
    public long word(long row) {
        return ranks != null ? (isSet(row) ? rank(row) : -1) : raw(row);
    }

    private boolean isSet(long row) {
        return validity == null || EncodeBits.isSet(validity, row);
    }

    private long raw(long row) {
        long base = address();
        return switch (kind) {
            case INT8 -> UNSAFE.getByte(base + row);
            case INT16 -> UNSAFE.getShort(base + 2 * row);
            case INT32 -> Memory.int32(base + 4 * row);
            case INT64 -> UNSAFE.getLong(base + 8 * row);
            case UINT8 -> UNSAFE.getByte(base + row) & 0xffL;
            case UINT16 -> UNSAFE.getShort(base + 2 * row) & 0xffffL;
            case UINT32 -> UNSAFE.getInt(base + 4 * row) & 0xffffffffL;
            case UINT64 ->
                ranks == null ? UNSAFE.getLong(base + 8 * row) ^ Long.MIN_VALUE : UNSAFE.getLong(base + 8 * row);
            case FLOAT16 -> KeyWords.half(UNSAFE.getShort(base + 2 * row));
            case FLOAT32 -> KeyWords.single(UNSAFE.getFloat(base + 4 * row));
            case FLOAT64 -> KeyWords.twice(UNSAFE.getDouble(base + 8 * row));
            case BOOL -> UNSAFE.getByte(base + (row >>> 3)) >>> (row & 7) & 1;
            case DAY_TIME -> KeyWords.days(UNSAFE.getLong(base + 8 * row));
            default -> 0;
        };
    }

    /** For word kinds: {@link #word} of a range of rows. */
    void words(long first, int count, long[] out, int at) {
        long base = address();
        if (ranks != null || kind == KeyKind.BOOL || kind == KeyKind.FLOAT16 || kind == KeyKind.DAY_TIME) {
            for (int i = 0; i < count; i++) {
                out[at + i] = word(first + i);
            }
            return;
        }
        KeyWords.copy(kind, base + first * width, count, plainFlip(), out, at);
    }

    /** Sets the bits of null rows; {@code words} are the decoded values, for word kinds. */
    boolean nulls(long first, int count, long[] words, int at, long[] target) {
        if (!mayBeNull()) {
            return false;
        }
        long any = 0;
        for (int start = 0; start < count; start += 64) {
            int now = Math.min(64, count - start);
            long bits = validity == null ? 0 : ~EncodeBits.load(validity, first + start, now);
            if (ranks != null) {
                for (int i = 0; i < now; i++) {
                    bits |= (words[at + start + i] >>> 63) << i;
                }
            } else if (kind == KeyKind.FLOAT64 || kind == KeyKind.FLOAT32 || kind == KeyKind.FLOAT16) {
                long nan = kind == KeyKind.FLOAT64
                        ? KeyWords.NAN64
                        : kind == KeyKind.FLOAT32 ? KeyWords.NAN32 : KeyWords.NAN16;
                for (int i = 0; i < now; i++) {
                    bits |= (words[at + start + i] == nan ? 1L : 0L) << i;
                }
            } else if (nat) {
                long from = address() + 8 * (first + start);
                for (int i = 0; i < now; i++) {
                    bits |= (UNSAFE.getLong(from + 8L * i) == Long.MIN_VALUE ? 1L : 0L) << i;
                }
            }
            bits &= -1L >>> (64 - now);
            target[start >>> 6] = bits;
            any |= bits;
        }
        return any != 0;
    }

    /** Whether two rows hold one key; null equals null. */
    public boolean equal(long left, long right) {
        boolean isNull = isNull(left);
        if (isNull || isNull(right)) {
            return isNull && isNull(right);
        }
        return equalValues(left, right);
    }

    boolean equalValues(long left, long right) {
        if (kind.isWord()) {
            return word(left) == word(right);
        }
        long length = length(left);
        return length == length(right) && KeyBytes.equal(start(left, length), start(right, length), length);
    }

    /** Compares two rows; nulls come last. */
    public int compare(long left, long right) {
        boolean isNull = isNull(left);
        if (isNull || isNull(right)) {
            return Boolean.compare(isNull, isNull(right));
        }
        if (kind.isWord()) {
            return Long.compare(word(left), word(right));
        }
        long length = length(left);
        long other = length(right);
        long a = start(left, length);
        long b = start(right, other);
        return switch (kind) {
            case DECIMAL -> KeyBytes.compareDecimals(a, b, width);
            case MONTH_DAY_NANO -> KeyBytes.compareIntervals(a, b);
            default -> KeyBytes.compare(a, length, b, other);
        };
    }

    /** The first eight bytes (or what is most significant) as a signed integer: orders rows up to ties. */
    long prefix(long row) {
        if (kind.isWord()) {
            return word(row);
        }
        long length = length(row);
        long from = start(row, length);
        return switch (kind) {
            case DECIMAL -> width < 8 ? Memory.int32(from) : UNSAFE.getLong(from + width - 8);
            case MONTH_DAY_NANO -> KeyWords.days(UNSAFE.getLong(from));
            default -> KeyBytes.prefix(from, length);
        };
    }

    private long length(long row) {
        return switch (kind) {
            case BYTES32, BYTES64 -> {
                ArrowBuf entries = Objects.requireNonNull(offsets);
                yield EncodeOffsets.get(entries, row + 1, width) - EncodeOffsets.get(entries, row, width);
            }
            case VIEWS -> EncodeOffsets.get(Objects.requireNonNull(offsets), row * 4, 4);
            default -> width;
        };
    }

    private long start(long row, long length) {
        switch (kind) {
            case BYTES32, BYTES64 -> {
                if (length == 0) {
                    return 0;
                }
                long at = EncodeOffsets.get(Objects.requireNonNull(offsets), row, width);
                return Memory.address(Objects.requireNonNull(data), at, length);
            }
            case VIEWS -> {
                ArrowBuf views = Objects.requireNonNull(offsets);
                if (length <= EncodeOffsets.INLINE_BYTES) {
                    return Memory.address(views, row * EncodeOffsets.VIEW_BYTES + 4, Math.max(0, length));
                }
                int block = (int) EncodeOffsets.get(views, row * 4 + 2, 4);
                long at = EncodeOffsets.get(views, row * 4 + 3, 4);
                return Memory.address(blocks.get(Objects.checkIndex(block, blocks.size())), at, length);
            }
            default -> {
                return width == 0 ? 0 : Memory.address(Objects.requireNonNull(data), row * width, width);
            }
        }
    }
}
