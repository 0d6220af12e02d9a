package org.arrownpz.spark.internal.column;

import org.apache.spark.sql.vectorized.ColumnVector;

/** A column that is a window onto a vector. */
public interface Movable {
    /** Begins at this row of the vector. */
    void moveTo(int base);

    /** Makes a column begin at another row of its vector. */
    static void move(ColumnVector column, int base) {
        if (column instanceof Movable movable) {
            movable.moveTo(base);
        }
    }
}
