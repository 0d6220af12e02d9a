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

    /** Lists and maps with 4-byte offsets. */
    static final class Lists extends NpzColumn {
        private final ColumnVector elements;
        private final ColumnVector values;
        private final ArrowBuf offsets;

        Lists(FieldVector vector, ColumnVector elements, int base) {
            super(arrayOf(elements), vector, base);
            this.elements = elements;
            this.values = elements;
            this.offsets = vector.getOffsetBuffer();
        }

        /** Maps, whose elements are keys. */
        Lists(FieldVector vector, ColumnVector keys, ColumnVector values, int base) {
            super(DataTypes.createMapType(keys.dataType(), values.dataType(), true), vector, base);
            this.elements = keys;
            this.values = values;
            this.offsets = vector.getOffsetBuffer();
        }

        @Override
        public ColumnarArray getArray(int row) {
            long at = 4L * (base + row);
            int start = offsets.getInt(at);
            return new ColumnarArray(elements, start, offsets.getInt(at + 4) - start);
        }

        @Override
        public ColumnarMap getMap(int row) {
            long at = 4L * (base + row);
            int start = offsets.getInt(at);
            return new ColumnarMap(elements, values, start, offsets.getInt(at + 4) - start);
        }
    }

    /** Lists with 8-byte offsets, over elements that one vector holds. */
    static final class LargeLists extends NpzColumn {
        private final ColumnVector elements;
        private final ArrowBuf offsets;

        LargeLists(FieldVector vector, ColumnVector elements, int base) {
            super(arrayOf(elements), vector, base);
            this.elements = elements;
            this.offsets = vector.getOffsetBuffer();
        }

        @Override
        public ColumnarArray getArray(int row) {
            long at = 8L * (base + row);
            long start = offsets.getLong(at);
            return new ColumnarArray(
                    elements, Math.toIntExact(start), Math.toIntExact(offsets.getLong(at + 8) - start));
        }
    }

    /** The places of the elements of each list view, for either width. */
    interface Place {
        long at(int row);
    }

    /** List views. */
    static final class ListViews extends NpzColumn {
        private final ColumnVector elements;
        private final Place starts;
        private final Place lengths;

        ListViews(FieldVector vector, ColumnVector elements, Place starts, Place lengths, int base) {
            super(arrayOf(elements), vector, base);
            this.elements = elements;
            this.starts = starts;
            this.lengths = lengths;
        }

        @Override
        public ColumnarArray getArray(int row) {
            return new ColumnarArray(
                    elements, Math.toIntExact(starts.at(base + row)), Math.toIntExact(lengths.at(base + row)));
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
        public void moveTo(int row) {
            super.moveTo(row);
            for (ColumnVector child : children) {
                Movable.move(child, row);
            }
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return children[ordinal];
        }
    }
}
