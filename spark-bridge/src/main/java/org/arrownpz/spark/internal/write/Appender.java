package org.arrownpz.spark.internal.write;

import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Appends values of Spark's rows and arrays to an Arrow vector. Not safe for several threads. */
abstract class Appender {
    private final FieldVector vector;
    /** The vector's rows so far. */
    int count;

    Appender(FieldVector vector) {
        this.vector = vector;
    }

    /** Appends the value at a position of a row or an array. */
    final void append(SpecializedGetters source, int position) {
        if (source.isNullAt(position)) {
            appendNull();
        } else {
            set(source, position);
        }
        count++;
    }

    abstract void set(SpecializedGetters source, int position);

    /** Leaves row {@link #count} null; the caller counts it. */
    void appendNull() {
        vector.setNull(count);
    }

    /** Tells the vector how many rows it has. */
    void finish() {
        vector.setValueCount(count);
    }

    /** Begins anew over a vector that was emptied. */
    void reset() {
        count = 0;
    }
}
