package org.arrownpz.spark.internal.column;

import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;

/** Lists, structs and maps: offsets over columns of elements. */
final class NestedColumns {
    private NestedColumns() {}

    private static ArrayType arrayOf(ColumnVector elements) {
        return DataTypes.createArrayType(elements.dataType(), true);
    }

    /** The place of a list's first element, or how many it has, by the row of the vector. */
    interface Place {
        long at(int row);

        static Place int32(ArrowBuf places) {
            return row -> places.getInt(4L * row);
        }

        static Place int64(ArrowBuf places) {
            return row -> places.getLong(8L * row);
        }
    }

    /** Lists and maps of any length, over elements that one vector holds. */
    static final class Lists extends NpzColumn {
        private final ColumnVector elements;
        private final ColumnVector values;
        private final Place starts;
        private final Place lengths;

        Lists(FieldVector vector, ColumnVector elements, Place starts, Place lengths, int base) {
            this(arrayOf(elements), vector, elements, elements, starts, lengths, base);
        }

        /** Lists that begin where those before them end. */
        Lists(FieldVector vector, ColumnVector elements, Place offsets, int base) {
            this(vector, elements, offsets, between(offsets), base);
        }

        /** Maps. */
        Lists(FieldVector vector, ColumnVector keys, ColumnVector values, Place offsets, int base) {
            this(
                    DataTypes.createMapType(keys.dataType(), values.dataType(), true),
                    vector,
                    keys,
                    values,
                    offsets,
                    between(offsets),
                    base);
        }

        private Lists(
                DataType type,
                FieldVector vector,
                ColumnVector elements,
                ColumnVector values,
                Place starts,
                Place lengths,
                int base) {
            super(type, vector, base);
            this.elements = elements;
            this.values = values;
            this.starts = starts;
            this.lengths = lengths;
        }

        private static Place between(Place offsets) {
            return row -> offsets.at(row + 1) - offsets.at(row);
        }

        @Override
        public ColumnarArray getArray(int row) {
            return new ColumnarArray(elements, start(row), length(row));
        }

        @Override
        public ColumnarMap getMap(int row) {
            return new ColumnarMap(elements, values, start(row), length(row));
        }

        private int start(int row) {
            return Math.toIntExact(starts.at(base + row));
        }

        private int length(int row) {
            return Math.toIntExact(lengths.at(base + row));
        }
    }

    /** Lists of one length: rows of n-dimensional arrays, complex numbers. */
    static final class FixedLists extends NpzColumn {
        private final ColumnVector elements;
        private final int length;

        FixedLists(FieldVector vector, ColumnVector elements, int length, int base) {
            super(arrayOf(elements), vector, base);
            this.elements = elements;
            this.length = length;
        }

        @Override
        public ColumnarArray getArray(int row) {
            return new ColumnarArray(elements, Math.multiplyExact(base + row, length), length);
        }

        /** The same lists, which move with these, of elements as doubles. */
        ColumnVector ofDoubles(Function<ColumnVector, ColumnVector> doubles) {
            return new Doubles(this, doubles.apply(elements));
        }
    }

    /** Lists of one length, of doubles made of other numbers. */
    private static final class Doubles extends NpzColumn {
        private final FixedLists lists;
        private final ColumnVector doubles;

        Doubles(FixedLists lists, ColumnVector doubles) {
            super(arrayOf(doubles), lists.any(), 0);
            this.lists = lists;
            this.doubles = doubles;
        }

        @Override
        public ColumnarArray getArray(int row) {
            return new ColumnarArray(doubles, Math.multiplyExact(lists.base + row, lists.length), lists.length);
        }
    }

    /** Structs; the children begin where the struct does. */
    static final class Structs extends NpzColumn {
        private final ColumnVector[] children;

        Structs(DataType type, FieldVector vector, ColumnVector[] children, int base) {
            super(type, vector, base);
            this.children = children;
        }

        @Override
        void moveTo(int row) {
            super.moveTo(row);
            for (ColumnVector child : children) {
                Columns.move(child, row);
            }
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return children[ordinal];
        }
    }
}
