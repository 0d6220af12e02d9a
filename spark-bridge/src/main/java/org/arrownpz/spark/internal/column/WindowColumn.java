package org.arrownpz.spark.internal.column;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * A column that begins at some row of a vector. It owns nothing: whoever closes the vector ends the column. Its rows are
 * rows of another column, such as a dictionary or the values of runs; subclasses without one override the getters of their
 * Spark type, and all others are refused.
 */
abstract class WindowColumn extends ColumnVector {
    private final @Nullable ColumnVector values;
    /** The vector's row that is row 0 here. */
    int base;

    WindowColumn(ColumnVector values, int base) {
        super(values.dataType());
        this.values = values;
        this.base = base;
    }

    WindowColumn(DataType type, int base) {
        super(type);
        this.values = null;
        this.base = base;
    }

    private ColumnVector values() {
        if (values == null) {
            throw new UnsupportedOperationException(
                    "a column of " + dataType().catalogString() + " has no such values");
        }
        return values;
    }

    /** The row of the values; asked only for rows that {@link #isNullHere} does not tell to be null. */
    int lookUp(int row) {
        return row;
    }

    /** Whether the row is null whatever the values say. */
    boolean isNullHere(int row) {
        return false;
    }

    /** Begins at this row of the vector. */
    void moveTo(int row) {
        base = row;
    }

    @Override
    public boolean hasNull() {
        return numNulls() > 0;
    }

    /** Not counted: a bound. */
    @Override
    public int numNulls() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isNullAt(int row) {
        return isNullHere(row) || (values != null && values.isNullAt(lookUp(row)));
    }

    @Override
    public void close() {
        // The vectors are the reader's.
    }

    @Override
    public boolean getBoolean(int row) {
        return values().getBoolean(lookUp(row));
    }

    @Override
    public byte getByte(int row) {
        return values().getByte(lookUp(row));
    }

    @Override
    public short getShort(int row) {
        return values().getShort(lookUp(row));
    }

    @Override
    public int getInt(int row) {
        return values().getInt(lookUp(row));
    }

    @Override
    public long getLong(int row) {
        return values().getLong(lookUp(row));
    }

    @Override
    public float getFloat(int row) {
        return values().getFloat(lookUp(row));
    }

    @Override
    public double getDouble(int row) {
        return values().getDouble(lookUp(row));
    }

    @Override
    public ColumnarArray getArray(int row) {
        return values().getArray(lookUp(row));
    }

    @Override
    public ColumnarMap getMap(int row) {
        return values().getMap(lookUp(row));
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        return values().getDecimal(lookUp(row), precision, scale);
    }

    @Override
    public UTF8String getUTF8String(int row) {
        return values().getUTF8String(lookUp(row));
    }

    @Override
    public byte[] getBinary(int row) {
        return values().getBinary(lookUp(row));
    }

    /** Structs and intervals ask their children for their own row. */
    @Override
    public ColumnVector getChild(int ordinal) {
        WindowColumn outer = this;
        return new WindowColumn(values().getChild(ordinal), 0) {
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
