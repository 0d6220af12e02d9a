package org.arrownpz.array;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/** Elements as NumPy prints them, all as wide as the widest. By one thread. */
final class ElementText {
    /** Of a longer element, only the beginning is read and shown. */
    private static final int LONGEST = 4096;

    private final IntFunction<String> texts;

    private ElementText(IntFunction<String> texts) {
        this.texts = texts;
    }

    /** The number of bytes of an element that are read. */
    static int readable(DType dtype) {
        return (int) Math.min(dtype.itemSize(), dtype instanceof ScalarDType ? LONGEST : 1 << 16);
    }

    /**
     * The texts of elements.
     *
     * @param shown the bytes of all that are shown
     * @param alone whether it is one of no dimension
     */
    static ElementText of(NumpyArray array, ByteBuffer shown, ArrayText form, boolean alone) {
        int width = readable(array.dtype());
        int count = width == 0 ? Integer.MAX_VALUE : shown.remaining() / width;
        if (width < array.dtype().itemSize() && !(array.dtype() instanceof ScalarDType)) {
            return new ElementText(i -> "(...)");
        }
        Part part = new Part(shown, count, width, 0, 1);
        return new ElementText(of(array.dtype(), array.smallFloat(), part, form, alone));
    }

    String text(int element) {
        return texts.apply(element);
    }

    /** Elements within items that lie one after the other. */
    private record Part(ByteBuffer bytes, int count, int step, int offset, int inner) {
        int elements() {
            return count * inner;
        }

        int at(int element, long width) {
            return element / inner * step + offset + (int) (element % inner * width);
        }
    }

    private static IntFunction<String> of(
            DType dtype, @Nullable SmallFloat small, Part part, ArrayText form, boolean alone) {
        if (dtype instanceof StructDType records) {
            List<IntFunction<String>> fields = new ArrayList<>();
            for (StructDType.Field field : records.fields()) {
                Part within = new Part(
                        part.bytes(), part.count(), part.step(), (int) (part.offset() + field.offset()), part.inner());
                fields.add(part.inner() == 1 ? of(field.dtype(), null, within, form, alone) : i -> "(...)");
            }
            String end = fields.size() == 1 ? ",)" : ")";
            return i -> String.join(
                            ", ", fields.stream().map(field -> field.apply(i)).toList())
                    .transform(text -> "(" + text + end);
        }
        if (dtype instanceof SubarrayDType array) {
            int inner = (int) array.elements();
            Part all = new Part(part.bytes(), part.count(), part.step(), part.offset(), Math.max(1, inner));
            IntFunction<String> element = inner == 0 ? i -> "" : of(array.element(), null, all, form, false);
            boolean cut = inner > form.threshold();
            return i -> nested(array.shape(), 0, new int[] {i * inner}, element, cut ? form.edgeItems() : 0);
        }
        ScalarDType scalar = (ScalarDType) dtype;
        ByteBuffer bytes = part.bytes().order(scalar.javaOrder());
        ByteBuffer ordered = bytes.duplicate().order(bytes.order());
        long width = scalar.itemSize();
        int size = (int) Math.min(width, LONGEST);
        return switch (scalar.kind()) {
            case BOOL -> i -> ordered.get(part.at(i, width)) != 0 ? alone ? "True" : " True" : "False";
            case INT, UINT -> padded(i -> integer(ordered, part.at(i, width), scalar), part.elements());
            case FLOAT -> reals(i -> Real.of(ordered, part.at(i, width), size), size, part.elements(), false);
            case COMPLEX -> {
                int half = size / 2;
                IntFunction<String> real =
                        reals(i -> Real.of(ordered, part.at(i, width), half), half, part.elements(), false);
                IntFunction<String> imaginary =
                        reals(i -> Real.of(ordered, part.at(i, width) + half, half), half, part.elements(), true);
                yield i -> real.apply(i) + unit(imaginary.apply(i));
            }
            case DATETIME -> padded(i -> "'" + time(ordered.getLong(part.at(i, width)), scalar) + "'", part.elements());
            case TIMEDELTA -> padded(i -> duration(ordered.getLong(part.at(i, width))), part.elements());
            case BYTES -> i -> bytes(ordered, part.at(i, width), size);
            case UNICODE -> i -> PyText.repr(unicode(ordered, part.at(i, width), size));
            case VOID ->
                i -> small == null ? hexes(ordered, part.at(i, width), size) : small(ordered, part.at(i, width), small);
        };
    }

