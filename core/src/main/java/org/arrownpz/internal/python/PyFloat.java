package org.arrownpz.internal.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.arrow.memory.util.Float16;

/** Python's spelling of floats: the shortest text that reads back as the same value. */
public final class PyFloat {
    /** The formats of floats, by the digits that any text of theirs keeps, and those that tell any two values apart. */
    private enum Format {
        HALF(3, 5, 0x1p-14),
        SINGLE(6, 9, Float.MIN_NORMAL),
        DOUBLE(15, 17, Double.MIN_NORMAL);

        private final int safeDigits;
        private final int exactDigits;
        private final double leastNormal;

        Format(int safeDigits, int exactDigits, double leastNormal) {
            this.safeDigits = safeDigits;
            this.exactDigits = exactDigits;
            this.leastNormal = leastNormal;
        }

        static Format of(int bytes) {
            return bytes == 2 ? HALF : bytes == 4 ? SINGLE : DOUBLE;
        }

        /** The value that a text of this format denotes. */
        double read(BigDecimal text) {
            return switch (this) {
                case HALF -> Float16.toFloat(Float16.toFloat16(text.floatValue()));
                case SINGLE -> text.floatValue();
                case DOUBLE -> text.doubleValue();
            };
        }
    }

    private PyFloat() {}

    /** Python's {@code repr(float)}: {@code 1.0}, {@code 1e+16}, {@code nan}. */
    public static String repr(double value) {
        return repr(value, Double.BYTES);
    }

    /**
     * The same for a float of 2, 4 or 8 bytes, by the digits that tell it from its neighbours in that format, as NumPy
     * counts them: {@code 0.1} also where the nearest such float is widened to 0.10000000149011612.
     */
    public static String repr(double value, int bytes) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value), Format.of(bytes));
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
    public static String reprInComplex(double value, int bytes) {
        String text = repr(value, bytes);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static BigDecimal shortest(double value, Format format) {
        BigDecimal exact = new BigDecimal(value);
        // A normal double that some text of up to 15 digits denotes is denoted by its rounding to 15 digits.
        int digits = value < format.leastNormal ? 1 : format.safeDigits;
        BigDecimal rounded;
        do {
            rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            digits++;
        } while (digits <= format.exactDigits && format.read(rounded) != value);
        return rounded.stripTrailingZeros();
    }
}
