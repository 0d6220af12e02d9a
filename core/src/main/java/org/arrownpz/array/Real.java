package org.arrownpz.array;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A real number of any of NumPy's widths, exactly, and how far its neighbours are.
 *
 * @param exact the magnitude; null where it is not finite
 * @param below half the way to the next lower number of its type
 * @param above half the way to the next higher one
 * @param even whether the ends of that interval are rounded to this number
 */
record Real(
        boolean negative, boolean nan, @Nullable BigDecimal exact, BigDecimal below, BigDecimal above, boolean even) {
    private static final BigInteger FIVE = BigInteger.valueOf(5);

    /** A number of 2, 4 or 8 bytes, or of C's {@code long double} of x86. */
    static Real of(ByteBuffer bytes, int at, int width) {
        return switch (width) {
            case 2 -> of(bytes.getShort(at), 5, 10);
            case 4 -> of(bytes.getInt(at), 8, 23);
            case 8 -> of(bytes.getLong(at), 11, 52);
            default -> ofExtended(bytes, at, width);
        };
    }

    /** An IEEE number of so many bits of exponent and fraction. */
    private static Real of(long bits, int exponentBits, int fractionBits) {
        int special = (1 << exponentBits) - 1;
        int exponent = (int) (bits >> fractionBits) & special;
        boolean negative = (bits >> exponentBits + fractionBits & 1) != 0;
        long fraction = bits & (1L << fractionBits) - 1;
        return of(negative, exponent == special, fraction, exponent, fractionBits, special >> 1, false);
    }

    private static Real ofExtended(ByteBuffer bytes, int at, int width) {
        boolean big = bytes.order() == ByteOrder.BIG_ENDIAN;
        long mantissa = bytes.getLong(big ? at + width - 8 : at);
        int top = bytes.getShort(big ? at + width - 10 : at + 8) & 0xffff;
        int exponent = top & 0x7fff;
        boolean special = exponent == 0x7fff;
        return of(top >> 15 != 0, special, special ? mantissa << 1 : mantissa, exponent, 63, 16383, true);
    }

    private static Real of(
            boolean negative, boolean special, long fraction, int exponent, int bits, int bias, boolean leading) {
        if (special) {
            return new Real(negative, fraction != 0, null, BigDecimal.ZERO, BigDecimal.ZERO, false);
        }
        BigInteger mantissa = new BigInteger(Long.toUnsignedString(fraction));
        if (!leading && exponent > 0) {
            mantissa = mantissa.setBit(bits);
        }
        int power = Math.max(exponent, 1) - bias - bits;
        boolean narrow = mantissa.bitLength() == bits + 1 && mantissa.bitCount() == 1 && exponent > 1;
        BigDecimal above = power(power - 1);
        return new Real(
                negative,
                false,
                new BigDecimal(mantissa).multiply(power(power)),
                narrow ? power(power - 2) : above,
                above,
                !mantissa.testBit(0));
    }

    private static BigDecimal power(int exponent) {
        // A half is five tenths.
        return exponent >= 0
                ? new BigDecimal(BigInteger.ONE.shiftLeft(exponent))
                : new BigDecimal(FIVE.pow(-exponent), -exponent);
    }

    boolean isFinite() {
        return exact != null;
    }

    /** The decimal exponent of the first digit; 0 of zero. */
    static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    /**
     * The decimal with the fewest digits that no other number of the type is nearer to, rounded where there are more than
     * some; with exact digits where there are to be as many.
     *
     * @param places how many digits behind the point there are at most
     * @param least how many there are at least
     */
    BigDecimal shortest(int places, int least) {
        BigDecimal value = exact == null ? BigDecimal.ZERO : exact;
        if (value.signum() == 0) {
            return value;
        }
        for (int scale = Math.min(places, -exponent(value)); true; scale++) {
            BigDecimal down = value.setScale(scale, RoundingMode.DOWN);
            BigDecimal up = down.add(BigDecimal.ONE.movePointLeft(scale));
            int low = value.subtract(down).compareTo(below);
            int high = up.subtract(value).compareTo(above);
            boolean isLow = low < 0 || even && low == 0;
            boolean isHigh = high < 0 || even && high == 0;
            if (scale == places || (isLow || isHigh) && scale >= least) {
                return isLow == isHigh ? value.setScale(scale, RoundingMode.HALF_EVEN) : isLow ? down : up;
            }
        }
    }
}
