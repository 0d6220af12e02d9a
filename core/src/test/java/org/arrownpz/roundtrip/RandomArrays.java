package org.arrownpz.roundtrip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/** Random dtypes, shapes and elements, and NPY files made of them without the library's own writers. */
final class RandomArrays {
    private static final int[] INTEGER_SIZES = {1, 2, 4, 8};
    private static final int[] FLOAT_SIZES = {2, 4, 8, 16};
    private static final int[] COMPLEX_SIZES = {8, 16, 32};
    private static final String[] NAMES = {"a", "b c", "Ä", "価格", "it's", "x\"y", "\\", "f0"};

    private final Random random;

    RandomArrays(Random random) {
        this.random = random;
    }

    /** One array: what it is, and its elements in C order. */
    record Array(DType dtype, Shape shape, StorageOrder order, byte[] elements) {
        /** The elements as they lie in the file. */
        byte[] stored() {
            if (order == StorageOrder.C) {
                return elements;
            }
            int size = (int) dtype.itemSize();
            long[] lengths = shape.lengths();
            byte[] stored = new byte[elements.length];
            long[] index = new long[lengths.length];
            for (int logical = 0; logical < shape.elements(); logical++) {
                long place = 0;
                for (int d = lengths.length - 1; d >= 0; d--) {
                    place = place * lengths[d] + index[d];
                }
                System.arraycopy(elements, logical * size, stored, (int) place * size, size);
                for (int d = lengths.length - 1; d >= 0 && ++index[d] == lengths[d]; d--) {
                    index[d] = 0;
                }
            }
            return stored;
        }

        /** A file of that format version; version 1 holds Latin-1 only. */
        byte[] npy(int major) {
            Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
            String text = "{'descr': " + dtype.descr() + ", 'fortran_order': "
                    + (order == StorageOrder.FORTRAN ? "True" : "False") + ", 'shape': " + shape + ", }";
            byte[] header = text.getBytes(charset);
            int prefix = major == 1 ? 10 : 12;
            int padded = (prefix + header.length + 1 + 63) / 64 * 64 - prefix;
            byte[] data = stored();
            ByteBuffer file = ByteBuffer.allocate(prefix + padded + data.length).order(ByteOrder.LITTLE_ENDIAN);
            file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
            file.put((byte) major).put((byte) 0);
            if (major == 1) {
                file.putShort((short) padded);
            } else {
                file.putInt(padded);
            }
            file.put(header);
            for (int i = header.length; i < padded - 1; i++) {
                file.put((byte) ' ');
            }
            return file.put((byte) '\n').put(data).array();
        }

        boolean isLatin1() {
            return StandardCharsets.ISO_8859_1.newEncoder().canEncode(dtype.descr());
        }

        @Override
        public String toString() {
            return dtype.descr() + " " + shape + " " + order;
        }
    }

    Array array() {
        DType dtype = random.nextInt(6) == 0 ? record(0) : scalar();
        Shape shape = shape();
        StorageOrder order = random.nextBoolean() ? StorageOrder.C : StorageOrder.FORTRAN;
        return new Array(dtype, shape, order, elements(dtype, (int) shape.elements()));
    }

    Array array(DType dtype, Shape shape, StorageOrder order) {
        return new Array(dtype, shape, order, elements(dtype, (int) shape.elements()));
    }

    Shape shape() {
        int dimensions = random.nextInt(10);
        if (dimensions > 4) {
            return Shape.of(random.nextInt(10) == 0 ? random.nextInt(2) : random.nextInt(150));
        }
        long[] lengths = new long[dimensions];
        for (int d = 0; d < dimensions; d++) {
            lengths[d] = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(6);
        }
        return Shape.of(lengths);
    }

    ScalarDType scalar() {
        DTypeKind kind = DTypeKind.values()[random.nextInt(DTypeKind.values().length)];
        ByteOrdering order = random.nextInt(3) == 0 ? ByteOrdering.BIG : ByteOrdering.LITTLE;
        return switch (kind) {
            case BOOL -> ScalarDType.of(kind, 1);
            case INT, UINT -> ordered(kind, INTEGER_SIZES[random.nextInt(4)], order);
            case FLOAT -> ordered(kind, FLOAT_SIZES[random.nextInt(4)], order);
            case COMPLEX -> ordered(kind, COMPLEX_SIZES[random.nextInt(3)], order);
            case DATETIME, TIMEDELTA -> new ScalarDType(kind, order, 8, unit());
            case BYTES -> ScalarDType.of(kind, random.nextInt(12));
            case UNICODE -> ordered(kind, 4 * random.nextInt(8), order);
            case VOID -> ScalarDType.of(kind, 1 + random.nextInt(12));
        };
    }

