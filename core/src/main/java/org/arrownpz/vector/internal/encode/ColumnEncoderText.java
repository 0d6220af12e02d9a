package org.arrownpz.vector.internal.encode;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeText;

/** Writes Utf8 and Binary values as padded {@code U} and {@code S} elements. */
final class ColumnEncoderText extends ColumnEncoderElement {
    private final ScalarDType scalar;
    private final boolean wide;

    /** @param wide whether offsets have 8 bytes */
    ColumnEncoderText(ScalarDType dtype, boolean wide) {
        super(dtype, null);
        this.scalar = dtype;
        this.wide = wide;
    }

    @Override
    void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
        ArrowBuf offsets = vector.getOffsetBuffer();
        ArrowBuf data = vector.getDataBuffer();
        ArrowBuf bits = validity(vector);
        ArrowBuf validity = bits == null || EncodeBits.countZeros(bits, first, count) == 0 ? null : bits;
        if (scalar.kind() == DTypeKind.UNICODE) {
            long points = scalar.itemSize() / 4;
            boolean big = scalar.isBigEndian();
            EncodeText.putUtf32(offsets, data, validity, first, count, wide, points, big, target, offset, stride);
        } else {
            EncodeText.putBytes(offsets, data, validity, first, count, wide, scalar.itemSize(), target, offset, stride);
        }
    }
}
