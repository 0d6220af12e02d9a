package org.arrownpz.spark.internal.column;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The Spark type of each Arrow type that columns of NPZ files have. Unsigned integers become the next wider signed type
 * (64 bits become {@code decimal(20,0)}), half floats floats, times microseconds, complex numbers arrays of two. What
 * Spark cannot express comes in the nearest form that loses nothing: a union is a struct with a field for each member, of
 * which the one in use is set; decimals whose digits exceed Spark's 38 are text.
 */
public final class SparkTypes {
    private static final int MAX_DIGITS = 38;

    private SparkTypes() {}

    /**
     * The type.
     *
     * @param field in message format, where a dictionary-encoded field has the type of its values
     */
    public static DataType of(Field field) {
        ArrowType type = field.getType();
        String extension = field.getMetadata().get(NumpyMetadata.EXTENSION_NAME);
        return switch (type.getTypeID()) {
            case Null -> DataTypes.NullType;
            case Bool -> DataTypes.BooleanType;
            case Int -> integer((ArrowType.Int) type, field, extension);
            case FloatingPoint ->
                ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.DOUBLE
                        ? DataTypes.DoubleType
                        : DataTypes.FloatType;
            case Decimal -> {
                DecimalType decimal = decimal((ArrowType.Decimal) type);
                yield decimal == null ? DataTypes.StringType : decimal;
            }
            case Utf8, LargeUtf8, Utf8View -> DataTypes.StringType;
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> DataTypes.BinaryType;
            case Date -> DataTypes.DateType;
            case Timestamp ->
                ((ArrowType.Timestamp) type).getTimezone() == null
                        ? DataTypes.TimestampNTZType
                        : DataTypes.TimestampType;
            case Duration, Time -> DataTypes.createDayTimeIntervalType();
            case Interval ->
                switch (((ArrowType.Interval) type).getUnit()) {
                    case YEAR_MONTH -> DataTypes.createYearMonthIntervalType();
                    case DAY_TIME -> DataTypes.createDayTimeIntervalType();
                    case MONTH_DAY_NANO -> DataTypes.CalendarIntervalType;
                };
            case List, LargeList, FixedSizeList, ListView, LargeListView ->
                DataTypes.createArrayType(of(field.getChildren().get(0)), true);
            case Struct -> struct(field.getChildren());
            case Union -> union(field.getChildren());
            case Map -> map(field.getChildren().get(0));
            case RunEndEncoded -> of(field.getChildren().get(1));
            case NONE -> throw new IllegalArgumentException("the column " + field.getName() + " has no type");
        };
    }

    private static DataType integer(ArrowType.Int type, Field field, @Nullable String extension) {
        if (NumpyMetadata.BOOL8.equals(extension)) {
            return DataTypes.BooleanType;
        }
        if (NumpyUnits.scale(field) != null) {
            return NumpyMetadata.DATETIME64.equals(extension)
                    ? DataTypes.TimestampNTZType
                    : DataTypes.createDayTimeIntervalType();
        }
        return integer(type);
    }

    /** Signed ones as they are, unsigned ones of twice the width. */
    static DataType integer(ArrowType.Int type) {
        int bits = type.getIsSigned() ? type.getBitWidth() : 2 * type.getBitWidth();
        return switch (bits) {
            case 8 -> DataTypes.ByteType;
            case 16 -> DataTypes.ShortType;
            case 32 -> DataTypes.IntegerType;
            case 64 -> DataTypes.LongType;
            default -> DataTypes.createDecimalType(20, 0);
        };
    }

    /** Spark's decimal that holds every value of the type, or null where 38 digits are too few. */
    static @Nullable DecimalType decimal(ArrowType.Decimal type) {
        long scale = Math.max(0, type.getScale());
        // Digits before the point: a negative scale stands for zeros there.
        long whole = Math.max(0, (long) type.getPrecision() - type.getScale());
        return whole + scale > MAX_DIGITS
                ? null
                : DataTypes.createDecimalType((int) Math.max(1, whole + scale), (int) scale);
    }

    private static StructType struct(List<Field> children) {
        List<StructField> fields = new ArrayList<>(children.size());
        for (Field child : children) {
            fields.add(DataTypes.createStructField(child.getName(), of(child), true));
        }
        return DataTypes.createStructType(fields);
    }

    private static StructType union(List<Field> members) {
        List<String> names = memberNames(members);
        List<StructField> fields = new ArrayList<>(members.size());
        for (int i = 0; i < names.size(); i++) {
            fields.add(DataTypes.createStructField(names.get(i), of(members.get(i)), true));
        }
        return DataTypes.createStructType(fields);
    }

    /** Names of a union's members: their own, or numbered ones where those are empty or not distinct. */
    static List<String> memberNames(List<Field> members) {
        Set<String> seen = new HashSet<>();
        boolean distinct = members.stream()
                .allMatch(member -> member.getName() != null
                        && !member.getName().isEmpty()
                        && seen.add(member.getName().toLowerCase(Locale.ROOT)));
        return IntStream.range(0, members.size())
                .mapToObj(i -> distinct ? members.get(i).getName() : "member" + i)
                .toList();
    }

    private static DataType map(Field entries) {
        return DataTypes.createMapType(
                of(entries.getChildren().get(0)), of(entries.getChildren().get(1)), true);
    }
}
