package org.arrownpz.npy;

import org.arrownpz.NpzException;
import org.arrownpz.dtype.ByteOrdering;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.SmallFloat;
import org.arrownpz.io.ByteSink;

/** Elements read as the bits of integers of their width, in C order. Stateless. */
final class Reordered {
    private Reordered() {}

    /** The dtype of an array in the bits of other numbers. */
    private record Bits(DType dtype, Shape shape, ArrayContent bits) implements ArrayContent {
        @Override
        public StorageOrder order() {
            return StorageOrder.C;
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            bits.writeTo(sink);
        }
    }

    /** The array in C order and little-endian. */
    static ArrayContent of(NumpyArray array) throws NpzException {
        ScalarDType dtype = (ScalarDType) array.dtype();
        if (dtype.isBigEndian() && dtype.swapUnit() != dtype.itemSize()) {
            throw new IllegalArgumentException("big-endian " + dtype + " is not turned");
        }
        JavaType type = switch ((int) Math.min(dtype.itemSize(), Integer.MAX_VALUE)) {
            case 1 -> JavaType.BYTE;
            case 2 -> JavaType.SHORT;
            case 4 -> JavaType.INT;
            case 8 -> JavaType.LONG;
            default -> throw new IllegalArgumentException("elements of " + dtype.itemSize() + " bytes are not turned");
        };
        ScalarDType turned = new ScalarDType(
                dtype.kind(), ScalarDType.of(dtype.kind(), dtype.itemSize()).order(), dtype.itemSize(), dtype.unit());
        Object flat = JavaArrays.flat(array.under(bits(dtype, DTypeKind.INT)), type);
        return new Bits(turned, array.shape(), ArrayContent.of(flat));
    }

    private static ScalarDType bits(ScalarDType dtype, DTypeKind kind) {
        ScalarDType little = ScalarDType.of(kind, dtype.itemSize());
        return dtype.isBigEndian() ? new ScalarDType(kind, ByteOrdering.BIG, dtype.itemSize(), null) : little;
    }

    /** The values of small floats. */
    static float[] floats(NumpyArray array, SmallFloat type) throws NpzException {
        ScalarDType bits = ScalarDType.of(DTypeKind.INT, type.bytes());
        if (type.bytes() == Byte.BYTES) {
            byte[] flat = (byte[]) JavaArrays.flat(array.under(bits), JavaType.BYTE);
            float[] values = new float[flat.length];
            for (int i = 0; i < flat.length; i++) {
                values[i] = type.toFloat(flat[i]);
            }
            return values;
        }
        short[] flat = (short[]) JavaArrays.flat(array.under(bits), JavaType.SHORT);
        float[] values = new float[flat.length];
        for (int i = 0; i < flat.length; i++) {
            values[i] = type.toFloat(flat[i]);
        }
        return values;
    }
}
