package org.arrownpz.vector.internal.encode;

import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The rules' answer for one vector type: a coder, or none and the reason.
 *
 * @param element the coder, or null where NumPy cannot hold the values
 * @param rowShape the dimensions of one row
 * @param text without a coder the reason; with one, why the dtype is not the hinted one or does not say all, or null
 */
record ColumnEncoderChoice(
        @Nullable ColumnEncoderElement element,
        Shape rowShape,
        @Nullable String text) {
    static ColumnEncoderChoice of(ColumnEncoderElement element) {
        return new ColumnEncoderChoice(element, Shape.of(), null);
    }

    static ColumnEncoderChoice of(ColumnEncoderElement element, @Nullable String note) {
        return new ColumnEncoderChoice(element, Shape.of(), note);
    }

    static ColumnEncoderChoice buffers(String reason) {
        return new ColumnEncoderChoice(null, Shape.of(), reason);
    }
}
