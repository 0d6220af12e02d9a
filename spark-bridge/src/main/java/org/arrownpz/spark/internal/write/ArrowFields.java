package org.arrownpz.spark.internal.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** The Arrow type that each Spark type is written as. Fields are nullable, as columns that NumPy wrote are. */
final class ArrowFields {
    /** Of the types without parameters. */
    private static final Map<DataType, ArrowType> TYPES = Map.ofEntries(
            Map.entry(DataTypes.BooleanType, new ArrowType.Bool()),
            Map.entry(DataTypes.ByteType, new ArrowType.Int(8, true)),
            Map.entry(DataTypes.ShortType, new ArrowType.Int(16, true)),
            Map.entry(DataTypes.IntegerType, new ArrowType.Int(32, true)),
            Map.entry(DataTypes.LongType, new ArrowType.Int(64, true)),
            Map.entry(DataTypes.FloatType, new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Map.entry(DataTypes.DoubleType, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Map.entry(DataTypes.BinaryType, new ArrowType.Binary()),
            Map.entry(DataTypes.DateType, new ArrowType.Date(DateUnit.DAY)),
            Map.entry(DataTypes.TimestampType, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            Map.entry(DataTypes.TimestampNTZType, new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
            Map.entry(DataTypes.NullType, new ArrowType.Null()));

    private ArrowFields() {}

    static List<Field> of(StructType schema) {
        List<Field> fields = new ArrayList<>(schema.length());
        for (StructField field : schema.fields()) {
            fields.add(of(field.name(), field.dataType()));
        }
        return fields;
    }

    /**
     * One field.
     *
     * @throws IllegalArgumentException when the type cannot be written
     */
    static Field of(String name, DataType type) {
        if (type instanceof ArrayType array) {
            return nullable(name, new ArrowType.List(), List.of(of("element", array.elementType())));
        }
        if (type instanceof StructType struct) {
            return nullable(name, new ArrowType.Struct(), of(struct));
        }
        if (type instanceof MapType map) {
            Field key = of("key", map.keyType());
            Field keys = new Field("key", FieldType.notNullable(key.getType()), key.getChildren());
            Field entries = new Field(
                    "entries",
                    FieldType.notNullable(new ArrowType.Struct()),
                    List.of(keys, of("value", map.valueType())));
            return nullable(name, new ArrowType.Map(false), List.of(entries));
        }
        return nullable(name, flat(name, type), List.of());
    }

    private static Field nullable(String name, ArrowType type, List<Field> children) {
        return new Field(name, FieldType.nullable(type), children);
    }

    private static ArrowType flat(String name, DataType type) {
        ArrowType known = TYPES.get(type);
        if (known != null) {
            return known;
        }
        if (type instanceof DecimalType decimal) {
            return new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
        }
        // char(n) and varchar(n) are strings here too.
        if (type instanceof StringType) {
            return new ArrowType.Utf8();
        }
        if (type instanceof DayTimeIntervalType) {
            return new ArrowType.Duration(TimeUnit.MICROSECOND);
        }
        if (type instanceof YearMonthIntervalType) {
            return new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
        }
        throw new IllegalArgumentException(
                "the column " + name + " of type " + type.catalogString() + " cannot be written as NPZ");
    }
}
