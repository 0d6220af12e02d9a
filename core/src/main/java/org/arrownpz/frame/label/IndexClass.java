package org.arrownpz.frame.label;

import java.util.HashMap;
import java.util.Map;
import org.arrownpz.dtype.TimeUnit64;
import org.jspecify.annotations.Nullable;

/**
 * The class of an index as {@code __meta__.json} names it.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param type the kind of index
 * @param growOnly whether it is the grow-only variant that a FrameGO has for its columns
 */
public record IndexClass(IndexType type, boolean growOnly) {
    public static final IndexClass INDEX = new IndexClass(IndexType.INDEX, false);
    public static final IndexClass HIERARCHY = new IndexClass(IndexType.HIERARCHY, false);

    // A fixed table: names in files never select code.
    private static final Map<String, IndexClass> BY_NAME = new HashMap<>();

    static {
        for (IndexType type : IndexType.values()) {
            BY_NAME.put(type.className(), new IndexClass(type, false));
            BY_NAME.put(type.className() + "GO", new IndexClass(type, true));
        }
    }

    /** The class of that name, or null. */
    public static @Nullable IndexClass ofName(String name) {
        return BY_NAME.get(name);
    }

    public static IndexClass of(IndexType type) {
        return new IndexClass(type, false);
    }

    /** StaticFrame's class name. */
    public String className() {
        return growOnly ? type.className() + "GO" : type.className();
    }

    @Override
    public String toString() {
        return className();
    }

    /**
     * StaticFrame's index classes, without the grow-only variants (see {@link IndexClass}).
     *
     * <p>Immutable and safe for use by several threads.
     */
    public enum IndexType {
        INDEX("Index", null),
        YEAR("IndexYear", TimeUnit64.Base.YEAR),
        YEAR_MONTH("IndexYearMonth", TimeUnit64.Base.MONTH),
        DATE("IndexDate", TimeUnit64.Base.DAY),
        HOUR("IndexHour", TimeUnit64.Base.HOUR),
        MINUTE("IndexMinute", TimeUnit64.Base.MINUTE),
        SECOND("IndexSecond", TimeUnit64.Base.SECOND),
        MILLISECOND("IndexMillisecond", TimeUnit64.Base.MILLISECOND),
        MICROSECOND("IndexMicrosecond", TimeUnit64.Base.MICROSECOND),
        NANOSECOND("IndexNanosecond", TimeUnit64.Base.NANOSECOND),
        HIERARCHY("IndexHierarchy", null);

        private final String className;
        private final TimeUnit64.@Nullable Base unit;

        IndexType(String className, TimeUnit64.@Nullable Base unit) {
            this.className = className;
            this.unit = unit;
        }

        /** StaticFrame's name of the immutable class. */
        public String className() {
            return className;
        }

        /** The datetime64 unit of the labels, or null for {@link #INDEX} and {@link #HIERARCHY}. */
        public TimeUnit64.@Nullable Base unit() {
            return unit;
        }

        /** The class that StaticFrame requires for datetime64 labels of that unit; it has none for some units. */
        public static IndexType ofUnit(TimeUnit64 unit) {
            for (IndexType type : values()) {
                if (type.unit == unit.base() && unit.multiplier() == 1) {
                    return type;
                }
            }
            return INDEX;
        }
    }
}
