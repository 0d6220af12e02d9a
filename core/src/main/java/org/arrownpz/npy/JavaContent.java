package org.arrownpz.npy;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.io.ByteSink;
import org.jspecify.annotations.Nullable;

/**
 * A Java array, or a value of its own, to be written: its elements go through a strip of 64 KiB. Borrowed, so that it must
 * not change until it is written.
 */
final class JavaContent implements ArrayContent {
    private static final int STRIP = 1 << 16;
    /** NumPy's longest item. */
    private static final long LONGEST_ITEM = Integer.MAX_VALUE;

    private static final long NAT = Long.MIN_VALUE;

    private final Object root;
    private final JavaType type;
    private final Shape shape;
    private final DType dtype;
    private final int width;

    private JavaContent(Object root, JavaType type, Shape shape) {
        this.root = root;
        this.type = type;
        this.shape = shape;
        long longest = shape.elements() == 0 ? 0 : longest(root);
        this.dtype = type.dtype(longest);
        if (dtype.itemSize() > LONGEST_ITEM) {
            throw new IllegalArgumentException("NumPy has no element of " + dtype.itemSize() + " bytes");
        }
        this.width = (int) dtype.itemSize();
    }

    /** The content of a value, or null where it is none that NumPy has a dtype for. */
    static @Nullable JavaContent of(Object value) {
        JavaType boxed = JavaType.ofBoxed(value.getClass());
        if (boxed != null) {
            Object one = boxed.array(1);
            Array.set(one, 0, value);
            return new JavaContent(one, boxed, Shape.of());
        }
        List<Long> lengths = new ArrayList<>();
        Class<?> element = value.getClass();
        Object row = value;
        // The last level of byte[][] is one value.
        while (element.isArray() && (element != byte[].class || lengths.isEmpty())) {
            int length = row == null ? 0 : Array.getLength(row);
            lengths.add((long) length);
            element = element.getComponentType();
            row = length == 0 || element.isPrimitive() ? null : Array.get(row, 0);
        }
        JavaType type = JavaType.ofElement(element);
        if (type == null || lengths.isEmpty()) {
            return null;
        }
        Shape shape = Shape.of(lengths.stream().mapToLong(Long::longValue).toArray());
        checkRectangular(value, shape, 0);
        return new JavaContent(value, type, shape);
    }

    private static void checkRectangular(@Nullable Object row, Shape shape, int dimension) {
        if (row == null) {
            throw new IllegalArgumentException("a row of a nested array is null");
        }
        if (Array.getLength(row) != shape.length(dimension)) {
            throw new IllegalArgumentException("a nested array is not rectangular: a row of dimension " + dimension
                    + " has " + Array.getLength(row) + " elements, the first one " + shape.length(dimension));
        }
        if (dimension < shape.dimensions() - 1) {
            for (Object inner : (Object[]) row) {
                checkRectangular(inner, shape, dimension + 1);
            }
        }
    }

    private long longest(Object row) {
        long longest = 0;
        if (type != JavaType.TEXT && type != JavaType.BYTES) {
            return 0;
        }
        for (Object element : (Object[]) row) {
            if (element == null) {
                throw new IllegalArgumentException("a " + type.arrayName(0) + " is null, which NumPy lacks");
            }
            longest = Math.max(
                    longest,
                    element instanceof String text
                            ? length(text)
                            : element instanceof byte[] bytes && type == JavaType.BYTES
                                    ? length(bytes)
                                    : longest(element));
        }
        return longest;
    }

