package org.arrownpz.parquet.internal.type;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.SafeText;

/**
 * The type that stands in a Parquet file for an Arrow type. Parquet has no durations, second timestamps, fixed-size
 * lists, large types and others. Here every type has a stand-in from which it can be restored exactly, given its own
 * field.
 */
public final class ParquetTypes {
    static final ArrowType INT8 = new ArrowType.Int(8, true);
    static final ArrowType INT32 = new ArrowType.Int(32, true);
    static final ArrowType INT64 = new ArrowType.Int(64, true);

    private static final int MAX_DEPTH = 64;
    private static final int MAX_PRECISION_128 = 38;

    private ParquetTypes() {}

    /** Paths of the columns that Parquet cannot hold, with their types. */
    public static List<String> unsupported(List<Field> fields) {
        List<String> names = new ArrayList<>();
        for (Field field : fields) {
            collect(field, SafeText.escape(field.getName()), 1, names);
        }
        return names;
    }

    private static void collect(Field field, String path, int depth, List<String> names) {
        ArrowType type = field.getType();
        if (depth > MAX_DEPTH) {
            names.add(path + " (nested more than " + MAX_DEPTH + " deep)");
        } else if (type instanceof ArrowType.Union) {
            names.add(path + " (Union)");
        } else if (hasNameTwice(field)) {
            names.add(path + " (parts of one name)");
        } else {
            for (Field child : field.getChildren()) {
                collect(child, path + "." + SafeText.escape(child.getName()), depth + 1, names);
            }
        }
    }

    /** The refusal of an option that names a column. */
    public static IllegalArgumentException misfit(String column, String problem) {
        return new IllegalArgumentException("an option names " + SafeText.quote(column) + ", but " + problem);
    }

    /** Whether a struct has children of one name somewhere: Arrow's vectors have one child for each name. */
    public static boolean hasSameNames(Field field) {
        return hasNameTwice(field) || field.getChildren().stream().anyMatch(ParquetTypes::hasSameNames);
    }

    private static boolean hasNameTwice(Field field) {
        long names = field.getChildren().stream().map(Field::getName).distinct().count();
        return field.getType() instanceof ArrowType.Struct
                && names < field.getChildren().size();
    }

    /** The type that a leaf is stored with. */
    static ArrowType stored(ArrowType type) {
        if (type instanceof ArrowType.Duration) {
            return INT64;
        }
        if (type instanceof ArrowType.Date) {
            return new ArrowType.Date(DateUnit.DAY);
        }
        if (type instanceof ArrowType.Time time && time.getUnit() == TimeUnit.SECOND) {
            return new ArrowType.Time(TimeUnit.MILLISECOND, Integer.SIZE);
        }
        if (type instanceof ArrowType.Timestamp stamp && stamp.getUnit() == TimeUnit.SECOND) {
            return new ArrowType.Timestamp(TimeUnit.MILLISECOND, stamp.getTimezone());
        }
        if (type instanceof ArrowType.Interval interval) {
            return interval.getUnit() == IntervalUnit.YEAR_MONTH ? INT32 : new ArrowType.Struct();
        }
        if (type instanceof ArrowType.Utf8View || (type instanceof ArrowType.Decimal decimal && !isPlain(decimal))) {
            return new ArrowType.Utf8();
        }
        if (type instanceof ArrowType.BinaryView) {
            return new ArrowType.Binary();
        }
        return type;
    }

    /** Parquet's decimals have a scale between 0 and the precision; of more digits DuckDB and Polars read no right ones. */
    private static boolean isPlain(ArrowType.Decimal decimal) {
        return decimal.getPrecision() <= MAX_PRECISION_128
                && decimal.getScale() >= 0
                && decimal.getScale() <= decimal.getPrecision();
    }

    /** The stand-in for an interval of days, or of months and days, by the names of its parts. */
    static List<Field> parts(ArrowType.Interval interval) {
        Field days = Rebuild.nullable("days", INT32, List.of());
        return interval.getUnit() == IntervalUnit.DAY_TIME
                ? List.of(days, Rebuild.nullable("milliseconds", INT32, List.of()))
                : List.of(
                        Rebuild.nullable("months", INT32, List.of()),
                        days,
                        Rebuild.nullable("nanoseconds", INT64, List.of()));
    }

