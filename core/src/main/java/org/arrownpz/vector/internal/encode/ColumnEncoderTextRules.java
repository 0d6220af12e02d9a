package org.arrownpz.vector.internal.encode;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.vector.internal.encode.ColumnEncoderRules.ColumnEncoderChoice;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeText;
import org.jspecify.annotations.Nullable;

/** Utf8 as {@code U} and Binary as {@code S}, where that is right and not much larger. */
final class ColumnEncoderTextRules {
    /** The most that padded text may cost: this many times the values' bytes … */
    static final long AUTO_FACTOR = 8;

    /** … and this on top. */
    static final long AUTO_EXTRA = 1 << 20;

    private ColumnEncoderTextRules() {}

    /**
     * @param text whether values are UTF-8
     * @param wide whether offsets have 8 bytes
     */
    static ColumnEncoderChoice choose(
            List<FieldVector> vectors,
            boolean text,
            boolean wide,
            @Nullable ScalarDType hint,
            StringEncoding strings,
            boolean frameBlock) {
        if (strings == StringEncoding.ARROW) {
            return ColumnEncoderChoice.buffers("text and binary columns were asked for as Arrow buffers");
        }
        EncodeText.Measure need = EncodeText.Measure.NONE;
        long rows = 0;
        for (FieldVector vector : vectors) {
            need = need.plus(EncodeText.measure(
                    vector.getOffsetBuffer(),
                    vector.getDataBuffer(),
                    ColumnEncoderElement.nulls(vector),
                    vector.getValueCount(),
                    wide,
                    text));
            rows += vector.getValueCount();
        }
        if (need.malformed()) {
            return ColumnEncoderChoice.buffers("a value is not UTF-8");
        }
        if (need.endsInNul()) {
            return ColumnEncoderChoice.buffers("a value ends in NUL, which NumPy drops");
        }
        DTypeKind kind = text ? DTypeKind.UNICODE : DTypeKind.BYTES;
        int unit = text ? 4 : 1;
        ScalarDType hinted = hint != null && (hint.kind() == kind || hint.itemSize() == 0) ? hint : null;
        long hintWidth = hinted == null ? 1 : hinted.itemSize() / unit;
        // StaticFrame cannot read elements of no bytes.
        long width = Math.max(need.longest(), frameBlock ? Math.max(1, hintWidth) : hintWidth);
        if (width > Integer.MAX_VALUE / unit) {
            return ColumnEncoderChoice.buffers("a value is longer than NumPy's elements can be");
        }
        if (hinted != null && width == hintWidth) {
            return ColumnEncoderChoice.of(new Padded(hinted, wide));
        }
        if (strings == StringEncoding.AUTO && !cheap(width * unit, rows, need.valueBytes())) {
            return ColumnEncoderChoice.buffers("padded to the longest value the column would take "
                    + width * unit + " bytes for each of " + rows + " rows, for " + need.valueBytes()
                    + " bytes of values");
        }
        ScalarDType dtype = text ? ScalarDType.unicode(width) : ScalarDType.of(DTypeKind.BYTES, width);
        String note = hint == null ? null : "a value is longer than the column's dtype " + hint + " holds";
        if (hint != null && hinted == null) {
            note = "the column's dtype " + hint + " is not of its type";
        }
        return ColumnEncoderChoice.of(new Padded(dtype, wide), note);
    }

    private static boolean cheap(long elementBytes, long rows, long valueBytes) {
        return Math.multiplyHigh(elementBytes, rows) == 0
                && elementBytes * rows >= 0
                && elementBytes * rows <= AUTO_FACTOR * valueBytes + AUTO_EXTRA;
    }

    /** Writes Utf8 and Binary values as padded {@code U} and {@code S} elements. */
    private static final class Padded extends ColumnEncoderElement {
        private final ScalarDType scalar;
        private final boolean wide;

        /** @param wide whether offsets have 8 bytes */
        Padded(ScalarDType dtype, boolean wide) {
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
                EncodeText.putBytes(
                        offsets, data, validity, first, count, wide, scalar.itemSize(), target, offset, stride);
            }
        }
    }
}
