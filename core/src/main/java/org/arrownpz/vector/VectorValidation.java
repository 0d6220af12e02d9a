package org.arrownpz.vector;

import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.MemoryAccess;

/**
 * Arrow's own validation of types, buffer sizes, offsets and values, for every vector. Arrow's full validation knows no
 * half floats, maps, views and run ends, asks fixed-size lists for offsets that they do not have, and takes no lists of
 * size 0.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class VectorValidation {
    private VectorValidation() {}

    /**
     * Validates a vector and its children in full; the cost grows with the number of values.
     *
     * @throws org.apache.arrow.vector.validate.ValidateUtil.ValidateException when the vector is not valid
     */
    public static void validateFull(FieldVector vector) {
        if (isKnown(vector)) {
            ValueVectorUtility.validateFull(vector);
            return;
        }
        if (!holdsUnvisited(vector)) {
            vector.accept(new ValidateVectorBufferVisitor(), null);
        }
        vector.getChildrenFromFields().forEach(VectorValidation::validateFull);
    }

    /**
     * The same for a vector over a mapped file that others may change. Its offsets are copied first, since Arrow reads
     * them in loops that can end the JVM when the file is cut short.
     *
     * @throws org.apache.arrow.vector.validate.ValidateUtil.ValidateException when the vector is not valid
     * @throws NpzException FILE_CHANGED when a page of the offsets is gone; LIMIT when the allocator cannot give the memory
     */
    public static void validateMapped(FieldVector vector, Location location) throws NpzException {
        if (!ValidationCopy.isNeeded(vector)) {
            MemoryAccess.guard(location, () -> validateFull(vector));
            return;
        }
        try (FieldVector copy = ValidationCopy.of(vector, location)) {
            MemoryAccess.guard(location, () -> validateFull(copy));
        }
    }

    private static boolean isKnown(FieldVector vector) {
        return !(vector instanceof FixedSizeListVector)
                && !(vector instanceof Float2Vector)
                && !(vector instanceof MapVector)
                && !lacksVisitor(vector)
                && vector.getChildrenFromFields().stream().allMatch(VectorValidation::isKnown);
    }

    private static boolean holdsUnvisited(FieldVector vector) {
        return lacksVisitor(vector)
                || vector.getChildrenFromFields().stream().anyMatch(VectorValidation::holdsUnvisited);
    }

    private static boolean lacksVisitor(FieldVector vector) {
        return vector instanceof BaseVariableWidthViewVector
                || vector instanceof ListViewVector
                || vector instanceof LargeListViewVector
                || vector instanceof RunEndEncodedVector;
    }
}
