package org.arrownpz.npy;

import java.lang.reflect.Array;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.jspecify.annotations.Nullable;

/** Makes Java arrays of NumPy arrays. Stateless. */
final class JavaArrays {
    /** The most elements of an array on every JVM. */
    static final int LONGEST = Integer.MAX_VALUE - 8;
    /** Objects that may be made without a byte of data that stands behind each: a short file must not fill the heap. */
    private static final long FREE_OBJECTS = 1 << 20;

    private static final int SPREAD = 1 << 13;

    private JavaArrays() {}

    /** All elements in C order, whatever the order of the file. */
    static Object flat(NumpyArray array, JavaType type) throws NpzException {
        long count = array.shape().elements();
        if (count > LONGEST) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has more elements than a Java array can hold")
                    .expected("at most " + LONGEST)
                    .found(count)
                    .remedy("Read it in parts with region")
                    .build();
        }
        ElementReader reader = new ElementReader(array, type, 0, count);
        if (array.dtype().itemSize() == 0) {
            checkObjects(array, count);
        }
        Object target = type.array((int) count);
        if (array.isFortran()) {
            spread(array.shape(), reader, type, target);
        } else {
            reader.read(target, 0, (int) count);
        }
        return target;
    }

    /** From Fortran order: runs of the first dimension lie one after the other, their elements go far apart. */
    private static void spread(Shape shape, ElementReader reader, JavaType type, Object target) throws NpzException {
        int[] lengths = new int[shape.dimensions()];
        int[] steps = new int[lengths.length];
        int step = 1;
        for (int i = lengths.length - 1; i >= 0; i--) {
            lengths[i] = (int) shape.length(i);
            steps[i] = step;
            step *= lengths[i];
        }
        int[] index = new int[lengths.length];
        Object part = type.array(Math.min(SPREAD, lengths[0]));
        int place = 0;
        for (int runs = (int) (shape.elements() / lengths[0]); runs > 0; runs--) {
            for (int done = 0; done < lengths[0]; ) {
                int count = Math.min(SPREAD, lengths[0] - done);
                reader.read(part, 0, count);
                spread(part, target, place + done * steps[0], steps[0], count);
                done += count;
            }
            for (int i = 1; i < lengths.length; i++) {
                place += steps[i];
                if (++index[i] < lengths[i]) {
                    break;
                }
                place -= steps[i] * lengths[i];
                index[i] = 0;
            }
        }
    }

    private static void spread(Object from, Object to, int at, int step, int count) {
        if (from instanceof double[] values) {
            for (int i = 0, j = at; i < count; i++, j += step) {
                ((double[]) to)[j] = values[i];
            }
        } else if (from instanceof float[] values) {
            for (int i = 0, j = at; i < count; i++, j += step) {
                ((float[]) to)[j] = values[i];
            }
        } else if (from instanceof long[] values) {
            for (int i = 0, j = at; i < count; i++, j += step) {
                ((long[]) to)[j] = values[i];
            }
        } else if (from instanceof int[] values) {
            for (int i = 0, j = at; i < count; i++, j += step) {
                ((int[]) to)[j] = values[i];
            }
        } else {
            for (int i = 0, j = at; i < count; i++, j += step) {
                System.arraycopy(from, i, to, j, 1);
            }
        }
    }

    /** The array as nested Java arrays of the given class, which has as many dimensions. */
    static Object nested(NumpyArray array, Class<?> javaClass) throws NpzException {
        Shape shape = array.shape();
        int depth = 0;
        Class<?> element = javaClass;
        for (Class<?> part = javaClass.getComponentType(); part != null; part = part.getComponentType()) {
            element = part;
            depth++;
        }
        if (element == byte.class && depth > 0 && isBytes(array)) {
            element = byte[].class;
            depth--;
        }
        JavaType type =
                depth > 0 || element == byte[].class ? JavaType.ofElement(element) : JavaType.ofBoxed(javaClass);
        if (type == null) {
            throw new IllegalArgumentException("no array of NumPy becomes " + javaClass.getSimpleName()
                    + "; arrays of numbers, booleans, String, byte[], LocalDate and Instant are there");
        }
        if (depth != shape.dimensions()) {
            throw array.wrongShape(depth + " dimensions for " + javaClass.getSimpleName());
        }
        if (depth < 2) {
            Object all = flat(array, type);
            Object one = depth == 1 ? all : Array.get(all, 0);
            if (one == null) {
                throw array.location()
                        .error(ErrorCode.VALUE, "the array's one value is NaT")
                        .remedy("Read it with longs")
                        .build();
            }
            return one;
        }
        long rows = 1;
        for (int i = 0; i < depth; i++) {
            if (shape.length(i) > LONGEST) {
                throw array.wrongShape("dimensions of at most " + LONGEST);
            }
            // Saturated: what counts is that it is too many.
            rows = i == depth - 1 ? rows : Math.min(rows * Math.max(1, shape.length(i)), 1L << 31);
        }
        checkObjects(array, rows);
        Object flat = array.isFortran() ? flat(array, type) : null;
        ElementReader reader = new ElementReader(array, type, 0, shape.elements());
        if (array.dtype().itemSize() == 0) {
            checkObjects(array, shape.elements());
        }
        return new Nesting(shape, type, flat, reader).rows(javaClass, 0);
    }

    private static boolean isBytes(NumpyArray array) {
        return array.dtype() instanceof ScalarDType scalar
                && (scalar.kind() == DTypeKind.BYTES || scalar.kind() == DTypeKind.VOID);
    }

    private static void checkObjects(NumpyArray array, long count) throws NpzException {
        if (count > FREE_OBJECTS && count > array.header().dataLength()) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has more empty parts than are made Java objects of")
                    .expected("at most " + FREE_OBJECTS)
                    .found(count)
                    .build();
        }
    }

    /** Rows of rows, filled from elements in C order. */
    private static final class Nesting {
        private final Shape shape;
        private final JavaType type;
        private final @Nullable Object flat;
        private final ElementReader reader;
        private int done;

        Nesting(Shape shape, JavaType type, @Nullable Object flat, ElementReader reader) {
            this.shape = shape;
            this.type = type;
            this.flat = flat;
            this.reader = reader;
        }

        Object rows(Class<?> rowClass, int dimension) throws NpzException {
            int length = (int) shape.length(dimension);
            if (dimension == shape.dimensions() - 1) {
                Object row = type.array(length);
                if (flat == null) {
                    reader.read(row, 0, length);
                } else {
                    System.arraycopy(flat, done, row, 0, length);
                    done += length;
                }
                return row;
            }
            Class<?> inner = rowClass.getComponentType();
            Object[] rows = (Object[]) Array.newInstance(inner, length);
            for (int i = 0; i < length; i++) {
                rows[i] = rows(inner, dimension + 1);
            }
            return rows;
        }
    }
}
