package org.arrownpz.parquet.internal.write;

import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Values of up to eight bytes. */
final class NumberValues extends ChunkValues {
    private final ColumnChunk.Workspace work;
    private final boolean unsigned;
    private final int width;
    private final long[] numbers;
    private final long[] one = new long[1];

    NumberValues(Leaf leaf, ColumnChunk.Workspace work, @Nullable BloomFilter filter) {
        super(leaf, work, filter);
        this.work = work;
        this.numbers = work.numbers;
        this.unsigned = leaf.type() instanceof ArrowType.Int number && !number.getIsSigned();
        this.width = leaf.type() instanceof ArrowType.Int number ? number.getBitWidth() / Byte.SIZE : leaf.width();
    }

    @Override
    int addPlain(FieldVector vector, int start, int @Nullable [] places, int from, int to) throws NpzException {
        if (leaf.type() instanceof ArrowType.Null) {
            return to;
        }
        ArrowBuf buffer = vector.getDataBuffer();
        boolean bits = leaf.physical() == Leaf.Physical.BOOLEAN;
        int count = to - from;
        boolean whole = places == null && !bits;
        if (whole) {
            work.read(buffer, start + from, count, width, unsigned);
        } else {
            int found = 0;
            for (int i = from; i < to; i++) {
                long place = places == null ? (long) start + i : places[i];
                if (place >= 0) {
                    numbers[found++] = bits ? buffer.getByte(place >> 3) >> (place & 7) & 1 : read(buffer, place);
                }
            }
            count = found;
        }
        if (encoded) {
            putIndices(numbers, count);
        } else {
            limits.add(numbers, count);
            if (whole && width == leaf.width()) {
                plain.put(work.window.array(), 0, count * width);
            } else {
                put(count);
            }
        }
        return to;
    }

    @Override
    int[] number(FieldVector values, Entries known) throws NpzException {
        int[] found = new int[values.getValueCount()];
        for (int from = 0; from < found.length; from += PIECE) {
            int piece = Math.min(PIECE, found.length - from);
            work.read(values.getDataBuffer(), from, piece, width, unsigned);
            known.add(numbers, piece, found, from);
        }
        return found;
    }

    private long read(ArrowBuf buffer, long place) {
        return switch (width) {
            case 1 -> unsigned ? buffer.getByte(place) & 0xFF : buffer.getByte(place);
            case 2 -> unsigned ? buffer.getShort(2 * place) & 0xFFFF : buffer.getShort(2 * place);
            case Integer.BYTES -> buffer.getInt(place * Integer.BYTES);
            default -> buffer.getLong(place * Long.BYTES);
        };
    }

    private void put(int count) {
        plain.room(count * leaf.width());
        for (int i = 0; i < count; i++) {
            put(numbers[i], plain);
        }
    }

    private void put(long number, Bytes out) {
        switch (leaf.width()) {
            case 1 -> out.put((int) number);
            case Short.BYTES -> {
                out.put((int) number);
                out.put((int) number >> Byte.SIZE);
            }
            case Integer.BYTES -> out.putInt((int) number);
            default -> out.putLong(number);
        }
    }

    @Override
    long plainBytes(int entry) {
        return leaf.width();
    }

    @Override
    void putPlain(int entry, Bytes out) {
        put(Objects.requireNonNull(entries).number(entry), out);
    }

    @Override
    void limit(int entry) {
        one[0] = Objects.requireNonNull(entries).number(entry);
        limits.add(one, 1);
    }

    @Override
    long dictionaryBytes() {
        return entries == null ? 0 : (long) entries.count() * leaf.width();
    }
}
