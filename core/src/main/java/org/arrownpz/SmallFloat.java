package org.arrownpz;

import org.apache.arrow.memory.util.Float16;
import org.jspecify.annotations.Nullable;

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
    FLOAT8_E8M0FNU("float8_e8m0fnu", 1),
    /** 4 bits of exponent, 3 of mantissa, with infinities as IEEE 754 has them. */
    FLOAT8_E4M3("float8_e4m3", 1),
    /** 3 bits of exponent, 4 of mantissa, with infinities as IEEE 754 has them. */
    FLOAT8_E3M4("float8_e3m4", 1),
    /** 4 bits of exponent with a bias of 8, 3 of mantissa; one NaN in the place of negative zero, no infinities. */
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 1),
    /** The same with a bias of 11. */
    FLOAT8_E4M3B11FNUZ("float8_e4m3b11fnuz", 1),
    /** 5 bits of exponent with a bias of 16, 2 of mantissa; one NaN in the place of negative zero, no infinities. */
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 1);

    private static final int E8M0_BIAS = 127;
    private static final int SIGN = 0x80;

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

    /** The type of that name in {@code ml_dtypes}, or null. */
    public static @Nullable SmallFloat ofName(String mlName) {
        for (SmallFloat type : values()) {
            if (type.mlName.equals(mlName)) {
                return type;
            }
        }
        return null;
    }

    /** The value of bits, of which higher ones than the type has are ignored. Exact: every value is a float32. */
    public float toFloat(int bits) {
        return switch (this) {
            case BFLOAT16 -> Float.intBitsToFloat(bits << Short.SIZE);
            case FLOAT8_E5M2 -> Float16.toFloat((short) (bits << Byte.SIZE));
            case FLOAT8_E8M0FNU ->
                (bits & 0xFF) == 0xFF ? Float.NaN : (float) Math.scalb(1.0, (bits & 0xFF) - E8M0_BIAS);
            case FLOAT8_E4M3FN -> (bits & 0x7F) == 0x7F ? Float.NaN : finite(bits, 3, 7);
            case FLOAT8_E4M3 -> ieee(bits, 3, 7);
            case FLOAT8_E3M4 -> ieee(bits, 4, 3);
            case FLOAT8_E4M3FNUZ -> (bits & 0xFF) == SIGN ? Float.NaN : finite(bits, 3, 8);
            case FLOAT8_E4M3B11FNUZ -> (bits & 0xFF) == SIGN ? Float.NaN : finite(bits, 3, 11);
            case FLOAT8_E5M2FNUZ -> (bits & 0xFF) == SIGN ? Float.NaN : finite(bits, 2, 16);
        };
    }

    /** A value whose highest exponent is that of infinity and NaN. */
    private static float ieee(int bits, int mantissaBits, int bias) {
        int highest = SIGN - (1 << mantissaBits);
        if ((bits & highest) != highest) {
            return finite(bits, mantissaBits, bias);
        }
        boolean infinite = (bits & SIGN - 1) == highest;
        return !infinite ? Float.NaN : (bits & SIGN) == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    }

    private static float finite(int bits, int mantissaBits, int bias) {
        int exponent = (bits & SIGN - 1) >> mantissaBits;
        int mantissa = bits & (1 << mantissaBits) - 1;
        float magnitude = exponent == 0
                ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
                : Math.scalb((float) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
        return (bits & SIGN) == 0 ? magnitude : -magnitude;
    }
}
