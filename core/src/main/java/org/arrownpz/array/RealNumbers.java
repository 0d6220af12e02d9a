package org.arrownpz.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.util.Float16;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of real numbers of one dtype as floats where each value is one, else as the nearest doubles. Stateless.
 */
record RealNumbers(
        DTypeKind kind,
        int width,
        ByteOrder order,
        @Nullable SmallFloat small) {
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    /** @throws NpzException ARRAY_DTYPE for other dtypes than bool, integers and floats up to float64 */
    static RealNumbers of(NumpyArray array) throws NpzException {
        SmallFloat small = array.smallFloat();
        if (array.dtype() instanceof ScalarDType dtype) {
            boolean real = switch (dtype.kind()) {
                case BOOL, INT, UINT -> true;
                case FLOAT -> dtype.itemSize() <= Double.BYTES;
                default -> small != null;
            };
            if (real) {
                return new RealNumbers(dtype.kind(), (int) dtype.itemSize(), dtype.javaOrder(), small);
            }
        }
        throw array.location()
                .error(ErrorCode.ARRAY_DTYPE, "the array is of another dtype")
                .expected("bool, integers, or floats of at most 64 bits")
                .found(SafeText.escape(array.toString()))
                .build();
    }

    /** All elements of an array in C order. */
    static double[] all(NumpyArray array) throws NpzException {
        RealNumbers numbers = of(array);
        long count = array.shape().elements();
        if (count > LONGEST) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the vector has more elements than a Java array can hold")
                    .expected("at most " + LONGEST)
                    .found(count)
                    .build();
        }
        double[] values = new double[(int) count];
        ByteBuffer bytes = ByteBuffer.allocate(numbers.width).order(numbers.order);
        for (int i = 0; i < count; i++) {
            array.data().read((long) i * numbers.width, bytes.clear());
            bytes.flip();
            values[i] = numbers.isSingle() ? numbers.single(bytes, 0) : numbers.wide(bytes, 0);
        }
        return values;
    }

    /** Whether each number is a float. */
    boolean isSingle() {
        return width < Float.BYTES || width == Float.BYTES && kind == DTypeKind.FLOAT;
    }

    /** Whether the bytes are little-endian floats or doubles as they lie. */
    boolean isPlain() {
        return kind == DTypeKind.FLOAT && width >= Float.BYTES && order == ByteOrder.LITTLE_ENDIAN;
    }

    /** Decodes the next numbers of a buffer, which has the {@link #order}, to every step-th place of another. */
    void decode(ByteBuffer bytes, int count, ByteBuffer target, int at, int step) {
        if (isPlain() && step == 1) {
            target.put(at * width, bytes, bytes.position(), count * width);
            return;
        }
        if (isSingle()) {
            for (int i = 0, place = at; i < count; i++, place += step) {
                target.putFloat(place * Float.BYTES, single(bytes, i));
            }
        } else {
            for (int i = 0, place = at; i < count; i++, place += step) {
                target.putDouble(place * Double.BYTES, wide(bytes, i));
            }
        }
    }

    private float single(ByteBuffer bytes, int i) {
        if (width == 1) {
            byte value = bytes.get(i);
            return small != null
                    ? small.toFloat(value)
                    : switch (kind) {
                        case INT -> value;
                        case BOOL -> value == 0 ? 0 : 1;
                        default -> value & 0xFF;
                    };
        }
        if (width == Float.BYTES) {
            return bytes.getFloat(i * Float.BYTES);
        }
        short value = bytes.getShort(i * Short.BYTES);
        return small != null
                ? small.toFloat(value)
                : switch (kind) {
                    case INT -> value;
                    case UINT -> value & 0xFFFF;
                    default -> Float16.toFloat(value);
                };
    }

    private double wide(ByteBuffer bytes, int i) {
        if (width == Integer.BYTES) {
            int value = bytes.getInt(i * Integer.BYTES);
            return kind == DTypeKind.UINT ? Integer.toUnsignedLong(value) : value;
        }
        if (kind == DTypeKind.FLOAT) {
            return bytes.getDouble(i * Double.BYTES);
        }
        long value = bytes.getLong(i * Long.BYTES);
        // Of those that Java takes for negative, half is converted, whose last bit keeps what rounding has to know.
        return kind == DTypeKind.UINT && value < 0 ? 2.0 * (value >>> 1 | value & 1) : value;
    }
}
