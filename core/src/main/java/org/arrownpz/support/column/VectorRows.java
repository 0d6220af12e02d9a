package org.arrownpz.support.column;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.buffers.ExactVectors;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/**
 * Rows of vectors of every type, safe where they lie in a mapped file: {@link VectorSlices} and {@link VectorValidation}.
 *
 * <p>All methods are safe for use by several threads as long as nobody closes or changes the vectors given to them.
 */
public final class VectorRows {
    private VectorRows() {}

    /** {@link VectorSlices#share}: vectors that share the memory of these, closed by the caller. */
    public static List<FieldVector> share(
            List<FieldVector> vectors, BufferAllocator allocator, int from, int count, Location location)
            throws NpzException {
        return VectorSlices.share(vectors, allocator, from, count, location);
    }

    /** {@link VectorSlices#copy}: vectors in memory of the allocator alone, closed by the caller. */
    public static List<FieldVector> copy(
            List<FieldVector> vectors, BufferAllocator allocator, int from, int count, Location location)
            throws NpzException {
        return VectorSlices.copy(vectors, allocator, from, count, location);
    }

    /** {@link VectorSlices#whole}: a second holder of a vector's memory, closed by the caller. */
    public static FieldVector whole(FieldVector vector, BufferAllocator allocator) {
        return VectorSlices.whole(vector, allocator);
    }

    /** {@link VectorSlices#move}: replaces the content of a root by these rows, which are closed. */
    public static void move(List<FieldVector> rows, VectorSchemaRoot root, int count) throws NpzException {
        VectorSlices.move(rows, root, count);
    }

    /** {@link VectorSlices#load}: makes an empty vector a holder of a vector's memory. */
    public static void load(FieldVector vector, FieldVector target) {
        VectorSlices.load(vector, target);
    }

    /** {@link VectorSlices#standIn}: fills dense unions with rows of no type. */
    public static void standIn(FieldVector vector, int rows) {
        VectorSlices.standIn(vector, rows);
    }

    /** {@link VectorSlices#countRows}: tells a loaded sparse union its row count once more. */
    public static void countRows(FieldVector vector, int rows) {
        VectorSlices.countRows(vector, rows);
    }

    /** The number of null rows of a vector that has a bitmap where it has rows. */
    public static int nullCount(FieldVector vector) {
        int rows = vector.getValueCount();
        return rows == 0 || EncodeBits.allOnes(vector.getValidityBuffer(), rows) ? 0 : vector.getNullCount();
    }

    /** {@link VectorSlices#bytes}: those of the buffers, as far as the rows reach. */
    public static long bytes(FieldVector vector) {
        return VectorSlices.bytes(vector);
    }

    /** The rows that such a batch may have so as to take these bytes, chosen over all columns; at least one. */
    public static int fitting(List<FieldVector> columns, long rows, long batchBytes) {
        long bytes = 0;
        for (FieldVector column : columns) {
            bytes += bytes(column);
        }
        long count = bytes == 0 ? Integer.MAX_VALUE : (long) (batchBytes * (double) rows / bytes);
        // A multiple of 8 where possible, so that bitmaps are shared and not shifted.
        long even = count >= 8 ? count & ~7L : Math.max(1, count);
        return (int) Math.min(even, Integer.MAX_VALUE - 8);
    }

    /** Whether a vector or one of its children views a file. */
    public static boolean isMapped(FieldVector vector) {
        return VectorSlices.isMapped(vector);
    }

    /** Whether a vector or one of its children is a dense union. */
    public static boolean holdsDenseUnion(FieldVector vector) {
        return VectorSlices.holdsDenseUnion(vector);
    }

    /** {@link ExactVectors#of}: a second holder that tells the given field, closed by the caller; or null. */
    public static @Nullable FieldVector exact(FieldVector vector, Field field, BufferAllocator allocator) {
        return ExactVectors.of(vector, field, allocator);
    }

    /** The type, or the one below its extension types. */
    public static ArrowType storageType(ArrowType type) {
        return Storage.of(type);
    }

    /** {@link VectorValidation#requireDigits}: VALUE where a decimal has more digits than its type says. */
    public static void requireDigits(FieldVector vector, Location location, long offset) throws NpzException {
        VectorValidation.requireDigits(vector, location, offset);
    }

    /** {@link VectorValidation#validateFull}: throws Arrow's ValidateException when the vector is not valid. */
    public static void validateFull(FieldVector vector) {
        VectorValidation.validateFull(vector);
    }

    /** The first row of these indices of a dictionary that has one without an entry, or -1; rows that are null have none. */
    public static int firstIndexOutside(FieldVector indices, int entries) {
        ArrowType.Int type = (ArrowType.Int) indices.getField().getType();
        int width = type.getBitWidth() / Byte.SIZE;
        // A signed index below 0 is above all others when taken as unsigned.
        long limit =
                type.getIsSigned() && width < Integer.BYTES ? Math.min(entries, 1L << width * Byte.SIZE - 1) : entries;
        ArrowBuf values = indices.getDataBuffer();
        int count = indices.getValueCount();
        for (int row = 0; row < count; row++) {
            if (Long.compareUnsigned(unsignedIndex(values, row, width), limit) >= 0 && !indices.isNull(row)) {
                return row;
            }
        }
        return -1;
    }

    /** An index of so many bytes. */
    public static long unsignedIndex(ArrowBuf values, long index, int width) {
        return switch (width) {
            case 1 -> values.getByte(index) & 0xFFL;
            case 2 -> values.getShort(index * 2) & 0xFFFFL;
            case 4 -> values.getInt(index * 4) & 0xFFFFFFFFL;
            default -> values.getLong(index * 8);
        };
    }
}
