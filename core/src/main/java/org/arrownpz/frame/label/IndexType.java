package org.arrownpz.frame.label;

import org.arrownpz.dtype.TimeUnit64;
import org.jspecify.annotations.Nullable;

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
