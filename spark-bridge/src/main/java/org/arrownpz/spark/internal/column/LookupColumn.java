package org.arrownpz.spark.internal.column;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A column whose rows are rows of another: of a dictionary, or of the values of runs. */
abstract class LookupColumn extends ColumnVector {
    private final ColumnVector values;

    LookupColumn(DataType type, ColumnVector values) {
        super(type);
        this.values = values;
    }

    /** The row of the values; asked only for rows that {@link #isNullHere} does not tell to be null. */
    abstract int lookUp(int row);

    /** Whether the row is null whatever the values say. */
    abstract boolean isNullHere(int row);

    /** Begins at this row of the vector, where it is a window onto one. */
    void moveTo(int row) {}

    @Override
    public boolean hasNull() {
        return true;
    }

    /** Not counted: a bound. */
    @Override
    public int numNulls() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isNullAt(int row) {
        return isNullHere(row) || values.isNullAt(lookUp(row));
    }

    @Override
    public void close() {
        // The vectors are the reader's.
    }

    @Override
    public boolean getBoolean(int row) {
        return values.getBoolean(lookUp(row));
    }

    @Override
    public byte getByte(int row) {
        return values.getByte(lookUp(row));
    }

    @Override
    public short getShort(int row) {
        return values.getShort(lookUp(row));
    }

    @Override
    public int getInt(int row) {
        return values.getInt(lookUp(row));
    }

    @Override
    public long getLong(int row) {
        return values.getLong(lookUp(row));
    }

    @Override
    public float getFloat(int row) {
        return values.getFloat(lookUp(row));
    }

    @Override
    public double getDouble(int row) {
        return values.getDouble(lookUp(row));
    }

    @Override
    public ColumnarArray getArray(int row) {
        return values.getArray(lookUp(row));
    }

    @Override
    public ColumnarMap getMap(int row) {
        return values.getMap(lookUp(row));
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        return values.getDecimal(lookUp(row), precision, scale);
    }

    @Override
    public UTF8String getUTF8String(int row) {
        return values.getUTF8String(lookUp(row));
    }

    @Override
    public byte[] getBinary(int row) {
        return values.getBinary(lookUp(row));
    }

    /** Structs and intervals ask their children for their own row. */
    @Override
    public ColumnVector getChild(int ordinal) {
        LookupColumn outer = this;
        return new LookupColumn(values.getChild(ordinal).dataType(), values.getChild(ordinal)) {
            @Override
            int lookUp(int row) {
                return outer.lookUp(row);
            }

            @Override
            boolean isNullHere(int row) {
                return outer.isNullHere(row);
            }
        };
    }
}