    /** The type that the native reader gives for a leaf of the given type where no Arrow schema tells it more. */
    static ArrowType returned(ArrowType type) {
        ArrowType stored = stored(type);
        if (stored instanceof ArrowType.LargeUtf8) {
            return new ArrowType.Utf8();
        }
        if (stored instanceof ArrowType.LargeBinary) {
            return new ArrowType.Binary();
        }
        if (stored instanceof ArrowType.Decimal decimal) {
            return new ArrowType.Decimal(decimal.getPrecision(), decimal.getScale(), 128);
        }
        if (stored instanceof ArrowType.Timestamp stamp && stamp.getTimezone() != null) {
            return new ArrowType.Timestamp(stamp.getUnit(), "UTC");
        }
        return stored;
    }

    public static boolean isList(ArrowType type) {
        return type instanceof ArrowType.List
                || type instanceof ArrowType.LargeList
                || type instanceof ArrowType.FixedSizeList
                || type instanceof ArrowType.ListView
                || type instanceof ArrowType.LargeListView;
    }

    /** The field with extension types as metadata over their storage, so that no registered class is needed. */
    public static Field plain(Field field) {
        List<Field> children =
                field.getChildren().stream().map(ParquetTypes::plain).toList();
        ArrowType type = field.getType();
        Map<String, String> metadata = field.getMetadata();
        if (type instanceof ExtensionType extension) {
            metadata = new LinkedHashMap<>(metadata);
            metadata.put(ExtensionType.EXTENSION_METADATA_KEY_NAME, extension.extensionName());
            metadata.put(ExtensionType.EXTENSION_METADATA_KEY_METADATA, extension.serialize());
            type = extension.storageType();
        }
        return new Field(
                field.getName(), new FieldType(field.isNullable(), type, field.getDictionary(), metadata), children);
    }

    /** Tells texts and byte strings, of which the native reader reads dictionaries. */
    static boolean isTextual(ArrowType type) {
        return type instanceof ArrowType.Utf8 || type instanceof ArrowType.Binary;
    }

    /** Texts and byte strings of any layout, whose dictionaries are kept. */
    static boolean hasDictionaries(ArrowType type) {
        return isTextual(stored(type)) && !(type instanceof ArrowType.Decimal)
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.LargeBinary;
    }

    /** Whether the column has fixed-size lists somewhere. */
    public static boolean hasFixedLists(Field field) {
        return field.getType() instanceof ArrowType.FixedSizeList
                || field.getChildren().stream().anyMatch(ParquetTypes::hasFixedLists);
    }

    /**
     * Whether a column that was read can become the given field.
     *
     * @param encodable whether a column, or a part of one, can become indices into the dictionary of a field
     */
    public static boolean restorable(Field read, Field wanted, int depth, BiPredicate<Field, Field> encodable) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (wanted.getType() instanceof ArrowType.RunEndEncoded) {
            List<Field> parts = wanted.getChildren();
            return parts.size() == 2 && restorable(read, parts.get(1), depth + 1, encodable);
        }
        if (wanted.getDictionary() != null || read.getDictionary() != null) {
            return wanted.getDictionary() != null && encodable.test(read, wanted);
        }
        ArrowType from = read.getType();
        ArrowType to = wanted.getType();
        List<Field> parts = read.getChildren();
        List<Field> children = wanted.getChildren();
        if (isList(to)) {
            return (from instanceof ArrowType.List || from.equals(to))
                    && children.size() == 1
                    && restorable(parts.get(0), children.get(0), depth + 1, encodable);
        }
        if (to instanceof ArrowType.Struct && children.isEmpty()) {
            return from.equals(INT8);
        }
        if (to instanceof ArrowType.Map) {
            return from instanceof ArrowType.Map
                    && children.size() == 1
                    && children.get(0).getChildren().size() == 2
                    && restorable(parts.get(0).getChildren(), children.get(0).getChildren(), depth + 2, encodable);
        }
        if (to instanceof ArrowType.Struct) {
            return from instanceof ArrowType.Struct && restorable(parts, children, depth + 1, encodable);
        }
        if (to instanceof ArrowType.Interval interval && from instanceof ArrowType.Struct) {
            return restorable(parts, parts(interval), depth + 1, encodable);
        }
        return children.isEmpty() && (from.equals(to) || from.equals(stored(to)) || from.equals(returned(to)));
    }

    private static boolean restorable(
            List<Field> read, List<Field> wanted, int depth, BiPredicate<Field, Field> encodable) {
        if (read.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < read.size(); i++) {
            if (!restorable(read.get(i), wanted.get(i), depth, encodable)) {
                return false;
            }
        }
        return true;
    }
}
