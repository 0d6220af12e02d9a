package org.arrownpz.compare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.util.Float16;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;

/** The elements of frame-fixtures' endless column of a NumPy dtype, of which each column of a frame is a part. */
final class ValueStream {
    /** Unsigned integers begin there, and imaginary parts. */
    private static final int OFFSET = 100;

    private ValueStream() {}

    /** The elements from a position on, as NumPy stores them. */
    static byte[] bytes(ScalarDType dtype, int from, int count) {
        byte[] data = new byte[Math.multiplyExact(count, (int) dtype.itemSize())];
        ByteBuffer target = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < from + count; i++) {
            put(target, dtype, i);
        }
        return data;
    }

    private static void put(ByteBuffer target, ScalarDType dtype, int i) {
        switch (dtype.kind()) {
            case BOOL -> target.put((byte) (SourceValues.value(i) % 2 == 0 ? 1 : 0));
            case INT -> putInteger(target, dtype.itemSize(), SourceValues.signed(i));
            case UINT -> putInteger(target, dtype.itemSize(), SourceValues.value(i + OFFSET));
            case DATETIME, TIMEDELTA -> target.putLong(SourceValues.value(i));
            case FLOAT -> putFloat(target, dtype.itemSize(), SourceValues.real(i));
            case COMPLEX -> {
                putFloat(target, dtype.itemSize() / 2, SourceValues.real(i));
                putFloat(target, dtype.itemSize() / 2, SourceValues.real(i + OFFSET));
            }
            case BYTES -> target.putInt(SourceValues.label(i));
            case UNICODE -> {
                int label = SourceValues.label(i);
                for (int place = 0; place < SourceValues.LABEL_LENGTH; place++) {
                    target.putInt(label >>> (8 * place) & 0xff);
                }
            }
            case VOID -> throw new IllegalStateException("there are no fixtures of " + dtype);
        }
    }

    private static void putInteger(ByteBuffer target, long bytes, int value) {
        switch ((int) bytes) {
            case 1 -> target.put((byte) value);
            case 2 -> target.putShort((short) value);
            case 4 -> target.putInt(value);
            default -> target.putLong(value);
        }
    }

    private static void putFloat(ByteBuffer target, long bytes, double value) {
        switch ((int) bytes) {
            // By way of float32, which gives the same bits for all values there are.
            case 2 -> target.putShort(Float16.toFloat16((float) value));
            case 4 -> target.putFloat((float) value);
            default -> target.putDouble(value);
        }
    }

    /** Elements of which equal ones, and only those, have equal keys; complex numbers differ in their real parts. */
    static long[] keys(ScalarDType dtype, int from, int count) {
        int width = (int) dtype.itemSize();
        ByteBuffer data = ByteBuffer.wrap(bytes(dtype, from, count)).order(ByteOrder.LITTLE_ENDIAN);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = dtype.kind() == DTypeKind.UNICODE || dtype.kind() == DTypeKind.BYTES
                    ? SourceValues.label(from + i)
                    : switch (width) {
                        case 1 -> data.get(i);
                        case 2 -> data.getShort(i * width);
                        case 4 -> data.getInt(i * width);
                        default -> data.getLong(i * width);
                    };
        }
        return keys;
    }
}
