package org.arrownpz.parquet.internal.write;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/** Values of up to eight bytes. */
final class NumberValues extends ChunkValues {
    private final Location location;
    private final boolean unsigned;
    private final int width;
    private final Bytes window;
    private final long[] numbers;
    private final long[] one = new long[1];

    NumberValues(Leaf leaf, ColumnChunk.Workspace work, @Nullable BloomFilter filter) {
        super(leaf, work, filter);
        this.location = work.location();
        this.window = work.window();
        this.numbers = work.numbers();
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
            read(buffer, start + from, count);
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
                plain.put(window.array(), 0, count * width);
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
            read(values.getDataBuffer(), from, piece);
            known.add(numbers, piece, found, from);
        }
        return found;
    }

    /** Reads values that follow each other. */
    private void read(ArrowBuf buffer, int from, int count) throws NpzException {
        window.size(count * width);
        byte[] bytes = window.array();
        SafeMemory.copy(buffer, (long) from * width, ByteBuffer.wrap(bytes, 0, count * width), location);
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] = unsigned ? bytes[i] & 0xFF : bytes[i];
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    int both = bytes[2 * i] & 0xFF | bytes[2 * i + 1] << Byte.SIZE;
                    numbers[i] = unsigned ? both & 0xFFFF : both;
                }
            }
            case Integer.BYTES -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] = (int) Bytes.INT.get(bytes, i * Integer.BYTES);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] = (long) Bytes.LONG.get(bytes, i * Long.BYTES);
                }
            }
        }
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
