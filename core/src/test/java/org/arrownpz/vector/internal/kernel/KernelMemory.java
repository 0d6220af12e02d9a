package org.arrownpz.vector.internal.kernel;

import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Buffers with guard bytes around a range, so that a kernel that writes beyond it is found out. */
public final class KernelMemory implements AutoCloseable {
    private static final byte GUARD = (byte) 0xA5;
    private static final int MARGIN = 16;

    public final ArrowBuf buffer;
    public final long offset;
    private final long length;

    private KernelMemory(ArrowBuf buffer, long offset, long length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
    }

    /** A range at an address that is a multiple of nothing. */
    public static KernelMemory ofLength(BufferAllocator allocator, long length, int shift) {
        ArrowBuf buffer = allocator.buffer(length + 2 * MARGIN + shift);
        for (long i = 0; i < buffer.capacity(); i++) {
            buffer.setByte(i, GUARD);
        }
        return new KernelMemory(buffer, MARGIN + shift, length);
    }

    static KernelMemory of(BufferAllocator allocator, byte[] bytes, int shift) {
        KernelMemory memory = ofLength(allocator, bytes.length, shift);
        memory.buffer.setBytes(memory.offset, bytes);
        return memory;
    }

    static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The range's bytes; fails when bytes around it have changed. */
    public byte[] bytes() {
        for (long i = 0; i < buffer.capacity(); i++) {
            if ((i < offset || i >= offset + length) && buffer.getByte(i) != GUARD) {
                throw new AssertionError("byte " + (i - offset) + " of " + length + " was written");
            }
        }
        byte[] bytes = new byte[(int) length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
