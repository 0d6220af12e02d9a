package org.arrownpz.parquet.internal.write;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/** Texts, strings of bytes and decimals, and indices into dictionaries of such. */
final class ByteValues extends ChunkValues {
    /** Bytes that are read at a time, as far as they are more than one value. */
    private static final int WINDOW = 1 << 20;

    private final ColumnChunk.Workspace work;
    private final Bytes window;
    private final long[] bounds;

    ByteValues(Leaf leaf, ColumnChunk.Workspace work, @Nullable BloomFilter filter) {
        super(leaf, work, filter);
        this.work = work;
        this.window = work.window;
        this.bounds = work.numbers;
    }

    @Override
    int addPlain(FieldVector vector, int start, int @Nullable [] places, int from, int to) throws NpzException {
        if (encoded) {
            indexRoom(to - from);
        }
        long limit = held() + PAGE_BYTES;
        int at = from;
        while (at < to && held() < limit) {
            if (places != null && places[at] < 0) {
                at++;
                continue;
            }
            if (encoded && places != null && at > from && places[at] == places[at - 1]) {
                repeatIndex();
                at++;
                continue;
            }
            int end = at + 1;
            while (end < to && (places == null || places[end] == places[end - 1] + 1)) {
                end++;
            }
            at += run(vector, places == null ? start + at : places[at], end - at, limit, this::add);
        }
        return at;
    }

    /** Bytes of the open page's values and of the dictionary. */
    private long held() {
        return plain.size() + dictionaryBytes();
    }

    /** Takes a value. */
    private interface Sink {
        void take(byte[] array, int from, int to);
    }

    /** Reads values that follow each other, until so much is held; returns how many it read. */
    private int run(FieldVector vector, int first, int count, long limit, Sink sink) throws NpzException {
        bounds(vector, first, count);
        int at = 0;
        while (at < count && held() < limit) {
            int end = at + 1;
            while (end < count && bounds[end + 1] - bounds[at] <= WINDOW) {
                end++;
            }
            int length = Math.toIntExact(bounds[end] - bounds[at]);
            window.size(length);
            byte[] array = window.array();
            SafeMemory.copy(vector.getDataBuffer(), bounds[at], ByteBuffer.wrap(array, 0, length), work.location);
            for (int i = at; i < end; i++) {
                int from = (int) (bounds[i] - bounds[at]);
                int to = (int) (bounds[i + 1] - bounds[at]);
                if (leaf.type() instanceof ArrowType.Decimal) {
                    reverse(array, from, to);
                    from = to - leaf.width();
                }
                sink.take(array, from, to);
            }
            at = end;
        }
        return at;
    }

    private void bounds(FieldVector vector, int first, int count) throws NpzException {
        if (leaf.width() > 0 || leaf.physical() == Leaf.Physical.FIXED_LEN_BYTE_ARRAY) {
            long width =
                    leaf.type() instanceof ArrowType.Decimal decimal ? decimal.getBitWidth() / Byte.SIZE : leaf.width();
            for (int i = 0; i <= count; i++) {
                bounds[i] = (first + (long) i) * width;
            }
            return;
        }
        boolean wide = leaf.type() instanceof ArrowType.LargeUtf8 || leaf.type() instanceof ArrowType.LargeBinary;
        work.read(vector.getOffsetBuffer(), first, count + 1, wide ? Long.BYTES : Integer.BYTES, false);
    }

    /** Turns a decimal into the big-endian one of Parquet, at the end of its place. */
    private static void reverse(byte[] array, int from, int to) {
        for (int i = from, j = to - 1; i < j; i++, j--) {
            byte low = array[i];
            array[i] = array[j];
            array[j] = low;
        }
    }

    private void add(byte[] array, int from, int to) {
        if (encoded) {
            putIndex(Objects.requireNonNull(entries).add(array, from, to));
        } else {
            limits.add(array, from, to);
            put(array, from, to, plain);
        }
    }

    private void put(byte[] array, int from, int to, Bytes out) {
        if (leaf.physical() == Leaf.Physical.BYTE_ARRAY) {
            out.putInt(to - from);
        }
        out.put(array, from, to - from);
    }

    @Override
    int[] number(FieldVector values, Entries known) throws NpzException {
        int count = values.getValueCount();
        int[] found = new int[count];
        int[] next = {0};
        for (int i = 0; i < count; i += PIECE) {
            int piece = Math.min(PIECE, count - i);
            Sink sink = (array, from, to) -> found[next[0]++] = known.add(array, from, to);
            run(values, i, piece, Long.MAX_VALUE, sink);
        }
        return found;
    }

    @Override
    long plainBytes(int entry) {
        Entries known = Objects.requireNonNull(entries);
        int length = known.end(entry) - known.start(entry);
        return leaf.physical() == Leaf.Physical.BYTE_ARRAY ? Integer.BYTES + (long) length : length;
    }

    @Override
    void putPlain(int entry, Bytes out) {
        Entries known = Objects.requireNonNull(entries);
        put(known.data(), known.start(entry), known.end(entry), out);
    }

    @Override
    void limit(int entry) {
        Entries known = Objects.requireNonNull(entries);
        limits.add(known.data(), known.start(entry), known.end(entry));
    }

    @Override
    long dictionaryBytes() {
        if (entries == null) {
            return 0;
        }
        long prefixes = leaf.physical() == Leaf.Physical.BYTE_ARRAY ? (long) Integer.BYTES * entries.count() : 0;
        return entries.dataBytes() + prefixes;
    }
}
