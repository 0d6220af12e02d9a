package org.arrownpz.spark.internal.column;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;

/**
 * A column that Spark reads straight from an Arrow vector's buffers. Subclasses override the getters of their Spark type.
 */
abstract class NpzColumn extends WindowColumn {
    private final ArrowBuf validity;
    private final int nulls;

    NpzColumn(DataType type, FieldVector vector, int base) {
        super(type, base);
        this.nulls = vector.getNullCount();
        this.validity = nulls == 0 ? vector.getAllocator().getEmpty() : vector.getValidityBuffer();
    }

    /** A column without nulls of its own. */
    NpzColumn(DataType type, ArrowBuf any, int base) {
        super(type, base);
        this.nulls = 0;
        this.validity = any;
    }

    /** A buffer of the vector's allocator, for columns without nulls of their own. */
    final ArrowBuf any() {
        return validity;
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
}
