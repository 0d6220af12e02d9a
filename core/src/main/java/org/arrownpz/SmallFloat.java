package org.arrownpz;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of machine learning that NumPy has no dtype for: floats, and integers of less than a byte. Their elements are bits
 * that NumPy calls void ({@code |V2}, {@code |V1}), and that the package {@code ml_dtypes} gives a meaning. One of less than
 * a byte is in the lower bits of a byte of its own.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum SmallFloat {
    /** The upper half of a float32. */
    BFLOAT16("bfloat16", 4, 16, 7, 127),
    /** 4 bits of exponent, 3 of mantissa, no infinities (OCP OFP8, E4M3; {@code float8_e4m3fn}). */
    FLOAT8_E4M3FN("float8_e4m3fn", 10, 8, 3, 7),
    /** 5 bits of exponent, 2 of mantissa: the upper half of a float16 (OCP OFP8, E5M2). */
    FLOAT8_E5M2("float8_e5m2", 12, 8, 2, 15),
    /** A power of two without a sign (OCP MX, E8M0; {@code float8_e8m0fnu}). */
    FLOAT8_E8M0FNU("float8_e8m0fnu", 14, 8, 0, 127),
    /** 4 bits of exponent, 3 of mantissa, with infinities as IEEE 754 has them. */
    FLOAT8_E4M3("float8_e4m3", 8, 8, 3, 7),
    /** 3 bits of exponent, 4 of mantissa, with infinities as IEEE 754 has them. */
    FLOAT8_E3M4("float8_e3m4", 7, 8, 4, 3),
    /** 4 bits of exponent with a bias of 8, 3 of mantissa; one NaN in the place of negative zero, no infinities. */
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 11, 8, 3, 8),
    /** The same with a bias of 11. */
    FLOAT8_E4M3B11FNUZ("float8_e4m3b11fnuz", 9, 8, 3, 11),
    /** 5 bits of exponent with a bias of 16, 2 of mantissa; one NaN in the place of negative zero, no infinities. */
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 13, 8, 2, 16),
    /** 2 bits of exponent, 3 of mantissa; neither NaN nor infinities (OCP MX, E2M3). */
    FLOAT6_E2M3FN("float6_e2m3fn", 15, 6, 3, 1),
    /** 3 bits of exponent, 2 of mantissa; neither NaN nor infinities (OCP MX, E3M2). */
    FLOAT6_E3M2FN("float6_e3m2fn", 16, 6, 2, 3),
    /** 2 bits of exponent, 1 of mantissa; neither NaN nor infinities (OCP MX, E2M1). */
    FLOAT4_E2M1FN("float4_e2m1fn", 17, 4, 1, 1),
    /** -8 to 7. */
    INT4("int4", 0, 4, 0, 0),
    /** 0 to 15. */
    UINT4("uint4", 1, 4, 0, 0),
    /** -2 to 1. */
    INT2("int2", 0, 2, 0, 0),
    /** 0 to 3. */
    UINT2("uint2", 1, 2, 0, 0);

    private final String mlName;
    private final int code;
    private final int bits;
    private final int mantissaBits;
    private final int bias;

    SmallFloat(String mlName, int code, int bits, int mantissaBits, int bias) {
        this.mlName = mlName;
        this.code = code;
        this.bits = bits;
        this.mantissaBits = mantissaBits;
        this.bias = bias;
    }

    /** The name that {@code ml_dtypes} has for it. */
    public String mlName() {
        return mlName;
    }

    /** The number that DLPack has for its kind ({@code DLDataTypeCode}). */
    public int dlpackCode() {
        return code;
    }

    /** Bits that count of an element. */
    public int bits() {
        return bits;
    }

    /** Bytes of an element. */
    public int bytes() {
        return bits > Byte.SIZE ? Short.BYTES : Byte.BYTES;
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

    /** The value of these bits; bits above the type's width are ignored. Exact: every value is a float32. */
    public float toFloat(int element) {
        int sign = 1 << bits - 1;
        int low = element & sign - 1;
        boolean negative = (element & sign) != 0;
        int highest = sign - (1 << mantissaBits);
        return switch (this) {
            case INT4, INT2 -> low - (negative ? sign : 0);
            case UINT4, UINT2 -> low + (negative ? sign : 0);
            case FLOAT8_E8M0FNU ->
                (element & 0xFF) == 0xFF ? Float.NaN : (float) Math.scalb(1.0, (element & 0xFF) - bias);
            case FLOAT8_E4M3FN -> low == sign - 1 ? Float.NaN : finite(low, negative);
            case FLOAT8_E4M3FNUZ, FLOAT8_E4M3B11FNUZ, FLOAT8_E5M2FNUZ ->
                low == 0 && negative ? Float.NaN : finite(low, negative);
            case BFLOAT16, FLOAT8_E5M2, FLOAT8_E4M3, FLOAT8_E3M4 ->
                low > highest
                        ? Float.NaN
                        : low < highest
                                ? finite(low, negative)
                                : negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> finite(low, negative);
        };
    }

    private float finite(int low, boolean negative) {
        int exponent = Math.max(1, low >> mantissaBits);
        int hidden = low >> mantissaBits == 0 ? 0 : 1 << mantissaBits;
        float magnitude = Math.scalb((float) (low & (1 << mantissaBits) - 1 | hidden), exponent - bias - mantissaBits);
        return negative ? -magnitude : magnitude;
    }
}
