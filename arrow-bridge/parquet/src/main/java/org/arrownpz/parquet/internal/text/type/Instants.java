package org.arrownpz.parquet.internal.text.type;

import java.time.LocalDate;
import java.time.YearMonth;
import org.apache.arrow.vector.types.TimeUnit;

/**
 * Parses dates, times and timestamps of ISO 8601: {@code 2020-01-31}, {@code 09:30:00.5}, {@code 2020-01-31T09:30:00Z},
 * also with a blank for the T, without seconds, and with an offset for the Z. Holds what it parsed last; used by one thread.
 */
public final class Instants {
    private static final int NANO_DIGITS = 9;
    private static final long NANOS = 1_000_000_000;
    private static final long DAY = 86_400;
    /** As many as years of seconds in 64 bits have. */
    private static final int YEAR_DIGITS = 12;

    private char[] text = new char[0];
    private int at;
    private int end;

    private long seconds;
    private int nanos;
    private int digits;
    private boolean zoned;

    /** Days since 1970 of a date; seconds since then of a timestamp, in UTC where it has an offset; seconds of the day. */
    public long seconds() {
        return seconds;
    }

    public int nanos() {
        return nanos;
    }

    /** The decimal places of seconds that the text has: 0 to 9. */
    public int digits() {
        return digits;
    }

    /** Whether the text says where: by Z or an offset. */
    public boolean isZoned() {
        return zoned;
    }

    /**
     * Seconds and nanoseconds as a count.
     *
     * @throws ArithmeticException when it is beyond 64 bits
     */
    public static long count(long seconds, int nanos, TimeUnit unit) {
        long perSecond = perSecond(unit);
        long part = nanos / (NANOS / perSecond);
        // Below zero the product may be beyond where the sum is not.
        return seconds < 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, perSecond), part - perSecond)
                : Math.addExact(Math.multiplyExact(seconds, perSecond), part);
    }

    public static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> NANOS;
        };
    }

    /** The kind of a text: a date, a time, a timestamp, or none of these. */
    public Kind parse(char[] characters, int from, int to) {
        text = characters;
        at = from;
        end = to;
        nanos = 0;
        digits = 0;
        zoned = false;
        try {
            if (to - from > 2 && characters[from + 2] == ':') {
                return time() && at == end ? Kind.TIME : Kind.TEXT;
            }
            if (!date()) {
                return Kind.TEXT;
            }
            if (at == end) {
                return Kind.DATE;
            }
            long midnight = Math.multiplyExact(seconds, DAY);
            if (text[at] != 'T' && text[at] != ' ') {
                return Kind.TEXT;
            }
            at++;
            if (!time()) {
                return Kind.TEXT;
            }
            seconds = Math.addExact(midnight, seconds);
            return at == end || offset() ? Kind.TIMESTAMP : Kind.TEXT;
        } catch (ArithmeticException e) {
            return Kind.TEXT;
        }
    }

    private boolean date() {
        boolean signed = text[at] == '-' || text[at] == '+';
        boolean negative = text[at] == '-';
        at += signed ? 1 : 0;
        int first = at;
        long year = 0;
        while (at < end && isDigit(text[at]) && at - first <= YEAR_DIGITS) {
            year = year * 10 + text[at++] - '0';
        }
        int length = at - first;
        if (length < 4 || length > YEAR_DIGITS || length > 4 && (!signed || text[first] == '0')) {
            return false;
        }
        if (negative && year == 0 || signed && !negative && length == 4) {
            return false;
        }
        int month = part('-');
        int day = part('-');
        if (month < 1 || month > 12 || day < 1) {
            return false;
        }
        year = negative ? -year : year;
        // The Gregorian calendar repeats every 400 years.
        int like = (int) Math.floorMod(year, 400L);
        if (day > YearMonth.of(like, month).lengthOfMonth()) {
            return false;
        }
        seconds = LocalDate.of(like, month, day).toEpochDay() + (year - like) / 400 * 146_097;
        return true;
    }

    /** Two digits behind a separator, or -1. */
    private int part(char separator) {
        if (at >= end || text[at] != separator) {
            return -1;
        }
        at++;
        return twoDigits();
    }

    private int twoDigits() {
        if (end - at < 2 || !isDigit(text[at]) || !isDigit(text[at + 1])) {
            return -1;
        }
        int value = (text[at] - '0') * 10 + text[at + 1] - '0';
        at += 2;
        return value;
    }

    private boolean time() {
        int hours = twoDigits();
        int minutes = part(':');
        int rest = at < end && text[at] == ':' ? part(':') : 0;
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || rest < 0 || rest > 59) {
            return false;
        }
        seconds = hours * 3600L + minutes * 60L + rest;
        return at == end || text[at] != '.' || fraction();
    }

    private boolean fraction() {
        int first = ++at;
        while (at < end && isDigit(text[at]) && at - first < NANO_DIGITS) {
            nanos = nanos * 10 + text[at++] - '0';
        }
        digits = at - first;
        for (int i = digits; i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return digits > 0;
    }

    private boolean offset() {
        char sign = text[at++];
        zoned = true;
        if (sign == 'Z') {
            return at == end;
        }
        if (sign != '+' && sign != '-') {
            return false;
        }
        int hours = twoDigits();
        int minutes = 0;
        if (at < end) {
            at += text[at] == ':' ? 1 : 0;
            minutes = twoDigits();
        }
        if (at != end || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return false;
        }
        long shift = hours * 3600L + minutes * 60L;
        seconds = sign == '+' ? Math.subtractExact(seconds, shift) : Math.addExact(seconds, shift);
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
