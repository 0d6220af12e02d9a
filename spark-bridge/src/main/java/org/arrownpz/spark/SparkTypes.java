package org.arrownpz.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The Spark type of each Arrow type that columns of NPZ files have. Unsigned integers become the next wider signed type
 * (64 bits become {@code decimal(20,0)}), half floats floats, times microseconds, complex numbers arrays of two.
 */
final class SparkTypes {
    private static final int MAX_DIGITS = 38;

    private SparkTypes() {}

    /**
     * The type, or null where Spark has none: unions, decimals of more than 38 digits or a negative scale.
     *
     * @param field in message format, where a dictionary-encoded field has the type of its values
     */
    static @Nullable DataType of(Field field) {
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
            case Decimal -> decimal((ArrowType.Decimal) type);
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
                array(field.getChildren().get(0));
            case Struct -> struct(field.getChildren());
            case Map -> map(field.getChildren().get(0));
            case RunEndEncoded -> of(field.getChildren().get(1));
            default -> null;
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
        int bits = type.getIsSigned() ? type.getBitWidth() : 2 * type.getBitWidth();
        return switch (bits) {
            case 8 -> DataTypes.ByteType;
            case 16 -> DataTypes.ShortType;
            case 32 -> DataTypes.IntegerType;
            case 64 -> DataTypes.LongType;
            default -> DataTypes.createDecimalType(20, 0);
        };
    }

    private static @Nullable DataType decimal(ArrowType.Decimal type) {
        boolean fits =
                type.getPrecision() <= MAX_DIGITS && type.getScale() >= 0 && type.getScale() <= type.getPrecision();
        return fits ? DataTypes.createDecimalType(type.getPrecision(), type.getScale()) : null;
    }

    private static @Nullable DataType array(Field element) {
        DataType type = of(element);
        return type == null ? null : DataTypes.createArrayType(type, true);
    }

    private static @Nullable DataType struct(List<Field> children) {
        List<StructField> fields = new ArrayList<>(children.size());
        for (Field child : children) {
            DataType type = of(child);
            if (type == null) {
                return null;
            }
            fields.add(DataTypes.createStructField(child.getName(), type, true));
        }
        return DataTypes.createStructType(fields);
    }

    private static @Nullable DataType map(Field entries) {
        DataType key = of(entries.getChildren().get(0));
        DataType value = of(entries.getChildren().get(1));
        return key == null || value == null ? null : DataTypes.createMapType(key, value, true);
    }
}
