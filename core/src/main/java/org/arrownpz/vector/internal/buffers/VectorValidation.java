package org.arrownpz.vector.internal.buffers;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.apache.arrow.vector.validate.ValidateUtil.ValidateException;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.apache.arrow.vector.validate.ValidateVectorTypeVisitor;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.kernel.DecimalDigits;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.arrownpz.vector.internal.kernel.Utf8;

/**
 * The checks of Arrow's full validation, types, buffer sizes, offsets and values, for every vector. Arrow's own knows
 * no half floats, maps, views and run ends, asks fixed-size lists for offsets that they do not have, takes neither
 * lists of size 0 nor decimals of negative scale or of as many digits as their type has, and copies every text to the
 * heap: texts, bytes, lists and decimals are looked at by our own kernels.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class VectorValidation {
    private VectorValidation() {}

    /**
     * Validates a vector and its children in full; the cost grows with the number of values.
     *
     * @throws ValidateException when the vector is not valid
     */
    public static void validateFull(FieldVector vector) {
        FieldVector storage = Storage.of(vector);
        if (storage instanceof BaseVariableWidthVector || storage instanceof BaseLargeVariableWidthVector) {
            validateVariable(storage, storage instanceof BaseVariableWidthVector ? Integer.BYTES : Long.BYTES);
            return;
        }
        if (isKnownToArrow(storage) && !isOurs(storage)) {
            ValueVectorUtility.validateFull(storage);
            return;
        }
        if (!holdsUnvisited(storage)) {
            storage.accept(new ValidateVectorBufferVisitor(), null);
        }
        if (storage instanceof DecimalVector || storage instanceof Decimal256Vector) {
            validateDecimals((BaseFixedWidthVector) storage);
        } else if (storage instanceof ViewVarCharVector views) {
            requireUtf8(Utf8.firstInvalidView(
                    views.getDataBuffer(), views.getDataBuffers(), views.getValidityBuffer(), views.getValueCount()));
        } else if (storage instanceof ListVector list) {
            validateOffsets(list, Integer.BYTES, list.getDataVector().getValueCount());
        } else if (storage instanceof LargeListVector list) {
            validateOffsets(list, Long.BYTES, list.getDataVector().getValueCount());
        }
        storage.getChildrenFromFields().forEach(VectorValidation::validateFull);
    }

    private static boolean isOurs(FieldVector vector) {
        return vector instanceof ListVector || vector instanceof LargeListVector || vector instanceof StructVector;
    }

    private static void validateVariable(FieldVector vector, int width) {
        vector.accept(new ValidateVectorTypeVisitor(), null);
        vector.accept(new ValidateVectorBufferVisitor(), null);
        validateOffsets(vector, width, vector.getDataBuffer().capacity());
        if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
            long bad = Utf8.firstInvalid(
                    vector.getOffsetBuffer(),
                    width,
                    vector.getDataBuffer(),
                    vector.getValidityBuffer(),
                    vector.getValueCount());
            requireUtf8(bad);
        }
    }

    private static void requireUtf8(long bad) {
        ValidateUtil.validateOrThrow(bad < 0, "The text at position %s is not UTF-8.", bad);
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

    /**
     * Requires of decimals, nested ones too, that they have no more digits than their type says.
     *
     * @param offset in the file, for messages
     * @throws NpzException VALUE where one has, FILE_CHANGED when a page of them is gone
     */
    public static void requireDigits(FieldVector vector, Location location, long offset) throws NpzException {
        if (vector instanceof DecimalVector || vector instanceof Decimal256Vector) {
            try {
                MemoryAccess.guard(location, () -> validateFull(vector));
            } catch (ValidateException e) {
                throw location.error(
                                ErrorCode.VALUE, "the column " + SafeText.quote(vector.getName()) + " is not valid")
                        .at(offset)
                        .found(SafeText.escape(String.valueOf(e.getMessage())))
                        .cause(e)
                        .build();
            }
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            requireDigits(child, location, offset);
        }
    }

    private static void validateOffsets(FieldVector vector, int width, long last) {
        int rows = vector.getValueCount();
        if (rows > 0) {
            long bad = GatherChecks.offsets(vector.getOffsetBuffer(), rows + 1L, width, last);
            ValidateUtil.validateOrThrow(
                    bad < 0, "The value at position %s of the offset buffer is out of its place.", bad);
        }
    }

    /**
     * The same for a vector over a mapped file that others may change. Its offsets are copied first, since Arrow reads
     * them in loops that can end the JVM when the file is cut short.
     *
     * @throws ValidateException when the vector is not valid
     * @throws NpzException FILE_CHANGED when a page of the offsets is gone; LIMIT when the allocator cannot give the memory
     */
    public static void validateMapped(FieldVector vector, Location location) throws NpzException {
        List<FieldVector> vectors = List.of(vector);
        try (FieldVector own = VectorSlices.share(vectors, vector.getAllocator(), 0, vector.getValueCount(), location)
                .get(0)) {
            MemoryAccess.guard(location, () -> validateFull(own));
        }
    }

    /** Whether Arrow's own full validation knows the vector's type, and those of its children. */
    public static boolean isKnownToArrow(FieldVector vector) {
        return !(vector instanceof FixedSizeListVector)
                && !(vector instanceof Float2Vector)
                && !(vector instanceof MapVector)
                && !(vector instanceof DecimalVector || vector instanceof Decimal256Vector)
                && !(vector instanceof ExtensionTypeVector<?>)
                && !lacksVisitor(vector)
                && vector.getChildrenFromFields().stream().allMatch(VectorValidation::isKnownToArrow);
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
