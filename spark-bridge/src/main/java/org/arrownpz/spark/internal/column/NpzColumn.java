package org.arrownpz.spark.internal.column;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column that Spark reads straight from an Arrow vector's buffers, beginning at some row of the vector. It owns
 * nothing: whoever closes the vector ends the column. Subclasses override the getters of their Spark type.
 */
abstract class NpzColumn extends ColumnVector {
    private final ArrowBuf validity;
    private final int nulls;
    /** The vector's row that is row 0 here. */
    int base;

    NpzColumn(DataType type, FieldVector vector, int base) {
        super(type);
        this.base = base;
        this.nulls = vector.getNullCount();
        this.validity = nulls == 0 ? vector.getAllocator().getEmpty() : vector.getValidityBuffer();
    }

    /** A column without nulls of its own. */
    NpzColumn(DataType type, ArrowBuf any, int base) {
        super(type);
        this.base = base;
        this.nulls = 0;
        this.validity = any;
    }

    /** A buffer of the vector's allocator, for columns without nulls of their own. */
    final ArrowBuf any() {
        return validity;
    }

    /** Begins at this row of the vector. */
    void moveTo(int row) {
        base = row;
    }

    @Override
    public final boolean hasNull() {
        return numNulls() > 0;
    }

    /** The vector's nulls: those of a part of it are not counted. */
    @Override
    public int numNulls() {
        return nulls;
    }

    @Override
    public boolean isNullAt(int row) {
        if (nulls == 0) {
            return false;
        }
        int position = base + row;
        return (validity.getByte(position >> 3) >> (position & 7) & 1) == 0;
    }

    @Override
    public void close() {
        // The vector is the reader's.
    }

    @Override
    public boolean getBoolean(int row) {
        throw unsupported();
    }

    @Override
    public byte getByte(int row) {
        throw unsupported();
    }

    @Override
    public short getShort(int row) {
        throw unsupported();
    }

    @Override
    public int getInt(int row) {
        throw unsupported();
    }

    @Override
    public long getLong(int row) {
        throw unsupported();
    }

    @Override
    public float getFloat(int row) {
        throw unsupported();
    }

    @Override
    public double getDouble(int row) {
        throw unsupported();
    }

    @Override
    public ColumnarArray getArray(int row) {
        throw unsupported();
    }

    @Override
    public ColumnarMap getMap(int row) {
        throw unsupported();
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        throw unsupported();
    }

    @Override
    public UTF8String getUTF8String(int row) {
        throw unsupported();
    }

    @Override
    public byte[] getBinary(int row) {
        throw unsupported();
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        throw unsupported();
    }

    private UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("a column of " + dataType().catalogString() + " has no such values");
    }
}
