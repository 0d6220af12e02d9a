package org.arrownpz.npz;

import java.nio.ByteBuffer;
import java.util.Random;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/** A one-dimensional array of bytes, emitted in pieces. */
record RawArray(byte[] bytes, int piece) implements ArrayContent {
    private static final DType U1 = ScalarDType.of(DTypeKind.UINT, 1);

    static RawArray random(Random random, int length) {
        byte[] bytes = new byte[length];
        // Small values deflate, as real data do.
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(9);
        }
        return new RawArray(bytes, 1 + random.nextInt(300_000));
    }

    byte[] header() {
        return NpyHeaderWriter.numpy(dtype(), shape(), order());
    }

    @Override
    public DType dtype() {
        return U1;
    }

    @Override
    public Shape shape() {
        return Shape.of(bytes.length);
    }

    @Override
    public StorageOrder order() {
        return StorageOrder.C;
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        for (int at = 0; at < bytes.length; at += piece) {
            sink.write(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
    }
}
