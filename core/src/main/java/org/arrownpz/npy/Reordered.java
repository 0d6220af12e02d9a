package org.arrownpz.npy;

import java.lang.reflect.Array;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.dtype.StructDType;
import org.jspecify.annotations.Nullable;

/** Elements read as the bits of integers of their width, in C order. Stateless. */
final class Reordered {
    private Reordered() {}

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
        Object flat = JavaArrays.flat(array.under(bits(dtype, DTypeKind.INT, dtype.itemSize())), type);
        return new ContentOf(turned, array.shape(), StorageOrder.C, ArrayContent.of(flat)::writeTo);
    }

    /** Numbers of a kind and width in the order of an array's bytes. */
    private static ScalarDType bits(ScalarDType dtype, DTypeKind kind, long width) {
        return dtype.isBigEndian() ? new ScalarDType(kind, ByteOrdering.BIG, width, null) : ScalarDType.of(kind, width);
    }

    /** The bits of unsigned integers. */
    static long[] unsigned(NumpyArray array) throws NpzException {
        if (!(array.dtype() instanceof ScalarDType dtype) || dtype.kind() != DTypeKind.UINT) {
            throw array.wrongDtype("unsigned integers for unsignedLongs");
        }
        boolean widest = dtype.itemSize() == Long.BYTES;
        return (long[]) JavaArrays.flat(
                widest ? array.under(bits(dtype, DTypeKind.INT, dtype.itemSize())) : array, JavaType.LONG);
    }

    /** Real and imaginary parts in turns. */
    static double[] complex(NumpyArray array) throws NpzException {
        if (!(array.dtype() instanceof ScalarDType dtype)
                || dtype.kind() != DTypeKind.COMPLEX
                || dtype.itemSize() > 2 * Double.BYTES) {
            throw array.wrongDtype("complex64 or complex128 for complexes");
        }
        double[] values = new double[length(array, array.shape().elements(), 2)];
        for (int part = 0; part < 2; part++) {
            double[] numbers = (double[]) JavaArrays.flat(part(array, dtype, part), JavaType.DOUBLE);
            for (int i = 0; i < numbers.length; i++) {
                values[2 * i + part] = numbers[i];
            }
        }
        return values;
    }

    private static NumpyArray part(NumpyArray array, ScalarDType dtype, int part) throws NpzException {
        long width = dtype.itemSize() / 2;
        ScalarDType number = bits(dtype, DTypeKind.FLOAT, width);
        StridedSource half = ArrayViews.apart(array, part * width, dtype.itemSize(), number);
        return array.view(number, array.shape(), array.order(), half);
    }

    /** The advice for elements that few of Java's arrays hold, or null. */
    static @Nullable String remedy(DType dtype) {
        if (dtype instanceof StructDType) {
            return "Name one of its fields with field";
        }
        if (!(dtype instanceof ScalarDType scalar)) {
            return null;
        }
        long size = scalar.itemSize();
        return switch (scalar.kind()) {
            case UINT -> size == Long.BYTES ? "Read its bits with unsignedLongs" : null;
            case FLOAT -> size > Double.BYTES ? "Java has no such number: write array.astype('f8') in Python" : null;
            case COMPLEX ->
                size > 2 * Double.BYTES
                        ? "Java has no such number: write array.astype('c16') in Python"
                        : "Read real and imaginary parts with complexes";
            default -> null;
        };
    }

    /** The values of small floats. */
    static float[] floats(NumpyArray array, SmallFloat type) throws NpzException {
        boolean narrow = type.bytes() == Byte.BYTES;
        NumpyArray bits = array.under(ScalarDType.of(DTypeKind.INT, type.bytes()));
        Object flat = JavaArrays.flat(bits, narrow ? JavaType.BYTE : JavaType.SHORT);
        float[] values = new float[Array.getLength(flat)];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.toFloat(narrow ? ((byte[]) flat)[i] : ((short[]) flat)[i]);
        }
        return values;
    }

    /** The values that are packed into bytes, the first one in the lowest bits. */
    static float[] unpacked(NumpyArray array, NumpyArray.Packed packed) throws NpzException {
        SmallFloat type = packed.element();
        byte[] bytes = (byte[]) JavaArrays.flat(array.under(ScalarDType.of(DTypeKind.INT, 1)), JavaType.BYTE);
        if (packed.shape().elements() > bytes.length * 8L / type.bits()) {
            throw array.wrongShape(packed + " in so many bytes");
        }
        float[] values = new float[length(array, packed.shape().elements(), 1)];
        for (int i = 0; i < values.length; i++) {
            long at = (long) i * type.bits();
            int place = (int) (at >> 3);
            int next = place + 1 < bytes.length ? bytes[place + 1] << Byte.SIZE : 0;
            values[i] = type.toFloat((bytes[place] & 0xFF | next) >> (at & 7));
        }
        return values;
    }

    /** The length of a Java array of so many numbers for each of the elements. */
    private static int length(NumpyArray array, long elements, int numbers) throws NpzException {
        if (elements > JavaArrays.LONGEST / numbers) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has more numbers than a Java array can hold")
                    .expected("at most " + JavaArrays.LONGEST / numbers + " elements")
                    .found(elements)
                    .remedy("Read it in parts with region")
                    .build();
        }
        return numbers * (int) elements;
    }
}
