package org.arrownpz.vector.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.HeapChannel;

/** Arrays made of bytes, without a file. */
public final class TestArrays {
    static final int DATA_OFFSET = 128;
    public static final Location LOCATION = new Location("test.npz", "a.npy");
    /** The names of columns by their positions. */
    static final IntFunction<String> NAMES = i -> "c" + i;

    private TestArrays() {}

    public static DType dtype(String descr) {
        try {
            return DescrParser.parse(descr, ReadLimits.defaults(), LOCATION);
        } catch (NpzException e) {
            throw new IllegalArgumentException(descr, e);
        }
    }

    public static NpyHeader header(DType dtype, Shape shape, StorageOrder order) {
        return new NpyHeader(1, dtype, shape, order, DATA_OFFSET, shape.elements() * dtype.itemSize());
    }

    /** An array over a buffer that is viewed, at an odd address. The caller closes the array's data. */
    static NumpyArray viewed(BufferAllocator allocator, DType dtype, Shape shape, StorageOrder order, byte[] bytes) {
        try (ArrowBuf buffer = allocator.buffer(bytes.length + 1)) {
            buffer.setBytes(1, bytes);
            ByteSource source = ByteSources.of(buffer, 1, bytes.length);
            return new NumpyArray(LOCATION, header(dtype, shape, order), source);
        }
    }

    /** A column of these bytes, viewed. The caller closes the array's data. */
    static NumpyArray viewed(BufferAllocator allocator, String descr, byte[] bytes) {
        DType dtype = dtype(descr);
        Shape shape = Shape.of(bytes.length / dtype.itemSize());
        return viewed(allocator, dtype, shape, StorageOrder.C, bytes);
    }

    /** An array whose every region is a copy. The caller closes the array's data. */
    static NumpyArray copied(BufferAllocator allocator, DType dtype, Shape shape, StorageOrder order, byte[] bytes)
            throws NpzException {
        ByteSource source = ByteSources.of(allocator, new HeapChannel(bytes));
        return new NumpyArray(LOCATION, header(dtype, shape, order), source);
    }

    /** The values as little-endian bytes. */
    static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(values);
        return buffer.array();
    }

    /** Random values that every mapping can hold, with some NaT, text, padding. */
    static byte[] values(Random random, DType dtype, long elements) {
        byte[] bytes = new byte[Math.toIntExact(elements * dtype.itemSize())];
        for (int i = 0; i < elements; i++) {
            fill(random, dtype, bytes, Math.toIntExact(i * dtype.itemSize()));
        }
        return bytes;
    }

    private static void fill(Random random, DType dtype, byte[] bytes, int at) {
        if (dtype instanceof StructDType struct) {
            for (int i = 0; i < struct.itemSize(); i++) {
                bytes[at + i] = (byte) random.nextInt();
            }
            struct.fields().forEach(field -> fill(random, field.dtype(), bytes, at + (int) field.offset()));
        } else if (dtype instanceof SubarrayDType array) {
            for (int i = 0; i < array.elements(); i++) {
                fill(
                        random,
                        array.element(),
                        bytes,
                        at + i * (int) array.element().itemSize());
            }
        } else {
            fill(random, (ScalarDType) dtype, bytes, at);
        }
    }

    private static void fill(Random random, ScalarDType dtype, byte[] bytes, int at) {
        int size = (int) dtype.itemSize();
        switch (dtype.kind()) {
            case DATETIME, TIMEDELTA ->
                put(bytes, at, 8, random.nextInt(5) == 0 ? Long.MIN_VALUE : random.nextInt(1_000_000) - 500_000, dtype);
            case UNICODE -> {
                int length = random.nextInt(size / 4 + 1);
                for (int i = 0; i < size / 4; i++) {
                    int unit = i >= length ? 0 : random.nextInt(4) == 0 ? 0x1F600 + i : 'a' + random.nextInt(26);
                    put(bytes, at + 4 * i, 4, unit, dtype);
                }
            }
            default -> {
                int length = dtype.kind() == DTypeKind.BYTES ? random.nextInt(size + 1) : size;
                for (int i = 0; i < size; i++) {
                    bytes[at + i] = i < length ? (byte) random.nextInt() : 0;
                }
            }
        }
    }

    private static void put(byte[] bytes, int at, int size, long value, ScalarDType dtype) {
        for (int i = 0; i < size; i++) {
            bytes[at + (dtype.isBigEndian() ? size - 1 - i : i)] = (byte) (value >>> 8 * i);
        }
    }
}
