package org.arrownpz.vector.internal.encode;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.dtype.DType;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows of vectors into elements of one dtype. Immutable; vectors are passed in, unwrapped of extension types, so
 * that one coder serves all chunks of a column.
 */
public abstract class ColumnEncoderElement {
    private final DType dtype;
    private final byte @Nullable [] fill;

    /** @param fill the bytes of a null element, or null for zeros */
    ColumnEncoderElement(DType dtype, byte @Nullable [] fill) {
        this.dtype = dtype;
        this.fill = fill;
    }

    final DType dtype() {
        return dtype;
    }

    /** Bytes from one row to the next: the dtype's item size, times the elements of a row for tensors. */
    long rowBytes() {
        return dtype.itemSize();
    }

    /** The bytes of a null row, or null for zeros. */
    byte @Nullable [] fill() {
        return fill;
    }

    /** Whether null rows are NaT and need no bitmap beside the block. */
    public boolean nullIsNat() {
        return false;
    }

    /** The buffer whose bytes from {@code row * rowBytes()} on are already the elements, or null to convert. */
    @Nullable
    ArrowBuf direct(FieldVector vector) {
        return null;
    }

    /** Writes elements without regard to nulls of this level. */
    abstract void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride);

    /** Writes elements {@code stride} bytes apart, null rows filled. */
    final void encode(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
        put(vector, first, count, target, offset, stride);
        ArrowBuf validity = validity(vector);
        if (validity != null) {
            EncodeFixed.fillNulls(validity, first, count, fill(), target, offset, rowBytes(), stride);
        }
    }

    /** The validity bitmap, or null where the vector has none and all rows are valid. */
    public static @Nullable ArrowBuf validity(FieldVector vector) {
        ArrowBuf bits = vector.getValidityBuffer();
        return bits == null || bits.capacity() == 0 ? null : bits;
    }

    /** The validity bitmap where a row of the vector is null, else null: what spares loops the look at each bit. */
    static @Nullable ArrowBuf nulls(FieldVector vector) {
        return vector.getNullCount() == 0 ? null : validity(vector);
    }
}
