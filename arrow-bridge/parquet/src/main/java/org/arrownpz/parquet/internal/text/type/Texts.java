package org.arrownpz.parquet.internal.text.type;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.util.Set;

/**
 * Tells what texts look like, and their values. A number has no plus and no zeros in front: {@code 007} and {@code +49} are
 * texts. Used by one thread.
 */
public final class Texts {
    private static final int LONGEST_NAME = 9;
    /** Integers of so many digits, or characters, are exact. */
    private static final int EXACT_DIGITS = 15;
    /** Reals of fewer characters and without an exponent lie within the range of a double. */
    private static final int SHORT_REAL = 300;

    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final Set<String> NAN = Set.of("NaN", "nan", "NAN", "-NaN", "-nan");
    private static final Set<String> INFINITY = Set.of("inf", "Inf", "INF", "+inf", "+INF", "Infinity", "+Infinity");
    private static final Set<String> MINUS_INFINITY = Set.of("-inf", "-Inf", "-INF", "-Infinity");
    /** As Arrow's, pandas' and other readers know them. */
    private static final Set<String> ABSENT =
            Set.of("NA", "N/A", "n/a", "NULL", "null", "#N/A", "#NA", "#N/A N/A", "<NA>");

    private final Instants instants = new Instants();

    /** The date, time or timestamp that {@link #kind} parsed last, where it was one. */
    public Instants instants() {
        return instants;
    }

    /** The kind of value that some characters look like. */
    public Kind kind(char[] text, int from, int to) {
        if (from == to || !mayBeOther(text[from])) {
            return Kind.TEXT;
        }
        Kind number = number(text, from, to);
        if (number != Kind.TEXT) {
            return number;
        }
        Kind time = instants.parse(text, from, to);
        return time != Kind.TEXT || to - from > LONGEST_NAME ? time : named(new String(text, from, to - from));
    }

    /** Whether a text that begins so may be anything but text. */
    public static boolean mayBeOther(int first) {
        return first >= '0' && first <= '9' || "-+.tTfFnNiI<#".indexOf(first) >= 0;
    }

    private static Kind named(String name) {
        if (TRUE.contains(name) || FALSE.contains(name)) {
            return Kind.BOOL;
        }
        if (ABSENT.contains(name)) {
            return Kind.ABSENT;
        }
        return NAN.contains(name) || INFINITY.contains(name) || MINUS_INFINITY.contains(name)
                ? Kind.SPECIAL
                : Kind.TEXT;
    }

    private static Kind number(char[] text, int from, int to) {
        boolean negative = text[from] == '-';
        int at = negative ? from + 1 : from;
        int first = at;
        while (at < to && isDigit(text[at])) {
            at++;
        }
        int digits = at - first;
        if (digits > 1 && text[first] == '0') {
            return Kind.TEXT;
        }
        if (at == to && digits > 0) {
            return integer(text, first, to, negative);
        }
        int decimals = 0;
        if (at < to && text[at] == '.') {
            int point = ++at;
            while (at < to && isDigit(text[at])) {
                at++;
            }
            decimals = at - point;
        }
        if (digits + decimals == 0) {
            return Kind.TEXT;
        }
        if (at < to && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            at += at < to && (text[at] == '-' || text[at] == '+') ? 1 : 0;
            int power = at;
            while (at < to && isDigit(text[at])) {
                at++;
            }
            if (at == power) {
                return Kind.TEXT;
            }
        }
        return at == to ? Kind.REAL : Kind.TEXT;
    }

    private static Kind integer(char[] text, int first, int to, boolean negative) {
        int digits = to - first;
        if (negative && digits == 1 && text[first] == '0') {
            // Only a float has a zero with a sign.
            return Kind.REAL;
        }
        if (digits < 19 || isAtMost(text, first, to, negative ? "9223372036854775808" : "9223372036854775807")) {
            return Kind.INTEGER;
        }
        return !negative && isAtMost(text, first, to, "18446744073709551615") ? Kind.UNSIGNED : Kind.HUGE;
    }

    private static boolean isAtMost(char[] text, int first, int to, String limit) {
        int digits = to - first;
        if (digits != limit.length()) {
            return digits < limit.length();
        }
        for (int i = 0; i < digits; i++) {
            int difference = text[first + i] - limit.charAt(i);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The bits of an {@link Kind#INTEGER} or {@link Kind#UNSIGNED}. */
    public static long integer(char[] text, int from, int to) {
        boolean negative = text[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = value * 10 + text[i] - '0';
        }
        return negative ? -value : value;
    }

    /** The value of any kind of number. */
    public static double real(char[] text, int from, int to, Kind kind) {
        if (kind != Kind.SPECIAL) {
            return NumberInput.parseDouble(text, from, to - from, true);
        }
        String name = new String(text, from, to - from);
        if (NAN.contains(name)) {
            return Double.NaN;
        }
        return INFINITY.contains(name) ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /**
     * Whether a double keeps the number: an integer is exact, or the shortest text of the double, and a real neither
     * overflows nor becomes 0.
     */
    static boolean fitsDouble(char[] text, int from, int to, Kind kind) {
        if (kind == Kind.REAL ? to - from < SHORT_REAL && exponent(text, from, to) == to : to - from <= EXACT_DIGITS) {
            return true;
        }
        double value = real(text, from, to, kind);
        if (kind == Kind.REAL) {
            return !Double.isInfinite(value) && (value != 0 || isZero(text, from, to));
        }
        if (Double.isInfinite(value)) {
            return false;
        }
        BigDecimal exact = new BigDecimal(text, from, to - from);
        return exact.compareTo(new BigDecimal(value)) == 0
                || exact.compareTo(new BigDecimal(NumberOutput.toString(value, true))) == 0;
    }

    private static int exponent(char[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] != 'e' && text[at] != 'E') {
            at++;
        }
        return at;
    }

    private static boolean isZero(char[] text, int from, int to) {
        int end = exponent(text, from, to);
        for (int i = from; i < end; i++) {
            if (text[i] > '0' && text[i] <= '9') {
                return false;
            }
        }
        return true;
    }

    /** The value of a {@link Kind#BOOL}. */
    public static boolean bool(char[] text, int from) {
        return text[from] == 't' || text[from] == 'T';
    }
}
