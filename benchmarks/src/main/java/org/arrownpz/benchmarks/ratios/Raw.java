package org.arrownpz.benchmarks.ratios;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import sun.misc.Unsafe;

/** Raw memory for the floors, and the one kernel with which everybody touches values. */
final class Raw {
    private static final Unsafe UNSAFE = unsafe();

    private Raw() {}

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static long address(ByteBuffer mapping) {
        return MemoryUtil.getByteBufferAddress(mapping);
    }

    static void unmap(MappedByteBuffer mapping) {
        UNSAFE.invokeCleaner(mapping);
    }

    static void copy(ArrowBuf from, ArrowBuf to) {
        UNSAFE.copyMemory(from.memoryAddress(), to.memoryAddress(), from.capacity());
    }

    /** The sum of the 8-byte words of a range, as integers: addition order does not matter, and no value is skipped. */
    static long sum(long address, long bytes) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        long i = 0;
        for (; i + 32 <= bytes; i += 32) {
            a += UNSAFE.getLong(address + i);
            b += UNSAFE.getLong(address + i + 8);
            c += UNSAFE.getLong(address + i + 16);
            d += UNSAFE.getLong(address + i + 24);
        }
        for (; i + 8 <= bytes; i += 8) {
            a += UNSAFE.getLong(address + i);
        }
        return a + b + c + d;
    }

    /** {@link #sum} over the values of all columns. */
    static long sum(VectorSchemaRoot root) {
        long sum = 0;
        long bytes = root.getRowCount() * 8L;
        for (FieldVector vector : root.getFieldVectors()) {
            sum += sum(vector.getDataBufferAddress(), bytes);
        }
        return sum;
    }
}
