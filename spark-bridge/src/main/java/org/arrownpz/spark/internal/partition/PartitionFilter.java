package org.arrownpz.spark.internal.partition;

import java.sql.Date;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.spark.sql.sources.And;
import org.apache.spark.sql.sources.EqualNullSafe;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNotNull;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;
import scala.Product;

/** Conditions over partition columns, answered from the directories' names. Null is neither true nor false. */
public final class PartitionFilter {
    /** Comparisons with a literal by the order of value and literal. */
    private static final Map<Class<?>, IntPredicate> COMPARISONS = Map.of(
            EqualTo.class,
            order -> order == 0,
            EqualNullSafe.class,
            order -> order == 0,
            GreaterThan.class,
            order -> order > 0,
            GreaterThanOrEqual.class,
            order -> order >= 0,
            LessThan.class,
            order -> order < 0,
            LessThanOrEqual.class,
            order -> order <= 0);

    private PartitionFilter() {}

    public static boolean isSupported(Filter filter, StructType partition) {
        for (String name : filter.references()) {
            if (Arrays.stream(partition.fields())
                    .noneMatch(field -> field.name().equals(name))) {
                return false;
            }
        }
        if (filter instanceof And and) {
            return isSupported(and.left(), partition) && isSupported(and.right(), partition);
        }
        if (filter instanceof Or or) {
            return isSupported(or.left(), partition) && isSupported(or.right(), partition);
        }
        return filter.references().length == 1
                && (COMPARISONS.containsKey(filter.getClass())
                        || filter instanceof In
                        || filter instanceof IsNull
                        || filter instanceof IsNotNull);
    }

    public static boolean accepts(List<Filter> filters, NpzPath file, StructType partition) {
        return filters.stream().allMatch(filter -> accepts(filter, file, partition));
    }

    private static boolean accepts(Filter filter, NpzPath file, StructType partition) {
        if (filter instanceof And and) {
            return accepts(and.left(), file, partition) && accepts(and.right(), file, partition);
        }
        if (filter instanceof Or or) {
            return accepts(or.left(), file, partition) || accepts(or.right(), file, partition);
        }
        String name = filter.references()[0];
        StructField field = partition.fields()[partition.fieldIndex(name)];
        String text = file.partition().get(name);
        Object value = text == null ? null : Partitions.parse(text, field.dataType());
        return accepts(filter, value, field.dataType());
    }

    private static boolean accepts(Filter filter, @Nullable Object value, DataType type) {
        if (filter instanceof IsNull || (filter instanceof EqualNullSafe equal && equal.value() == null)) {
            return value == null;
        }
        if (value == null || filter instanceof IsNotNull) {
            return value != null;
        }
        if (filter instanceof In in) {
            return Arrays.stream(in.values()).anyMatch(other -> other != null && compare(value, other, type) == 0);
        }
        Object literal = ((Product) filter).productElement(1);
        return literal != null
                && COMPARISONS.getOrDefault(filter.getClass(), order -> false).test(compare(value, literal, type));
    }

    // Literals come in the column's own type; dates as one of Java's two classes.
    private static int compare(Object value, Object literal, DataType type) {
        if (type instanceof DateType) {
            long day =
                    literal instanceof Date date ? date.toLocalDate().toEpochDay() : ((LocalDate) literal).toEpochDay();
            return Long.compare((Integer) value, day);
        }
        if (value instanceof Double number) {
            // Zeros are equal whatever their sign: adding zero takes it away.
            return Double.compare(number + 0.0, ((Number) literal).doubleValue() + 0.0);
        }
        if (value instanceof Number number) {
            return Long.compare(number.longValue(), ((Number) literal).longValue());
        }
        return UTF8String.fromString(value.toString()).compareTo(UTF8String.fromString(literal.toString()));
    }
}
