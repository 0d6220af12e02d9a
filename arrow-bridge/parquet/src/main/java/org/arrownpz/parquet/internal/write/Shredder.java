package org.arrownpz.parquet.internal.write;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a column as Parquet has them: an entry for each value of a leaf, and for each null or empty list above it,
 * with levels that tell how far it goes (S. Melnik et al., "Dremel", 2010).
 */
final class Shredder {
    private final Location location;
    private int count;
    /** The place of the first entry's value, where all entries have one and they follow each other. */
    private int start;
    /** The place of each entry's value in the vector that was reached, -1 where it has ended above; null as above. */
    private int @Nullable [] places;
    /** Of entries that have ended; null where none has. */
    private byte @Nullable [] definitions;
    /** Null where all are 0. */
    private byte @Nullable [] repetitions;

    private int definition;
    private int repetition;

    Shredder(Location location) {
        this.location = location;
    }

    /** Takes rows of a column down to a leaf; returns the leaf's vector. */
    FieldVector shred(FieldVector column, Leaf leaf, int from, int to) throws NpzException {
        count = to - from;
        start = from;
        places = null;
        definitions = null;
        repetitions = null;
        definition = 0;
        repetition = 0;
        FieldVector vector = column;
        int turn = 0;
        boolean required = false;
        if (vector instanceof RunEndEncodedVector runs) {
            runs(runs);
            vector = runs.getValuesVector();
        }
        while (true) {
            if (!required) {
                nulls(vector);
            }
            required = false;
            ArrowType type = vector.getField().getType();
            if (vector instanceof StructVector) {
                vector = vector.getChildrenFromFields().get(leaf.route().get(turn++));
            } else if (vector instanceof ListVector || vector instanceof LargeListVector) {
                lists(vector);
                vector = vector.getChildrenFromFields().get(0);
                if (type instanceof ArrowType.Map) {
                    int child = leaf.route().get(turn++);
                    required = child == 0;
                    vector = vector.getChildrenFromFields().get(child);
                }
            } else {
                return vector;
            }
        }
    }

    /** The number of elements below rows of a column, those included that nothing refers to. */
    static long elements(FieldVector column, Leaf leaf, int from, int to) {
        FieldVector vector = column;
        long first = from;
        long last = to;
        int turn = 0;
        while (first < last) {
            if (vector instanceof ListVector || vector instanceof LargeListVector) {
                ArrowBuf offsets = vector.getOffsetBuffer();
                boolean wide = vector instanceof LargeListVector;
                first = wide ? offsets.getLong(first * Long.BYTES) : offsets.getInt(first * Integer.BYTES);
                last = wide ? offsets.getLong(last * Long.BYTES) : offsets.getInt(last * Integer.BYTES);
                boolean map = vector.getField().getType() instanceof ArrowType.Map;
                vector = vector.getChildrenFromFields().get(0);
                vector = map ? vector.getChildrenFromFields().get(leaf.route().get(turn++)) : vector;
            } else if (vector instanceof StructVector) {
                vector = vector.getChildrenFromFields().get(leaf.route().get(turn++));
            } else {
                return last - first;
            }
        }
        return 0;
    }

    int count() {
        return count;
    }

    int start() {
        return start;
    }

    /** Places of the values, ascending and -1 where there is none; null where all follow each other from the start. */
    int @Nullable [] places() {
        return places;
    }

    /** Whether an entry is the first of its row. */
    boolean isRowStart(int entry) {
        return repetitions == null || repetitions[entry] == 0;
    }

    /** The first of the entries that starts a row, or the end. */
    int rowStart(int from, int to) {
        int entry = from;
        while (entry < to && !isRowStart(entry)) {
            entry++;
        }
        return entry;
    }

    void putDefinitions(int from, int to, Bytes out) {
        if (definitions == null) {
            out.fill(definition, to - from);
            return;
        }
        int at = out.size();
        out.put(definitions, from, to - from);
        byte[] array = out.array();
        int[] known = places == null ? new int[0] : places;
        for (int i = from; i < to; i++, at++) {
            if (known[i] >= 0) {
                array[at] = (byte) definition;
            }
        }
    }

    void putRepetitions(int from, int to, Bytes out) {
        if (repetitions == null) {
            out.fill(0, to - from);
        } else {
            out.put(repetitions, from, to - from);
        }
    }

    private void nulls(FieldVector vector) {
        ArrowBuf validity = vector instanceof NullVector ? null : vector.getValidityBuffer();
        if (count > 0 && (validity == null || anyNull(validity))) {
            int[] at = places();
            if (at == null) {
                at = new int[count];
                for (int i = 0; i < count; i++) {
                    at[i] = start + i;
                }
            }
            byte[] ended = definitions == null ? new byte[count] : definitions;
            for (int i = 0; i < count; i++) {
                int place = at[i];
                if (place >= 0 && (validity == null || isNull(validity, place))) {
                    at[i] = -1;
                    ended[i] = (byte) definition;
                }
            }
            places = at;
            definitions = ended;
        }
        definition++;
    }

