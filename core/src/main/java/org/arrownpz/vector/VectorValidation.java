package org.arrownpz.vector;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.MemoryAccess;
import org.arrownpz.vector.internal.kernel.DecimalDigits;
import org.arrownpz.vector.internal.kernel.GatherChecks;

/**
 * Arrow's own validation of types, buffer sizes, offsets and values, for every vector. Arrow's full validation knows no
 * half floats, maps, views and run ends, asks fixed-size lists for offsets that they do not have, and takes neither lists
 * of size 0 nor decimals of negative scale or of as many digits as their type has.
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
        FieldVector storage = VectorSlices.storage(vector);
        if (isKnown(storage)) {
            ValueVectorUtility.validateFull(storage);
            return;
        }
        if (!holdsUnvisited(storage)) {
            storage.accept(new ValidateVectorBufferVisitor(), null);
        }
        if (storage instanceof DecimalVector || storage instanceof Decimal256Vector) {
            validateDecimals((BaseFixedWidthVector) storage);
        } else if (storage instanceof ListVector list) {
            validateOffsets(list, Integer.BYTES, list.getDataVector());
        } else if (storage instanceof LargeListVector list) {
            validateOffsets(list, Long.BYTES, list.getDataVector());
        }
        storage.getChildrenFromFields().forEach(VectorValidation::validateFull);
    }

    private static void validateDecimals(BaseFixedWidthVector vector) {
        int digits = ((ArrowType.Decimal) vector.getField().getType()).getPrecision();
        int width = vector.getTypeWidth();
        int most = width == DecimalVector.TYPE_WIDTH ? DecimalVector.MAX_PRECISION : Decimal256Vector.MAX_PRECISION;
        ValidateUtil.validateOrThrow(digits >= 1 && digits <= most, "Decimals have no %s digits.", digits);
        int rows = vector.getValueCount();
        ArrowBuf validity = rows == 0 ? null : vector.getValidityBuffer();
        long bad = DecimalDigits.firstTooLong(vector.getDataBuffer(), validity, rows, width, digits);
        ValidateUtil.validateOrThrow(bad < 0, "The decimal at position %s has more than %s digits.", bad, digits);
    }

    private static void validateOffsets(FieldVector vector, int width, FieldVector elements) {
        int rows = vector.getValueCount();
        if (rows > 0) {
            long bad = GatherChecks.offsets(vector.getOffsetBuffer(), rows + 1L, width, elements.getValueCount());
            ValidateUtil.validateOrThrow(
                    bad < 0, "The value at position %s of the offset buffer is out of its place.", bad);
        }
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
                && !(vector instanceof DecimalVector || vector instanceof Decimal256Vector)
                && !(vector instanceof ExtensionTypeVector<?>)
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
