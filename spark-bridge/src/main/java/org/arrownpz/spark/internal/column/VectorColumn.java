package org.arrownpz.spark.internal.column;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.UDTRegistration;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.arrownpz.vector.NumpyMetadata;

/**
 * Rows of numbers as vectors of Spark ML: its own struct of kind, size, indices and values, of which dense vectors have
 * the kind 1 and values. The module that has the type need not be there unless somebody asks for it.
 */
public final class VectorColumn extends NpzColumn {
    private static final byte DENSE = 1;

    private final NestedColumns.FixedLists lists;
    private final ColumnVector[] children;

    private VectorColumn(DataType type, NestedColumns.FixedLists lists, String place) {
        super(type, lists.any(), 0);
        this.lists = lists;
        ConstantKind kind = new ConstantKind(lists);
        ColumnVector none = Columns.nothing(1, DataTypes.IntegerType);
        ColumnVector indices = Columns.nothing(1, DataTypes.createArrayType(DataTypes.IntegerType, false));
        this.children = new ColumnVector[] {
            kind, none, indices, lists.ofDoubles(elements -> new Doubles(elements, lists, place))
        };
    }

    /**
     * Spark ML's type of vectors.
     *
     * @throws IllegalArgumentException where Spark ML is not on the class path
     */
    public static DataType type() {
        try {
            Class<?> type = UDTRegistration.getUDTFor("org.apache.spark.ml.linalg.Vector")
                    .get();
            return (UserDefinedType<?>) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException("the option vectors needs Spark ML, spark-mllib, on the class path", e);
        }
    }

    /** Whether rows of the column are vectors: fixed-size lists of integers, or of numbers that have a point. */
    public static boolean isPossible(Field field) {
        if (!(field.getType() instanceof ArrowType.FixedSizeList) || field.getDictionary() != null) {
            return false;
        }
        Field element = field.getChildren().get(0);
        // Complex numbers are such lists too, and times integers.
        if (NumpyMetadata.COMPLEX.equals(field.getMetadata().get(NumpyMetadata.EXTENSION_NAME))
                || element.getMetadata().containsKey(NumpyMetadata.EXTENSION_NAME)) {
            return false;
        }
        DataType type =
                element.getType() instanceof ArrowType.Int || element.getType() instanceof ArrowType.FloatingPoint
                        ? SparkTypes.of(element)
                        : DataTypes.NullType;
        return type instanceof DoubleType
                || type instanceof FloatType
                || type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    /**
     * The column as vectors.
     *
     * @param column a column whose rows are {@linkplain #isPossible numbers}
     * @param type {@link #type}
     * @param place names the column, for messages
     */
    public static ColumnVector of(ColumnVector column, DataType type, String place) {
        return new VectorColumn(type, (NestedColumns.FixedLists) column, place);
    }

    @Override
    public boolean isNullAt(int row) {
        return lists.isNullAt(row);
    }

    @Override
    public int numNulls() {
        return lists.numNulls();
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return children[ordinal];
    }

    /** The kind of each row. */
    private static final class ConstantKind extends NpzColumn {
        ConstantKind(NpzColumn any) {
            super(DataTypes.ByteType, any.any(), 0);
        }

        @Override
        public byte getByte(int row) {
            return DENSE;
        }
    }

    /** Numbers as doubles that have the same values. */
    private static final class Doubles extends NpzColumn {
        private final ColumnVector numbers;
        private final DataType of;
        private final String place;

        Doubles(ColumnVector numbers, NpzColumn any, String place) {
            super(DataTypes.DoubleType, any.any(), 0);
            this.numbers = numbers;
            this.of = numbers.dataType();
            this.place = place;
        }

        @Override
        public double getDouble(int row) {
            if (numbers.isNullAt(row)) {
                throw new ArithmeticException(place + ": vectors have no null, as element " + row + " is");
            }
            if (of instanceof DoubleType) {
                return numbers.getDouble(row);
            }
            if (of instanceof FloatType) {
                return numbers.getFloat(row);
            }
            if (of instanceof LongType) {
                long number = numbers.getLong(row);
                double same = number;
                if ((long) same != number || number == Long.MAX_VALUE) {
                    throw new ArithmeticException(
                            place + ": element " + row + ", " + number + ", is no number that a vector can hold");
                }
                return same;
            }
            if (of instanceof IntegerType) {
                return numbers.getInt(row);
            }
            return of instanceof ShortType ? numbers.getShort(row) : numbers.getByte(row);
        }
    }
}