    /** Takes each row to the place of its run's value. */
    private void runs(RunEndEncodedVector vector) {
        BaseIntVector ends = (BaseIntVector) vector.getRunEndsVector();
        int run = count == 0 ? 0 : vector.getPhysicalIndex(start);
        int[] at = new int[count];
        for (int i = 0; i < count; i++) {
            while (ends.getValueAsLong(run) <= start + i) {
                run++;
            }
            at[i] = run;
        }
        places = at;
    }

    private static boolean isNull(ArrowBuf validity, int place) {
        return (validity.getByte(place >> 3) >> (place & 7) & 1) == 0;
    }

    /** Whether one is null from the first place to the last, those included that no entry has. */
    private boolean anyNull(ArrowBuf validity) {
        int first = start;
        int last = start + count - 1;
        int[] at = places();
        if (at != null) {
            int from = 0;
            int to = count - 1;
            while (from < to && at[from] < 0) {
                from++;
            }
            while (to > from && at[to] < 0) {
                to--;
            }
            first = at[from];
            last = at[to];
        }
        int place = Math.max(0, first);
        while (place <= last) {
            boolean whole = (place & 7) == 0 && last - place >= Long.SIZE - 1;
            if (whole ? validity.getLong(place >> 3) != -1 : isNull(validity, place)) {
                return true;
            }
            place += whole ? Long.SIZE : 1;
        }
        return false;
    }

    private void lists(FieldVector vector) throws NpzException {
        repetition++;
        if (count > 0) {
            if (places == null) {
                follow(vector);
            } else {
                expand(offsets(vector, places), 2);
            }
        }
        definition++;
    }

    /** Lists that follow each other: so do their elements. */
    private void follow(FieldVector vector) throws NpzException {
        int[] all = range(vector, start, count + 1);
        int first = all[0];
        int total = Math.subtractExact(all[count], first);
        byte[] outer = repetitions;
        byte[] levels = new byte[total];
        Arrays.fill(levels, (byte) repetition);
        for (int i = 0; i < count; i++) {
            if (all[i] >= all[i + 1]) {
                expand(all, 1);
                return;
            }
            levels[all[i] - first] = outer == null ? 0 : outer[i];
        }
        repetitions = levels;
        start = first;
        count = total;
    }

    /**
     * Lists of any kind in any place.
     *
     * @param ends the start of each entry's elements, and their end behind it
     * @param step from a start to the next
     */
    private void expand(int[] ends, int step) {
        int[] at = places;
        int total = 0;
        for (int i = 0; i < count; i++) {
            total = Math.addExact(total, isEnded(at, i) ? 1 : Math.max(1, ends[step * i + 1] - ends[step * i]));
        }
        int[] below = new int[total];
        byte[] ended = new byte[total];
        byte[] levels = new byte[total];
        int out = 0;
        for (int i = 0; i < count; i++) {
            int first = ends[step * i];
            int length = isEnded(at, i) ? 0 : ends[step * i + 1] - first;
            levels[out] = repetitions == null ? 0 : repetitions[i];
            if (length <= 0) {
                below[out] = -1;
                ended[out++] = isEnded(at, i) && definitions != null ? definitions[i] : (byte) definition;
                continue;
            }
            for (int j = 0; j < length; j++) {
                below[out + j] = first + j;
            }
            Arrays.fill(levels, out + 1, out + length, (byte) repetition);
            out += length;
        }
        places = below;
        definitions = ended;
        repetitions = levels;
        count = total;
    }

    private static boolean isEnded(int @Nullable [] at, int entry) {
        return at != null && at[entry] < 0;
    }

    /** Starts and ends of the lists in the given places. */
    private int[] offsets(FieldVector vector, int[] at) {
        ArrowBuf buffer = vector.getOffsetBuffer();
        boolean wide = vector instanceof LargeListVector;
        int[] ends = new int[Math.multiplyExact(2, count)];
        for (int i = 0; i < count; i++) {
            for (int j = 0; at[i] >= 0 && j < 2; j++) {
                long place = (long) at[i] + j;
                ends[2 * i + j] = wide
                        ? Math.toIntExact(buffer.getLong(place * Long.BYTES))
                        : buffer.getInt(place * Integer.BYTES);
            }
        }
        return ends;
    }

    private int[] range(FieldVector vector, int from, int length) throws NpzException {
        boolean wide = vector instanceof LargeListVector;
        int width = wide ? Long.BYTES : Integer.BYTES;
        byte[] bytes = new byte[Math.multiplyExact(length, width)];
        SafeMemory.copy(vector.getOffsetBuffer(), (long) from * width, ByteBuffer.wrap(bytes), location);
        int[] range = new int[length];
        for (int i = 0; i < length; i++) {
            range[i] = wide
                    ? Math.toIntExact((long) Bytes.LONG.get(bytes, i * width))
                    : (int) Bytes.INT.get(bytes, i * width);
        }
        return range;
    }
}
