package org.arrownpz.npy;

import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.io.ByteSink;

/**
 * An array to be written: its type and shape, and its elements on demand.
 *
 * <p>Used by one thread, that of the writer, unless an implementation says more.
 */
public interface ArrayContent {
    DType dtype();

    Shape shape();

    StorageOrder order();

    /** The number of bytes that {@link #writeTo} emits: elements times item size. */
    default long byteLength() {
        return Math.multiplyExact(shape().elements(), dtype().itemSize());
    }

    /** Emits exactly {@link #byteLength()} bytes, the elements in {@link #order()}. May be called more than once. */
    void writeTo(ByteSink sink) throws NpzException;
}
