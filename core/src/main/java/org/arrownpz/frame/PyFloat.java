package org.arrownpz.frame;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's spelling of floats: the shortest text that reads back as the same value. */
final class PyFloat {
    private static final int EXACT_DIGITS = 17;
    private static final int SAFE_DIGITS = 15;

    private PyFloat() {}

    /** Python's {@code repr(float)}: {@code 1.0}, {@code 1e+16}, {@code nan}. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        StringBuilder text = new StringBuilder(24);
        if (value < 0) {
            text.append('-');
        }
        // Python's rule for repr: positional between 1e-4 and 1e16, else scientific.
        if (exponent < -4 || exponent >= 16) {
            text.append(digits.charAt(0));
            if (digits.length() > 1) {
                text.append('.').append(digits, 1, digits.length());
            }
            text.append('e').append(exponent < 0 ? '-' : '+');
            int magnitude = Math.abs(exponent);
            return text.append(magnitude < 10 ? "0" : "").append(magnitude).toString();
        }
        if (exponent < 0) {
            return text.append("0.")
                    .append("0".repeat(-exponent - 1))
                    .append(digits)
                    .toString();
        }
        if (digits.length() <= exponent + 1) {
            return text.append(digits)
                    .append("0".repeat(exponent + 1 - digits.length()))
                    .append(".0")
                    .toString();
        }
        return text.append(digits, 0, exponent + 1)
                .append('.')
                .append(digits, exponent + 1, digits.length())
                .toString();
    }

    /** The parts of a complex number: like {@link #repr}, but {@code 1} for {@code 1.0}. */
    static String reprInComplex(double value) {
        String text = repr(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        // A normal double that some text of up to 15 digits denotes is denoted by its rounding to 15 digits.
        int digits = value < Double.MIN_NORMAL ? 1 : SAFE_DIGITS;
        BigDecimal rounded;
        do {
            rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            digits++;
        } while (digits <= EXACT_DIGITS && rounded.doubleValue() != value);
        return rounded.stripTrailingZeros();
    }
}