    private static long length(String text) {
        if (text.endsWith("\0")) {
            throw new IllegalArgumentException("a String ends in NUL, which NumPy takes away");
        }
        int length = text.length();
        int pairs = 0;
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == length || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new IllegalArgumentException("a String is not Unicode text: half a surrogate pair");
                }
                pairs++;
                i++;
            }
        }
        return length - pairs;
    }

    private static long length(byte[] bytes) {
        if (bytes.length > 0 && bytes[bytes.length - 1] == 0) {
            throw new IllegalArgumentException("a byte[] ends in NUL, which NumPy takes away: write such bytes as void "
                    + "(V) with ArrayContent.of(ByteBuffer, DType, Shape)");
        }
        return bytes.length;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public StorageOrder order() {
        return StorageOrder.C;
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        if (shape.elements() == 0) {
            return;
        }
        long atOnce = Math.min(shape.elements(), Math.max(1, STRIP / width));
        ByteBuffer strip = ByteBuffer.allocate((int) atOnce * width).order(ByteOrder.LITTLE_ENDIAN);
        rows(root, 0, strip, sink);
        sink.write(strip.flip());
    }

    private void rows(Object row, int dimension, ByteBuffer strip, ByteSink sink) throws NpzException {
        if (dimension < shape.dimensions() - 1) {
            for (Object inner : (Object[]) row) {
                rows(inner, dimension + 1, strip, sink);
            }
            return;
        }
        int length = Array.getLength(row);
        for (int done = 0; done < length; ) {
            if (strip.remaining() < width) {
                sink.write(strip.flip());
                strip.clear();
            }
            int count = Math.min(length - done, strip.remaining() / width);
            encode(row, done, count, strip);
            done += count;
        }
    }

    private void encode(Object row, int from, int count, ByteBuffer strip) {
        int start = strip.position();
        int end = from + count;
        switch (type) {
            case DOUBLE -> strip.asDoubleBuffer().put((double[]) row, from, count);
            case FLOAT -> strip.asFloatBuffer().put((float[]) row, from, count);
            case LONG -> strip.asLongBuffer().put((long[]) row, from, count);
            case INT -> strip.asIntBuffer().put((int[]) row, from, count);
            case SHORT -> strip.asShortBuffer().put((short[]) row, from, count);
            case CHAR -> strip.asCharBuffer().put((char[]) row, from, count);
            case BYTE -> strip.put((byte[]) row, from, count);
            case BOOLEAN -> {
                for (int i = from; i < end; i++) {
                    strip.put((byte) (((boolean[]) row)[i] ? 1 : 0));
                }
            }
            case TEXT -> {
                for (int i = from; i < end; i++) {
                    text(((String[]) row)[i], strip);
                }
            }
            case BYTES -> {
                for (int i = from; i < end; i++) {
                    byte[] bytes = ((byte[][]) row)[i];
                    int rest = strip.position() + width;
                    strip.put(bytes);
                    pad(strip, rest);
                }
            }
            case DATE -> {
                for (int i = from; i < end; i++) {
                    LocalDate date = ((LocalDate[]) row)[i];
                    strip.putLong(date == null ? NAT : date.toEpochDay());
                }
            }
            case INSTANT -> {
                for (int i = from; i < end; i++) {
                    strip.putLong(nanoseconds(((Instant[]) row)[i]));
                }
            }
        }
        strip.position(start + count * width);
    }

    private void text(String text, ByteBuffer strip) {
        int end = strip.position() + width;
        int length = text.length();
        for (int i = 0; i < length; ) {
            int codePoint = text.codePointAt(i);
            strip.putInt(codePoint);
            i += Character.charCount(codePoint);
        }
        pad(strip, end);
    }

    private static void pad(ByteBuffer strip, int end) {
        while (strip.position() < end) {
            strip.put((byte) 0);
        }
    }

    private static long nanoseconds(@Nullable Instant instant) {
        if (instant == null) {
            return NAT;
        }
        try {
            // Of negative seconds one is given to the nanoseconds: the product alone may be out of range.
            long seconds = instant.getEpochSecond();
            long nanos = instant.getNano();
            if (seconds < 0 && nanos > 0) {
                seconds++;
                nanos -= 1_000_000_000;
            }
            long count = Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos);
            if (count != NAT) {
                return count;
            }
        } catch (ArithmeticException e) {
            // Below.
        }
        throw new IllegalArgumentException("datetime64[ns] does not reach to " + instant
                + ": write counts of another unit with ArrayContent.of(ByteBuffer, DType, Shape)");
    }
}
