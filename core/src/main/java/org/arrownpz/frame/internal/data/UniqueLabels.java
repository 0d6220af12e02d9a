package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.ValueBytes;
import org.jspecify.annotations.Nullable;

/** No two rows of an index have the same label: StaticFrame opens no file where they have. */
public final class UniqueLabels {
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final List<Level> levels = new ArrayList<>();

    private UniqueLabels(List<List<FieldVector>> levels) {
        levels.forEach(level -> this.levels.add(new Level(level)));
    }

    /**
     * Refuses an index with a label that two rows have.
     *
     * @param levels a vector for each level, of as many rows as each other
     * @throws NpzException FRAME_LABELS for such an index, LIMIT when the allocator cannot give the memory to find out
     */
    static void require(List<FieldVector> levels, BufferAllocator allocator, Location location) throws NpzException {
        UniqueLabels labels = new UniqueLabels(levels.stream().map(List::of).toList());
        int[] twice = labels.firstDouble(allocator, location);
        if (twice != null) {
            throw location.error(ErrorCode.FRAME_LABELS, "the labels of an index are not unique")
                    .found(labels.label(twice[1]) + " in rows " + twice[0] + " and " + twice[1])
                    .remedy("Choose columns that together tell rows apart")
                    .build();
        }
    }

    /**
     * Whether no two rows have the same label.
     *
     * @param levels the vectors of each level, one after the other
     * @throws NpzException LIMIT when the allocator cannot give the memory to find out
     */
    public static boolean areIn(List<List<FieldVector>> levels, BufferAllocator allocator, Location location)
            throws NpzException {
        return new UniqueLabels(levels).firstDouble(allocator, location) == null;
    }

    /** The two rows, or null. */
    private int @Nullable [] firstDouble(BufferAllocator allocator, Location location) throws NpzException {
        if (levels.isEmpty() || levels.size() == 1 && levels.get(0).isAscending()) {
            return null;
        }
        int rows = levels.get(0).rows();
        int bits = 33 - Integer.numberOfLeadingZeros(rows);
        try (ArrowBuf slots = Allocations.allocate(allocator, 4L << bits, location, "the labels of an index")) {
            return firstDouble(slots, bits, rows);
        }
    }

    /** @param slots two for each row or more, of a row's number and one, or 0 */
    private int @Nullable [] firstDouble(ArrowBuf slots, int bits, int rows) {
        slots.setZero(0, slots.capacity());
        for (int row = 0; row < rows; row++) {
            long hash = hash(row);
            long slot = hash >>> (64 - bits);
            for (int other = slots.getInt(4 * slot); other > 0; other = slots.getInt(4 * slot)) {
                if (isEqual(other - 1, row)) {
                    return new int[] {other - 1, row};
                }
                slot = (slot + 1) & ((1L << bits) - 1);
            }
            slots.setInt(4 * slot, row + 1);
        }
        return null;
    }

    private long hash(int row) {
        long hash = 0;
        for (Level level : levels) {
            hash = (hash ^ level.hash(row)) * MIX;
            hash ^= hash >>> 32;
        }
        return hash * MIX;
    }

    private boolean isEqual(int row, int other) {
        for (Level level : levels) {
            if (!level.isEqual(row, other)) {
                return false;
            }
        }
        return true;
    }

    private String label(int row) {
        List<String> parts =
                levels.stream().map(level -> text(level.object(row))).toList();
        return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
    }

    private static String text(@Nullable Object label) {
        return label == null
                ? "null"
                : SafeText.quote(label instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : label.toString());
    }

    /** One level's labels, in vectors one after the other. */
    private static final class Level {
        private final List<FieldVector> vectors;
        /** The first row of each vector, and the number of all. */
        private final int[] starts;
        // Two of each, for a label is compared with another one of its vector.
        private final List<@Nullable ValueBytes> values = new ArrayList<>();
        private final List<@Nullable ValueBytes> others = new ArrayList<>();

        Level(List<FieldVector> level) {
            vectors = level.stream().map(Storage::of).toList();
            starts = new int[level.size() + 1];
            for (int i = 0; i < level.size(); i++) {
                starts[i + 1] = Math.addExact(starts[i], level.get(i).getValueCount());
                values.add(ValueBytes.of(vectors.get(i)));
                others.add(ValueBytes.of(vectors.get(i)));
            }
        }

        int rows() {
            return starts[starts.length - 1];
        }

        private int vector(int row) {
            int place = vectors.size() == 1 ? 0 : Arrays.binarySearch(starts, row);
            // Of several vectors that start at the row, all but the last are empty.
            while (place >= 0 && starts[place + 1] == row) {
                place++;
            }
            return place >= 0 ? place : -place - 2;
        }

        /** Whether these are integers or times that rise from row to row: the usual index, told apart without a table. */
        boolean isAscending() {
            long last = Long.MIN_VALUE;
            boolean first = true;
            for (FieldVector vector : vectors) {
                if (!(vector instanceof BaseFixedWidthVector fixed)
                        || vector instanceof FloatingPointVector
                        || fixed.getTypeWidth() != Integer.BYTES && fixed.getTypeWidth() != Long.BYTES
                        || vector.getNullCount() > 0) {
                    return false;
                }
                ArrowBuf data = vector.getDataBuffer();
                boolean wide = fixed.getTypeWidth() == Long.BYTES;
                for (long row = 0; row < vector.getValueCount(); row++) {
                    long value = wide ? data.getLong(row * Long.BYTES) : data.getInt(row * Integer.BYTES);
                    if (value <= last && !first) {
                        return false;
                    }
                    last = value;
                    first = false;
                }
            }
            return true;
        }

        long hash(int row) {
            int place = vector(row);
            FieldVector vector = vectors.get(place);
            int at = row - starts[place];
            ValueBytes bytes = values.get(place);
            if (vector.isNull(at)) {
                return 0;
            } else if (vector instanceof FloatingPointVector numbers) {
                return Double.hashCode(number(numbers, at)) * MIX;
            }
            return bytes != null ? bytes.at(at).hash() : vector.getObject(at).hashCode();
        }

        boolean isEqual(int row, int other) {
            int place = vector(row);
            int otherPlace = vector(other);
            FieldVector vector = vectors.get(place);
            FieldVector otherVector = vectors.get(otherPlace);
            int at = row - starts[place];
            int otherAt = other - starts[otherPlace];
            if (vector.isNull(at) || otherVector.isNull(otherAt)) {
                return vector.isNull(at) && otherVector.isNull(otherAt);
            } else if (vector instanceof FloatingPointVector numbers
                    && otherVector instanceof FloatingPointVector otherNumbers) {
                return Double.compare(number(numbers, at), number(otherNumbers, otherAt)) == 0;
            }
            ValueBytes bytes = values.get(place);
            ValueBytes otherBytes = others.get(otherPlace);
            return bytes != null && otherBytes != null
                    ? bytes.at(at).sameAs(otherBytes.at(otherAt))
                    : Objects.equals(vector.getObject(at), otherVector.getObject(otherAt));
        }

        // 0.0 and -0.0 are one label.
        private static double number(FloatingPointVector numbers, int row) {
            return numbers.getValueAsDouble(row) + 0.0;
        }

        @Nullable
        Object object(int row) {
            int place = vector(row);
            return vectors.get(place).getObject(row - starts[place]);
        }
    }
}
