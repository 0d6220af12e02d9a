package org.arrownpz.vector.internal.kernel;

import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.SmallFloat;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/** Fixed-width values into rows of a target: copied, byte-swapped, widened, filled where null. */
public final class EncodeFixed {
    private static final Unsafe UNSAFE = Memory.UNSAFE;

    private EncodeFixed() {}

    /** The mark that tells two regions apart: the address of a byte of a buffer. Only for comparison. */
    public static long identity(ArrowBuf buffer, long offset) {
        return Memory.address(buffer, offset, 0);
    }

    /** Copies {@code count} values of {@code width} bytes; values of the target are {@code stride} bytes apart. */
    public static void copy(
            ArrowBuf source, long sourceOffset, long width, int count, ArrowBuf target, long offset, long stride) {
        try {
            if (count == 0 || width == 0) {
                return;
            }
            long from = Memory.address(source, sourceOffset, Math.multiplyExact(width, (long) count));
            long to = target(target, offset, stride, count, width);
            if (stride == width) {
                Memory.copy(from, to, width * count);
            } else if (width == 8) {
                for (int i = 0; i < count; i++) {
                    UNSAFE.putLong(to + i * stride, UNSAFE.getLong(from + i * 8L));
                }
            } else if (width == 4) {
                for (int i = 0; i < count; i++) {
                    UNSAFE.putInt(to + i * stride, UNSAFE.getInt(from + i * 4L));
                }
            } else if (width == 1) {
                for (int i = 0; i < count; i++) {
                    UNSAFE.putByte(to + i * stride, UNSAFE.getByte(from + i));
                }
            } else {
                for (int i = 0; i < count; i++) {
                    Memory.copy(from + i * width, to + i * stride, width);
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Copies values of 2, 4 or 8 bytes and reverses the bytes of each. */
    public static void swap(
            ArrowBuf source, long sourceOffset, int width, int count, ArrowBuf target, long offset, long stride) {
        try {
            if (count == 0) {
                return;
            }
            long from = Memory.address(source, sourceOffset, (long) width * count);
            long to = target(target, offset, stride, count, width);
            if (stride == width) {
                SwapBytes.swap(from, to, (long) width * count, width);
                return;
            }
            switch (width) {
                case 8 -> {
                    for (int i = 0; i < count; i++) {
                        UNSAFE.putLong(to + i * stride, Long.reverseBytes(UNSAFE.getLong(from + i * 8L)));
                    }
                }
                case 4 -> {
                    for (int i = 0; i < count; i++) {
                        UNSAFE.putInt(to + i * stride, Integer.reverseBytes(UNSAFE.getInt(from + i * 4L)));
                    }
                }
                case 2 -> {
                    for (int i = 0; i < count; i++) {
                        UNSAFE.putShort(to + i * stride, Short.reverseBytes(UNSAFE.getShort(from + i * 2L)));
                    }
                }
                default -> throw new IllegalArgumentException("no values of " + width + " bytes are swapped");
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Copies bytes as truth values: 0 stays 0, all others become 1. */
    public static void truth(ArrowBuf source, long sourceOffset, int count, ArrowBuf target, long offset, long stride) {
        if (count == 0) {
            return;
        }
        long from = Memory.address(source, sourceOffset, count);
        long to = target(target, offset, stride, count, 1);
        for (int i = 0; i < count; i++) {
            UNSAFE.putByte(to + i * stride, (byte) (UNSAFE.getByte(from + i) == 0 ? 0 : 1));
        }
        Memory.deliverFaults();
    }

    /** Whether all bytes are 0 or 1. */
    public static boolean isTruth(ArrowBuf source, int count) {
        long from = Memory.address(source, 0, count);
        int seen = 0;
        for (int i = 0; i < count; i++) {
            seen |= UNSAFE.getByte(from + i);
        }
        Memory.deliverFaults();
        return (seen & 0xfe) == 0;
    }

    /**
     * Overwrites the rows whose validity bit is 0.
     *
     * @param fill the bytes of one row, or null for zeros
     */
    public static void fillNulls(
            ArrowBuf validity,
            long firstBit,
            int count,
            byte @Nullable [] fill,
            ArrowBuf target,
            long offset,
            long width,
            long stride) {
        try {
            if (count == 0 || width == 0 || EncodeBits.countZeros(validity, firstBit, count) == 0) {
                return;
            }
            long to = target(target, offset, stride, count, width);
            for (int i = 0; i < count; i++) {
                if (EncodeBits.isSet(validity, firstBit + i)) {
                    continue;
                }
                long row = to + i * stride;
                if (fill == null) {
                    Memory.zero(row, width);
                } else {
                    UNSAFE.copyMemory(fill, Unsafe.ARRAY_BYTE_BASE_OFFSET, null, row, width);
                }
            }
        } finally {
            Memory.deliverFaults();
        }
    }

    /** Sets a range to zero. */
    public static void zero(ArrowBuf target, long offset, long length) {
        Memory.zero(Memory.address(target, offset, length), length);
    }

    static long target(ArrowBuf target, long offset, long stride, int count, long width) {
        return Memory.address(target, offset, Math.addExact(Math.multiplyExact(count - 1L, stride), width));
    }

    /**
     * Floats of machine learning, one after the other, to float32, which holds each of their values.
     *
     * @param target receives {@code 4 * count} bytes
     */
    public static void widen(SmallFloat type, ArrowBuf source, long count, ArrowBuf target) {
        try {
            long from = Memory.address(source, 0, Math.multiplyExact(count, (long) type.bytes()));
            long to = Memory.address(target, 0, Math.multiplyExact(count, (long) Float.BYTES));
            if (type == SmallFloat.BFLOAT16) {
                for (long i = 0; i < count; i++) {
                    UNSAFE.putInt(to + i * Float.BYTES, UNSAFE.getShort(from + i * Short.BYTES) << Short.SIZE);
                }
                return;
            }
            float[] values = new float[1 << Byte.SIZE];
            for (int bits = 0; bits < values.length; bits++) {
                values[bits] = type.toFloat(bits);
            }
            for (long i = 0; i < count; i++) {
                UNSAFE.putFloat(to + i * Float.BYTES, values[UNSAFE.getByte(from + i) & 0xFF]);
            }
        } finally {
            Memory.deliverFaults();
        }
    }
}
