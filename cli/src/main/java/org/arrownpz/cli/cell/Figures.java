package org.arrownpz.cli.cell;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. */
public final class Figures {
    private static final MathContext THREE = new MathContext(3);
    private static final MathContext SIX = new MathContext(6);
    private static final String UNITS = "kMGTPE";
    /** The longest figure that is shown as it is. */
    private static final int SHORT = 8;

    private Figures() {}

    /** With commas: {@code 1,000,000}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A count and what is counted: {@code 1 row}, {@code 1,000 rows}. */
    public static String count(long value, String noun) {
        return count(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /** Bytes in powers of ten: {@code 8.22 kB}. */
    public static String bytes(long bytes) {
        String text = brief(bytes);
        return text + (Character.isDigit(text.charAt(text.length() - 1)) ? " B" : "B");
    }

    /** Three digits: {@code 54.5 M}, {@code 361}, {@code 0.000957}, {@code 1.2e-9}. */
    public static String brief(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(THREE);
        int exponent = exponent(rounded);
        if (exponent < -6 || exponent >= 3 * UNITS.length() + 3) {
            return scientific(rounded);
        }
        if (exponent < 3) {
            return plain(rounded);
        }
        int unit = exponent / 3;
        return plain(rounded.movePointLeft(3 * unit)) + " " + UNITS.charAt(unit - 1);
    }

    /** As {@link #brief}, but with four digits before the point, so that years are years: {@code 1998}, {@code 2001.5}. */
    public static String value(double value) {
        boolean thousands = Math.abs(value) >= 1000 && Math.abs(value) < 10_000;
        return thousands ? plain(new BigDecimal(value).setScale(1, RoundingMode.HALF_EVEN)) : brief(value);
    }

    /** A number by its {@link #value(double)}, and what else there is as it is; empty for null. */
    public static String value(@Nullable Object value) {
        return value == null ? "" : value instanceof Number number ? value(number.doubleValue()) : value.toString();
    }

    /**
     * A floating point number: as it is where it is short, else with six digits, or all those before the point.
     *
     * @param shortest its shortest decimal text
     */
    public static String real(double value, String shortest) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        boolean powers = shortest.indexOf('E') >= 0;
        if (value == 0 || (!powers && shortest.length() <= SHORT)) {
            return shortest;
        }
        BigDecimal exact = new BigDecimal(shortest);
        int exponent = exponent(exact);
        if (exponent < -6 || exponent >= 15) {
            return scientific(exact.round(SIX));
        }
        return plain(exponent < 5 ? exact.round(SIX) : exact.setScale(0, RoundingMode.HALF_EVEN));
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
    }

    private static int exponent(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }

    private static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }

    private static String scientific(BigDecimal value) {
        int exponent = exponent(value);
        return plain(value.movePointLeft(exponent)) + "e" + exponent;
    }
}