    private static String nested(List<Integer> shape, int axis, int[] next, IntFunction<String> element, int edge) {
        if (axis == shape.size()) {
            return element.apply(next[0]++);
        }
        int length = shape.get(axis);
        int below = 1;
        for (int i = axis + 1; i < shape.size(); i++) {
            below *= shape.get(i);
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (edge > 0 && length > 2 * edge && i == edge) {
                texts.add("...");
                next[0] += (length - 2 * edge) * below;
                i = length - edge;
            }
            texts.add(nested(shape, axis + 1, next, element, edge));
        }
        return "[" + String.join(", ", texts) + "]";
    }

    private static IntFunction<String> padded(IntFunction<String> texts, int count) {
        String[] all = new String[count];
        int most = 0;
        for (int i = 0; i < count; i++) {
            all[i] = texts.apply(i);
            most = Math.max(most, all[i].length());
        }
        int widest = most;
        return i -> " ".repeat(widest - all[i].length()) + all[i];
    }

    private static IntFunction<String> reals(IntFunction<Real> values, int bytes, int count, boolean plus) {
        List<Real> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(values.apply(i));
        }
        RealFormat format = RealFormat.of(all, bytes, plus);
        return i -> format.text(all.get(i));
    }

    private static String unit(String imaginary) {
        String number = imaginary.stripTrailing();
        return number + "j" + imaginary.substring(number.length());
    }

    private static String integer(ByteBuffer bytes, int at, ScalarDType dtype) {
        boolean signed = dtype.kind() == DTypeKind.INT;
        return switch ((int) dtype.itemSize()) {
            case 1 -> Integer.toString(signed ? bytes.get(at) : bytes.get(at) & 0xff);
            case 2 -> Integer.toString(signed ? bytes.getShort(at) : bytes.getShort(at) & 0xffff);
            case 4 -> Long.toString(signed ? bytes.getInt(at) : bytes.getInt(at) & 0xffff_ffffL);
            default -> signed ? Long.toString(bytes.getLong(at)) : Long.toUnsignedString(bytes.getLong(at));
        };
    }

    private static String duration(long count) {
        return count == TimeText.NAT ? "'NaT'" : Long.toString(count);
    }

    /** A moment, or a duration as its count. */
    static String time(long count, ScalarDType dtype) {
        TimeUnit64 unit = dtype.unit() == null ? TimeUnit64.GENERIC : dtype.unit();
        return dtype.kind() == DTypeKind.DATETIME ? TimeText.datetime(count, unit) : Long.toString(count);
    }

    private static String bytes(ByteBuffer source, int at, int size) {
        byte[] value = new byte[size];
        source.get(at, value);
        int length = size;
        while (length > 0 && value[length - 1] == 0) {
            length--;
        }
        return PyText.repr(value, 0, length);
    }

    private static String unicode(ByteBuffer source, int at, int size) {
        int units = size / 4;
        while (units > 0 && source.getInt(at + 4 * (units - 1)) == 0) {
            units--;
        }
        StringBuilder text = new StringBuilder(units);
        for (int i = 0; i < units; i++) {
            int unit = source.getInt(at + 4 * i);
            text.appendCodePoint(Character.isValidCodePoint(unit) ? unit : 0xFFFD);
        }
        return text.toString();
    }

    private static String hexes(ByteBuffer source, int at, int size) {
        StringBuilder text = new StringBuilder("b'");
        for (int i = 0; i < size; i++) {
            text.append(String.format(Locale.ROOT, "\\x%02X", source.get(at + i)));
        }
        return text.append('\'').toString();
    }

    /** As {@code ml_dtypes} prints it, which is C's {@code %g}. */
    private static String small(ByteBuffer source, int at, SmallFloat type) {
        float value = type.toFloat(type.bytes() == 1 ? source.get(at) : source.getShort(at));
        if (!Float.isFinite(value)) {
            return Float.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        return RealFormat.general(value);
    }
}
