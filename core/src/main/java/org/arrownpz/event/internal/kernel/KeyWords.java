package org.arrownpz.event.internal.kernel;

import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/** Values of up to 64 bits as integers that are equal and ordered as pandas has the values. */
final class KeyWords {
    private static final Unsafe UNSAFE = Memory.UNSAFE;
    static final long NAN64 = Double.doubleToLongBits(Double.NaN);
    static final long NAN32 = Float.floatToIntBits(Float.NaN);
    static final long NAN16 = 0x7e00;

    private KeyWords() {}

    static long half(short bits) {
        if ((bits & 0x7fff) > 0x7c00) {
            return NAN16;
        }
        int plain = bits == Short.MIN_VALUE ? 0 : bits;
        return plain ^ ((plain >> 15) & 0x7fff);
    }

    // Adding 0.0 turns -0.0 into 0.0; negative numbers are mirrored, so that bits order as values do.
    static long single(float value) {
        int bits = Float.floatToIntBits(value + 0.0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    static long twice(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    static long days(long bits) {
        return bits << 32 | ((bits >>> 32) ^ 0x80000000L);
    }

    /**
     * Values in a row at a checked address.
     *
     * @param flip what 64-bit integers are XORed with
     */
    static void copy(KeyKind kind, long from, int count, long flip, long[] out, int at) {
        switch (kind) {
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getByte(from + i);
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getShort(from + 2L * i);
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = Memory.int32(from + 4L * i);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getByte(from + i) & 0xffL;
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getShort(from + 2L * i) & 0xffffL;
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getInt(from + 4L * i) & 0xffffffffL;
                }
            }
            case INT64, UINT64 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = UNSAFE.getLong(from + 8L * i) ^ flip;
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = single(UNSAFE.getFloat(from + 4L * i));
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = twice(UNSAFE.getDouble(from + 8L * i));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = 0;
                }
            }
        }
    }
}
