package org.arrownpz.spark.internal.column;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.spark.internal.column.NestedColumns.Lists;
import org.arrownpz.spark.internal.column.NestedColumns.Place;
import org.arrownpz.spark.internal.column.NumberColumns.Numbers;
import org.arrownpz.spark.internal.column.TimeColumns.Scale;
import org.jspecify.annotations.Nullable;

/** Makes Spark columns over Arrow vectors, without a copy. The vectors must outlive them. */
public record Columns(DictionaryProvider dictionaries, String file) {
    /**
     * The column of a vector's rows from {@code base} on, of the type that {@link SparkTypes} gives its field. Making it
     * counts the vector's nulls: where all batches come from one vector, {@linkplain #move move} it.
     */
    public ColumnVector of(FieldVector vector, int base) {
        Field field = vector.getField();
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            return new LookupColumns.Dictionaries(vector, of(dictionary.getVector(), 0), base);
        }
        ColumnVector column = field.getChildren().isEmpty()
                ? flat(SparkTypes.of(field), field, vector, base)
                : nested(field, vector, base);
        if (column == null) {
            throw new IllegalStateException(place(field) + ": no column for " + field.getType());
        }
        return column;
    }

    /** Makes a column begin at another row of its vector. */
    public static void move(ColumnVector column, int base) {
        if (column instanceof WindowColumn window) {
            window.moveTo(base);
        }
    }

    private String place(Field field) {
        return file + ": column " + field.getName();
    }

    private @Nullable ColumnVector flat(DataType spark, Field field, FieldVector vector, int base) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Null -> nothing(1, spark);
            case Bool -> new NumberColumns.Bits(vector, base);
            case Int -> {
                Scale scale = NumpyUnits.scale(field);
                yield scale == null
                        ? new Numbers(((ArrowType.Int) type).getBitWidth(), spark, vector, base)
                        : scaled(spark, scale, field, vector, base);
            }
            case FloatingPoint ->
                switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                    case HALF -> new Numbers(16, spark, vector, base);
                    case SINGLE -> new Numbers(32, spark, vector, base);
                    case DOUBLE -> new Numbers(64, spark, vector, base);
                };
            case Decimal -> decimal((ArrowType.Decimal) type, field, vector, base);
            case Utf8, Binary -> ByteColumns.offsets32(spark, vector, base);
            case LargeUtf8, LargeBinary -> ByteColumns.offsets64(spark, vector, base);
            case Utf8View -> new ByteColumns(spark, vector, ((ViewVarCharVector) vector)::get, base);
            case BinaryView -> new ByteColumns(spark, vector, ((ViewVarBinaryVector) vector)::get, base);
            case FixedSizeBinary ->
                ByteColumns.fixed(spark, vector, ((ArrowType.FixedSizeBinary) type).getByteWidth(), base);
            case Date ->
                ((ArrowType.Date) type).getUnit() == DateUnit.DAY
                        ? new Numbers(32, spark, vector, base)
                        : new TimeColumns.Date64(vector, base, place(field));
            case Timestamp ->
                scaled(spark, NumpyUnits.scale(((ArrowType.Timestamp) type).getUnit()), field, vector, base);
            case Duration ->
                scaled(spark, NumpyUnits.scale(((ArrowType.Duration) type).getUnit()), field, vector, base);
            case Time -> {
                ArrowType.Time time = (ArrowType.Time) type;
                Scale scale = NumpyUnits.scale(time.getUnit());
                yield time.getBitWidth() == 32
                        ? new TimeColumns.DayTime32(vector, base, scale.factor())
                        : scaled(spark, scale, field, vector, base);
            }
            case Interval ->
                switch (((ArrowType.Interval) type).getUnit()) {
                    case YEAR_MONTH -> new Numbers(32, spark, vector, base);
                    case DAY_TIME -> new TimeColumns.DayTimeInterval(vector, base, place(field));
                    case MONTH_DAY_NANO -> new TimeColumns.CalendarIntervals(vector, base);
                };
            case Struct -> new NestedColumns.Structs(spark, vector, new ColumnVector[0], base);
            default -> null;
        };
    }

    private ColumnVector scaled(DataType type, Scale scale, Field field, FieldVector vector, int base) {
        return scale.equals(Scale.ONE)
                ? new Numbers(64, type, vector, base)
                : new TimeColumns.Scaled(type, vector, base, scale, place(field));
    }

    private ColumnVector decimal(ArrowType.Decimal type, Field field, FieldVector vector, int base) {
        DecimalType decimal = SparkTypes.decimal(type);
        return decimal == null
                ? new NumberColumns.DecimalTexts(type, vector, base)
                : new NumberColumns.Decimals(type, decimal, vector, base, place(field));
    }

    private @Nullable ColumnVector nested(Field field, FieldVector vector, int base) {
        ArrowType type = field.getType();
        List<FieldVector> children = vector.getChildrenFromFields();
        return switch (type.getTypeID()) {
            case List -> list(vector, children, Place.int32(vector.getOffsetBuffer()), base);
            case LargeList -> list(vector, children, Place.int64(vector.getOffsetBuffer()), base);
            case FixedSizeList ->
                new NestedColumns.FixedLists(
                        vector, of(children.get(0), 0), ((ArrowType.FixedSizeList) type).getListSize(), base);
            case ListView -> {
                ArrowBuf sizes = ((ListViewVector) vector).getSizeBuffer();
                Place starts = Place.int32(vector.getOffsetBuffer());
                yield new Lists(vector, of(children.get(0), 0), starts, Place.int32(sizes), base);
            }
            case LargeListView -> {
                ArrowBuf sizes = ((LargeListViewVector) vector).getSizeBuffer();
                Place starts = Place.int64(vector.getOffsetBuffer());
                yield new Lists(vector, of(children.get(0), 0), starts, Place.int64(sizes), base);
            }
            case Struct -> struct(vector, children, base);
            case Union -> union((ArrowType.Union) type, field, vector, children, base);
            case Map -> map(vector, children.get(0), base);
            case RunEndEncoded -> {
                RunEndEncodedVector runs = (RunEndEncodedVector) vector;
                yield new LookupColumns.Runs(runs, of(runs.getValuesVector(), 0), base);
            }
            default -> null;
        };
    }

    private ColumnVector list(FieldVector vector, List<FieldVector> children, Place offsets, int base) {
        return new Lists(vector, of(children.get(0), 0), offsets, base);
    }

    private ColumnVector struct(FieldVector vector, List<FieldVector> children, int base) {
        ColumnVector[] columns = new ColumnVector[children.size()];
        StructField[] fields = new StructField[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = of(children.get(i), base);
            fields[i] = DataTypes.createStructField(children.get(i).getName(), columns[i].dataType(), true);
        }
        return new NestedColumns.Structs(new StructType(fields), vector, columns, base);
    }

    // Members are looked up by the union's rows, so that they begin at their own first.
    private ColumnVector union(
            ArrowType.Union type, Field field, FieldVector vector, List<FieldVector> members, int base) {
        List<String> names = SparkTypes.memberNames(field.getChildren());
        UnionColumns.Rows rows = new UnionColumns.Rows(vector, type, place(field), base);
        ColumnVector[] columns = new ColumnVector[members.size()];
        StructField[] fields = new StructField[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new UnionColumns.Member(rows, i, of(members.get(i), 0));
            fields[i] = DataTypes.createStructField(names.get(i), columns[i].dataType(), true);
        }
        return new UnionColumns.Union(new StructType(fields), rows, columns);
    }

    private ColumnVector map(FieldVector vector, FieldVector entries, int base) {
        ColumnVector keys = of(entries.getChildrenFromFields().get(0), 0);
        ColumnVector values = of(entries.getChildrenFromFields().get(1), 0);
        return new Lists(vector, keys, values, Place.int32(vector.getOffsetBuffer()), base);
    }

    /** A column of nothing but null. */
    public static ColumnVector nothing(int rows, DataType type) {
        ConstantColumnVector column = new ConstantColumnVector(rows, type);
        column.setNull();
        return column;
    }
}
