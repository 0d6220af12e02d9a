package org.arrownpz.compare;

import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;

/** What a column or label level of a fixture holds. */
sealed interface ValueType {
    /** Elements of a NumPy dtype. */
    record Numpy(ScalarDType dtype) implements ValueType {
        /** The dtype that an array of that many rows gets: NumPy makes text without rows one character wide. */
        ScalarDType dtype(long rows) {
            if (rows > 0 || (dtype.kind() != DTypeKind.UNICODE && dtype.kind() != DTypeKind.BYTES)) {
                return dtype;
            }
            return dtype.kind() == DTypeKind.UNICODE ? ScalarDType.unicode(1) : ScalarDType.of(DTypeKind.BYTES, 1);
        }
    }

    /** Python objects: None, bools, ints, floats and texts, mixed. */
    record Objects() implements ValueType {}

    /** Python tuples of one item per type. */
    record Tuples(List<ValueType> items) implements ValueType {}
}