    private TimeUnit64 unit() {
        TimeUnit64.Base base = TimeUnit64.Base.values()[random.nextInt(TimeUnit64.Base.values().length)];
        boolean plain = base == TimeUnit64.Base.GENERIC || random.nextInt(3) > 0;
        return new TimeUnit64(base, plain ? 1 : 1 + random.nextInt(100));
    }

    private static ScalarDType ordered(DTypeKind kind, int size, ByteOrdering order) {
        boolean orderless = size == 1 && kind != DTypeKind.UNICODE;
        return new ScalarDType(kind, orderless ? ByteOrdering.NONE : order, size, null);
    }

    private StructDType record(int depth) {
        List<StructDType.Field> fields = new ArrayList<>();
        long offset = 0;
        List<String> names = new ArrayList<>(Arrays.asList(NAMES));
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            offset += random.nextInt(3) == 0 ? random.nextInt(6) : 0;
            DType dtype = depth < 2 && random.nextInt(6) == 0 ? record(depth + 1) : scalar();
            if (random.nextInt(4) == 0) {
                List<Integer> lengths = new ArrayList<>();
                for (int d = 0; d <= random.nextInt(2); d++) {
                    lengths.add(1 + random.nextInt(3));
                }
                dtype = new SubarrayDType(dtype, lengths);
            }
            String name = names.remove(random.nextInt(names.size()));
            String title = random.nextInt(6) == 0 ? "title of " + i + depth : null;
            fields.add(new StructDType.Field(name, title, dtype, offset));
            offset += dtype.itemSize();
        }
        return new StructDType(fields, offset + (random.nextInt(3) == 0 ? random.nextInt(8) : 0));
    }

    /** Random elements; padding of records is zero, for it holds no value. */
    byte[] elements(DType dtype, int count) {
        int size = (int) dtype.itemSize();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size, count));
        for (int i = 0; i < count; i++) {
            fill(dtype, bytes, i * size);
        }
        return bytes.array();
    }

    private void fill(DType dtype, ByteBuffer bytes, int at) {
        if (dtype instanceof StructDType struct) {
            struct.fields().forEach(field -> fill(field.dtype(), bytes, at + (int) field.offset()));
        } else if (dtype instanceof SubarrayDType array) {
            int size = (int) array.element().itemSize();
            for (int i = 0; i < array.elements(); i++) {
                fill(array.element(), bytes, at + i * size);
            }
        } else {
            fill((ScalarDType) dtype, bytes, at);
        }
    }

    private void fill(ScalarDType dtype, ByteBuffer bytes, int at) {
        int size = (int) dtype.itemSize();
        bytes.order(dtype.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        switch (dtype.kind()) {
            case BOOL -> bytes.put(at, (byte) random.nextInt(2));
            case DATETIME, TIMEDELTA -> bytes.putLong(at, steps());
            case UNICODE -> {
                int used = random.nextInt(size / 4 + 1);
                for (int i = 0; i < used; i++) {
                    bytes.putInt(at + 4 * i, codePoint());
                }
            }
            case BYTES -> {
                int used = random.nextInt(size + 1);
                for (int i = 0; i < used; i++) {
                    bytes.put(at + i, (byte) (random.nextInt(5) == 0 ? 0 : random.nextInt()));
                }
            }
            default -> {
                for (int i = 0; i < size; i++) {
                    bytes.put(at + i, (byte) random.nextInt());
                }
            }
        }
    }

    private long steps() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> Long.MIN_VALUE;
            case 2 -> random.nextInt(40) == 0 ? random.nextLong() : 0;
            default -> random.nextInt(20_000) - 10_000L;
        };
    }

    private int codePoint() {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> 0x1F600 + random.nextInt(50);
            case 2 -> 0x4E00 + random.nextInt(1000);
            case 3 -> 0xC0 + random.nextInt(60);
            default -> 'a' + random.nextInt(26);
        };
    }
}
