package org.arrownpz.array;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The format of the real numbers of one array, for all alike: in plain or in scientific notation, with at most eight
 * digits behind the point and as wide as the widest. Rules: NumPy's {@code numpy/_core/arrayprint.py}, FloatingFormat.
 */
final class RealFormat {
    private static final int PRECISION = 8;

    private final boolean powers;
    private final boolean plus;
    /** Characters before and behind the point. */
    private int left;

    private int right;
    private int exponentDigits;

    private RealFormat(boolean powers, boolean plus) {
        this.powers = powers;
        this.plus = plus;
    }

    /**
     * The form of some numbers.
     *
     * @param bytes of each
     * @param plus whether positive ones have a sign
     */
    static RealFormat of(List<Real> values, int bytes, boolean plus) {
        List<Real> finite = new ArrayList<>();
        boolean infinite = false;
        BigDecimal most = BigDecimal.ZERO;
        BigDecimal least = null;
        for (Real value : values) {
            BigDecimal exact = value.exact();
            if (exact == null) {
                infinite |= !value.nan() && value.negative();
                continue;
            }
            finite.add(value);
            if (exact.signum() != 0) {
                most = most.max(exact);
                least = least == null ? exact : least.min(exact);
            }
        }
        int decimals = bytes == 2 ? 3 : bytes == 4 ? 6 : PRECISION;
        boolean powers = least != null
                && (most.compareTo(BigDecimal.ONE.movePointRight(decimals)) >= 0
                        || least.compareTo(new BigDecimal("0.0001")) < 0
                        || most.compareTo(least.multiply(BigDecimal.valueOf(1000))) > 0);
        RealFormat format = new RealFormat(powers, plus);
        for (Real value : finite) {
            String text = powers ? format.scientific(value, PRECISION, 0) : format.plain(value);
            int point = text.indexOf('.');
            int end = powers ? text.indexOf('e') : text.length();
            format.left = Math.max(format.left, point);
            format.right = Math.max(format.right, end - point - 1);
            format.exponentDigits = powers ? Math.max(format.exponentDigits, text.length() - end - 2) : 0;
        }
        if (finite.size() < values.size()) {
            int offset = format.behind() + 1;
            int sign = plus || infinite ? 1 : 0;
            format.left = Math.max(format.left, 3 + sign - offset);
        }
        return format;
    }

    /** Characters behind the point, with those of the exponent. */
    private int behind() {
        return right + (powers ? exponentDigits + 2 : 0);
    }

    String text(Real value) {
        if (!value.isFinite()) {
            String sign = value.nan() ? plus ? "+" : "" : value.negative() ? "-" : plus ? "+" : "";
            String text = sign + (value.nan() ? "nan" : "inf");
            return " ".repeat(Math.max(0, left + behind() + 1 - text.length())) + text;
        }
        String text = powers ? scientific(value, right, right) : plain(value);
        int point = text.indexOf('.');
        String padded = " ".repeat(Math.max(0, left - point)) + text;
        return powers ? padded : padded + " ".repeat(right - (text.length() - point - 1));
    }

    private String sign(Real value) {
        return value.negative() ? "-" : plus ? "+" : "";
    }

    private String plain(Real value) {
        return sign(value) + pointed(value.shortest(PRECISION, Integer.MIN_VALUE));
    }

    /** With a point, and without zeros at the end. */
    private static String pointed(BigDecimal value) {
        String text = value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
        return text.indexOf('.') < 0 ? text + "." : text;
    }

    private String scientific(Real value, int places, int least) {
        BigDecimal exact = value.exact() == null ? BigDecimal.ZERO : value.exact();
        int first = Real.exponent(exact);
        BigDecimal digits = value.shortest(places - first, least - first);
        int exponent = Real.exponent(digits);
        BigDecimal shifted = digits.movePointLeft(exponent);
        String mantissa = pointed(shifted);
        int zeros = Math.max(0, least - (mantissa.length() - mantissa.indexOf('.') - 1));
        String power = Integer.toString(Math.abs(exponent));
        int width = Math.max(2, exponentDigits);
        return sign(value)
                + mantissa
                + "0".repeat(zeros)
                + (exponent < 0 ? "e-" : "e+")
                + "0".repeat(Math.max(0, width - power.length()))
                + power;
    }

    /** C's {@code %g}. */
    static String general(float value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
        int exponent = Real.exponent(rounded);
        if (exponent >= -4 && exponent < 6) {
            return rounded.stripTrailingZeros().toPlainString();
        }
        BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
        String power = BigInteger.valueOf(Math.abs(exponent)).toString();
        return mantissa.toPlainString() + (exponent < 0 ? "e-" : "e+") + (power.length() < 2 ? "0" : "") + power;
    }
}
