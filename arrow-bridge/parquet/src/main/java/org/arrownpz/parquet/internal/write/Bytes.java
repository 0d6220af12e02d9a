package org.arrownpz.parquet.internal.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes; numbers are little-endian. */
public final class Bytes {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FIRST = 64;
    /** The longest array that Java VMs allow. */
    private static final int MAX = Integer.MAX_VALUE - 8;

    private byte[] array = new byte[FIRST];
    private int size;

    public byte[] array() {
        return array;
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Sets the size; bytes that this adds are undefined. */
    public void size(int value) {
        room(value - size);
        size = value;
    }

    /** Makes room for so many more bytes. */
    void room(int more) {
        int wanted = Math.addExact(size, more);
        if (wanted > array.length) {
            array = Arrays.copyOf(array, (int) Math.min(MAX, Math.max(wanted, array.length * 2L)));
        }
    }

    public void put(int value) {
        room(1);
        array[size++] = (byte) value;
    }

    public void putInt(int value) {
        room(Integer.BYTES);
        INT.set(array, size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        room(Long.BYTES);
        LONG.set(array, size, value);
        size += Long.BYTES;
    }

    public void put(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, array, size, length);
        size += length;
    }

    void put(Bytes other) {
        put(other.array, 0, other.size);
    }

    void fill(int value, int count) {
        room(count);
        Arrays.fill(array, size, size + count, (byte) value);
        size += count;
    }

    /** A number in groups of seven bits, as Thrift and Parquet have them. */
    void putVarint(long number) {
        long value = number;
        while ((value & ~0x7FL) != 0) {
            put((int) (value & 0x7F | 0x80));
            value >>>= 7;
        }
        put((int) value);
    }

    /** A number with a sign, whose small values of either sign are short. */
    void putZigzag(long value) {
        putVarint(value << 1 ^ value >> Long.SIZE - 1);
    }

    byte[] toArray() {
        return Arrays.copyOf(array, size);
    }
}
