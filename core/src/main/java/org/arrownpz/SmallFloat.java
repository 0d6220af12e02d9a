package org.arrownpz.dtype;

import org.apache.arrow.memory.util.Float16;

/**
 * Floating-point types of machine learning that NumPy has no dtype for. Their elements are bits that NumPy calls void
 * ({@code |V2}, {@code |V1}), and that the package {@code ml_dtypes} gives a meaning.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum SmallFloat {
    /** The upper half of a float32. */
    BFLOAT16("bfloat16", 2),
    /** 4 bits of exponent, 3 of mantissa, no infinities (OCP OFP8, E4M3; {@code float8_e4m3fn}). */
    FLOAT8_E4M3FN("float8_e4m3fn", 1),
    /** 5 bits of exponent, 2 of mantissa: the upper half of a float16 (OCP OFP8, E5M2). */
    FLOAT8_E5M2("float8_e5m2", 1),
    /** A power of two without a sign (OCP MX, E8M0; {@code float8_e8m0fnu}). */
    FLOAT8_E8M0FNU("float8_e8m0fnu", 1);

    private static final int E8M0_BIAS = 127;
    private static final int E4M3_BIAS = 7;

    private final String mlName;
    private final int bytes;

    SmallFloat(String mlName, int bytes) {
        this.mlName = mlName;
        this.bytes = bytes;
    }

    /** The name that {@code ml_dtypes} has for it. */
    public String mlName() {
        return mlName;
    }

    /** Bytes of an element. */
    public int bytes() {
        return bytes;
    }

    /** The dtype under which NumPy holds the bits. */
    public ScalarDType dtype() {
        return ScalarDType.of(DTypeKind.VOID, bytes);
    }

    /** The value of bits, of which higher ones than the type has are ignored. Exact: every value is a float32. */
    public float toFloat(int bits) {
        return switch (this) {
            case BFLOAT16 -> Float.intBitsToFloat(bits << Short.SIZE);
            case FLOAT8_E5M2 -> Float16.toFloat((short) (bits << Byte.SIZE));
            case FLOAT8_E4M3FN -> e4m3(bits);
            case FLOAT8_E8M0FNU ->
                (bits & 0xFF) == 0xFF ? Float.NaN : (float) Math.scalb(1.0, (bits & 0xFF) - E8M0_BIAS);
        };
    }

    private static float e4m3(int bits) {
        int exponent = bits >> 3 & 0xF;
        int mantissa = bits & 7;
        if (exponent == 0xF && mantissa == 7) {
            return Float.NaN;
        }
        float magnitude = exponent == 0
                ? Math.scalb((float) mantissa, 1 - E4M3_BIAS - 3)
                : Math.scalb((float) (mantissa + 8), exponent - E4M3_BIAS - 3);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
