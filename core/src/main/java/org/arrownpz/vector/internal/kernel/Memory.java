package org.arrownpz.vector.internal.kernel;

import java.lang.reflect.Field;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.internal.memory.MemoryAccess;
import sun.misc.Unsafe;

/**
 * Raw access for the kernels. A kernel asks {@link #address} once per range, which checks the range against the buffer,
 * and then works on addresses. All values are little-endian in memory: the library runs on little-endian machines only,
 * as Arrow Java itself does. Addresses need not be aligned.
 *
 * <p>Reading a mapped page that lies beyond the end of a file cut short throws {@link InternalError}, but only some time
 * later. Kernels that may read mapped memory therefore end with {@link #deliverFaults}: were the error to come up in
 * their callers, it could hit between an allocation and the line that remembers it. Callers turn it into FILE_CHANGED.
 */
public final class Memory {
    public static final Unsafe UNSAFE = unsafe();
    private static final int FEW = 48;

    private Memory() {}

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The address of a range of a buffer.
     *
     * @throws IndexOutOfBoundsException when the range is not within the buffer's capacity
     */
    public static long address(ArrowBuf buffer, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        return buffer.memoryAddress() + offset;
    }

    /**
     * A 32-bit integer with its sign, from memory that may be a mapped file.
     *
     * <p>Not by a plain conversion: compiled code then reads with {@code movslq}, an instruction that the fault handler
     * of JDK 17 does not know, so that a file cut short would end the JVM instead of throwing.
     */
    public static long int32(long address) {
        long bits = UNSAFE.getInt(address) & 0xFFFFFFFFL;
        return (bits ^ 0x80000000L) - 0x80000000L;
    }

    /** Whether two buffers that are alive begin at the same place in memory. */
    public static boolean isShared(ArrowBuf left, ArrowBuf right) {
        return left.capacity() > 0 && left.memoryAddress() == right.memoryAddress();
    }

    /** Throws what reads of this thread have run into, here and now. */
    static void deliverFaults() {
        MemoryAccess.deliverFaults();
    }

    public static void copy(long source, long target, long bytes) {
        UNSAFE.copyMemory(source, target, bytes);
    }

    /** The same of values that are mostly short: for those, a call of copyMemory costs more than their bytes. */
    static void copyFew(long source, long target, long bytes) {
        if (bytes > FEW) {
            copy(source, target, bytes);
            return;
        }
        long i = 0;
        for (; i <= bytes - 8; i += 8) {
            UNSAFE.putLong(target + i, UNSAFE.getLong(source + i));
        }
        for (; i < bytes; i++) {
            UNSAFE.putByte(target + i, UNSAFE.getByte(source + i));
        }
    }

    public static void zero(long address, long bytes) {
        UNSAFE.setMemory(address, bytes, (byte) 0);
    }
}
