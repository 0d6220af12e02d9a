package org.arrownpz.parquet.internal.type;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;

/** Makes indices into a dictionary of values, or of indices into another. */
public interface Recoder {
    /**
     * The indices, which the caller closes; the vector stays the caller's.
     *
     * @param wanted a dictionary-encoded field
     */
    FieldVector recode(FieldVector vector, Field wanted) throws NpzException;
}
