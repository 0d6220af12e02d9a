package org.arrownpz.compare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;

/**
 * The labels of an axis, by level.
 *
 * @param count the number of labels
 * @param levels the levels, outermost first; several make a hierarchy
 */
record FixtureAxis(int count, List<Level> levels) {
    /** All streams reach as far; some begin later in the source than others. */
    private static final int AVAILABLE = SourceValues.COUNT - 100;

    FixtureAxis {
        levels = List.copyOf(levels);
    }

    /** The classes of the levels. */
    List<IndexClass> classes() {
        return levels.stream().map(Level::indexClass).toList();
    }

    /** Whether there are values for all labels. */
    boolean isAvailable() {
        return levels.stream().allMatch(level -> level.from + (long) level.distinct(count) <= AVAILABLE);
    }

    /** Whether no label repeats another. */
    boolean isUnique() {
        List<long[]> keys = new ArrayList<>();
        for (Level level : levels) {
            if (level.type instanceof ValueType.Tuples tuples) {
                tuples.items().forEach(item -> keys.add(level.keys(item, count)));
            } else {
                keys.add(level.keys(level.type, count));
            }
        }
        return LabelKeys.unique(keys);
    }

    /**
     * One level.
     *
     * @param indexClass its class
     * @param type what its labels are before the class makes them its own
     * @param from the position in the stream of the first label
     * @param repeats how often each label stands
     */
    record Level(IndexClass indexClass, ValueType type, int from, int repeats) {
        /** The dtype of labels that are no objects: datetime64 in the class' unit where it has one. */
        ScalarDType dtype(int count) {
            TimeUnit64.Base unit = indexClass.type().unit();
            return unit != null ? ScalarDType.datetime(TimeUnit64.of(unit)) : ((ValueType.Numpy) type).dtype(count);
        }

        /**
         * Labels that are no objects, as NumPy stores them.
         *
         * @throws ArithmeticException when a time does not fit the class' unit
         */
        byte[] bytes(int count) {
            int distinct = distinct(count);
            ScalarDType dtype = dtype(count);
            byte[] labels;
            if (indexClass.type().unit() == null) {
                labels = ValueStream.bytes(((ValueType.Numpy) type).dtype(), from, distinct);
            } else {
                labels = new byte[distinct * Long.BYTES];
                ByteBuffer.wrap(labels)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer()
                        .put(times(distinct));
            }
            if (repeats == 1) {
                return labels;
            }
            int width = (int) dtype.itemSize();
            byte[] repeated = new byte[Math.multiplyExact(count, width)];
            for (int i = 0; i < count; i++) {
                System.arraycopy(labels, i / repeats * width, repeated, i * width, width);
            }
            return repeated;
        }

        // Integers count the class' unit, as NumPy casts them.
        private long[] times(int distinct) {
            ScalarDType source = ((ValueType.Numpy) type).dtype();
            long[] counts = ValueStream.keys(source, from, distinct);
            TimeUnit64 stated = source.unit();
            TimeUnit64.Base to = indexClass.type().unit();
            return stated == null || to == null ? counts : TimeLabels.convert(counts, stated.base(), to);
        }

        private long[] keys(ValueType item, int count) {
            int distinct = distinct(count);
            long[] keys;
            if (item instanceof ValueType.Objects) {
                keys = new ObjectStream(from + distinct).keys(from, distinct);
            } else if (indexClass.type().unit() != null) {
                keys = times(distinct);
            } else {
                keys = ValueStream.keys(((ValueType.Numpy) item).dtype(), from, distinct);
            }
            if (repeats == 1) {
                return keys;
            }
            long[] repeated = new long[count];
            for (int i = 0; i < count; i++) {
                repeated[i] = keys[i / repeats];
            }
            return repeated;
        }

        private int distinct(int count) {
            return count / repeats + (count % repeats == 0 ? 0 : 1);
        }

        /** Whether the class can have such labels. */
        boolean fits() {
            boolean timed = indexClass.type().unit() != null;
            if (!(type instanceof ValueType.Numpy numpy)) {
                return !timed;
            }
            return switch (numpy.dtype().kind()) {
                case DATETIME -> timed;
                case INT, UINT -> true;
                default -> !timed;
            };
        }
    }
}
