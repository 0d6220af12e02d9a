package org.arrownpz.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;

/** Archives of random arrays of any dtype, as NumPy would have saved them. Times stay within Spark's microseconds. */
public final class RandomNumpy {
    private static final int[] CODE_POINTS = {'a', 'Z', '7', ' ', 'é', '€', 0x1F600};

    private final Random random;

    public RandomNumpy(long seed) {
        this.random = new Random(seed);
    }

    public static DType dtype(String descr) throws Exception {
        String literal = descr.startsWith("[") ? descr : "'" + descr + "'";
        return DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
    }

    /**
     * An archive of columns, in directories that need not be there.
     *
     * @param columns a letter and a dtype each, as {@code x:<i8}
     */
    public static Path archive(Path file, int rows, String... columns) throws Exception {
        Files.createDirectories(file.getParent());
        Map<String, DType> types = new LinkedHashMap<>();
        for (String column : columns) {
            types.put(column.substring(0, 1), dtype(column.substring(2)));
        }
        new RandomNumpy(rows).write(file, types, Shape.of(rows), StorageOrder.C);
        return file;
    }

    /** An archive with these arrays of one shape. */
    public void write(Path file, Map<String, DType> arrays, Shape shape, StorageOrder order) throws Exception {
        try (NpzWriter writer =
                NpzWriter.create(file, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY))) {
            for (Map.Entry<String, DType> entry : arrays.entrySet()) {
                DType dtype = entry.getValue();
                byte[] header = NpyHeaderWriter.numpy(dtype, shape, order);
                byte[] bytes = bytes(dtype, shape.elements());
                writer.array(entry.getKey() + ".npy", header, content(dtype, shape, order, bytes));
            }
            writer.finish();
        }
    }

    public static ArrayContent content(DType dtype, Shape shape, StorageOrder order, byte[] bytes) {
        return new ArrayContent() {
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
                return order;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                sink.write(ByteBuffer.wrap(bytes));
            }
        };
    }

    byte[] bytes(DType dtype, long elements) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(elements * dtype.itemSize()));
        for (int i = 0; i < elements; i++) {
            element(dtype, buffer, i * (int) dtype.itemSize());
        }
        return buffer.array();
    }

    private void element(DType dtype, ByteBuffer target, int at) {
        if (dtype instanceof StructDType struct) {
            struct.fields().forEach(field -> element(field.dtype(), target, at + (int) field.offset()));
            return;
        }
        if (dtype instanceof SubarrayDType array) {
            int size = (int) array.element().itemSize();
            for (int i = 0; i < array.itemSize() / Math.max(1, size); i++) {
                element(array.element(), target, at + i * size);
            }
            return;
        }
        ScalarDType scalar = (ScalarDType) dtype;
        target.order(scalar.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int size = (int) scalar.itemSize();
        switch (scalar.kind()) {
            case BOOL -> target.put(at, (byte) random.nextInt(2));
            case DATETIME, TIMEDELTA -> target.putLong(at, random.nextInt(5) == 0 ? Long.MIN_VALUE : time(scalar));
            case UNICODE -> {
                int length = random.nextInt(size / 4 + 1);
                for (int i = 0; i < length; i++) {
                    target.putInt(at + 4 * i, CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
                }
            }
            default -> {
                for (int i = 0; i < size; i++) {
                    target.put(at + i, (byte) random.nextInt(256));
                }
            }
        }
    }

    private long time(ScalarDType scalar) {
        TimeUnit64 unit = scalar.unit();
        TimeUnit64.Base base = unit == null ? TimeUnit64.Base.GENERIC : unit.base();
        return switch (base) {
            case YEAR, MONTH, WEEK, DAY -> random.nextInt(4000) - 2000;
            case HOUR, MINUTE, SECOND, MILLISECOND -> random.nextInt();
            case MICROSECOND -> random.nextLong() >> 16;
            default -> random.nextLong() >> 1;
        };
    }
}
