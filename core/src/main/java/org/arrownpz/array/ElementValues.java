package org.arrownpz.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.util.Float16;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Elements as numbers of Java, many at a time: as doubles where these hold all of them, else as longs. Immutable.
 *
 * @param width bytes of an element
 * @param parts how many numbers an element is: two of a complex one
 * @param longs whether they are longs
 * @param unsigned whether these have no sign
 */
record ElementValues(
        ScalarDType dtype,
        DTypeKind kind,
        @Nullable SmallFloat small,
        ByteOrder order,
        int width,
        int parts,
        boolean longs,
        boolean unsigned) {

    /** The decoder of an array's elements, or null where they are no numbers of Java. */
    static @Nullable ElementValues of(NumpyArray array) {
        return of(array.dtype(), array.smallFloat());
    }

    static @Nullable ElementValues of(DType dtype, @Nullable SmallFloat small) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return null;
        }
        boolean numbers = switch (scalar.kind()) {
            case BOOL, INT, UINT, DATETIME, TIMEDELTA -> true;
            case FLOAT -> scalar.itemSize() <= Double.BYTES;
            case COMPLEX -> scalar.itemSize() <= 2 * Double.BYTES;
            case VOID -> small != null;
            default -> false;
        };
        if (!numbers) {
            return null;
        }
        int parts = scalar.kind() == DTypeKind.COMPLEX ? 2 : 1;
        int width = (int) scalar.itemSize();
        boolean integer = scalar.kind() == DTypeKind.INT || scalar.kind() == DTypeKind.UINT;
        return new ElementValues(
                scalar,
                parts == 2 ? DTypeKind.FLOAT : scalar.kind(),
                small,
                scalar.javaOrder(),
                width,
                parts,
                scalar.kind().isTime() || integer && width == Long.BYTES,
                scalar.kind() == DTypeKind.UINT);
    }

    boolean isTime() {
        return kind.isTime();
    }

    /** Whether they have NaN. */
    boolean isReal() {
        return kind == DTypeKind.FLOAT || small != null;
    }

    /** Whether they are float32 or float64, little-endian as they lie. */
    /** Whether each is a float. */
    boolean isSingle() {
        return width < Float.BYTES || width == Float.BYTES && kind == DTypeKind.FLOAT;
    }

    boolean isPlainFloat() {
        boolean plain = dtype.kind() == DTypeKind.FLOAT && order == ByteOrder.LITTLE_ENDIAN;
        return plain && width >= Float.BYTES;
    }

    /** Decodes so many numbers, from a place in bytes on, into the array that is given or a longer one. */
    double[] doubles(ByteBuffer bytes, int at, double[] held, int count) {
        double[] target = held.length < count ? new double[count] : held;
        ByteBuffer from = bytes.duplicate().order(order).position(at);
        int size = width / parts;
        if (isReal() && small == null && size == Double.BYTES) {
            from.asDoubleBuffer().get(target, 0, count);
            return target;
        }
        if (small != null) {
            for (int i = 0; i < count; i++) {
                target[i] = small.toFloat(size == 1 ? from.get() : from.getShort());
            }
        } else if (kind == DTypeKind.FLOAT) {
            for (int i = 0; i < count; i++) {
                target[i] = size == 4 ? from.getFloat(at + 4 * i) : Float16.toFloat(from.getShort(at + 2 * i));
            }
        } else if (kind == DTypeKind.BOOL) {
            for (int i = 0; i < count; i++) {
                target[i] = from.get(at + i) != 0 ? 1 : 0;
            }
        } else {
            long mask = unsigned ? (1L << 8 * size) - 1 : -1;
            for (int i = 0; i < count; i++) {
                long value =
                        size == 1 ? from.get(at + i) : size == 2 ? from.getShort(at + 2 * i) : from.getInt(at + 4 * i);
                target[i] = value & mask;
            }
        }
        return target;
    }

    /** Decodes so many numbers, of one part, as the nearest doubles, into an array that holds them. */
    void reals(ByteBuffer bytes, double[] target, int count) {
        if (!longs) {
            doubles(bytes, 0, target, count);
            return;
        }
        ByteBuffer from = bytes.duplicate().order(order);
        for (int i = 0; i < count; i++) {
            target[i] = real(from.getLong(Long.BYTES * i));
        }
    }

    /** Decodes so many longs, likewise. */
    long[] longs(ByteBuffer bytes, int at, long[] held, int count) {
        long[] target = held.length < count ? new long[count] : held;
        bytes.duplicate().order(order).position(at).asLongBuffer().get(target, 0, count);
        return target;
    }

    /** A long as a double. */
    double real(long value) {
        return unsigned && value < 0 ? (value >>> 1 | value & 1) * 2.0 : value;
    }
}
