package org.arrownpz.cli.cell;

import java.time.LocalDate;
import org.apache.arrow.vector.types.TimeUnit;

/** ISO-8601 texts of dates, times and timestamps over the whole range of 64-bit counts. */
final class TimeText {
    private static final long DAY = 86_400;

    /** The Gregorian calendar repeats every 400 years. */
    private static final long CYCLE_DAYS = 146_097;

    private TimeText() {}

    /** {@code 2020-01-31}. */
    static String date(long epochDay) {
        StringBuilder text = new StringBuilder(10);
        appendDate(text, epochDay);
        return text.toString();
    }

    /** {@code 2020-01-31T12:00:00.000001}, with as many digits as the unit has, and {@code Z} for instants. */
    static String timestamp(long value, TimeUnit unit, boolean instant) {
        long perSecond = perSecond(unit);
        long seconds = Math.floorDiv(value, perSecond);
        StringBuilder text = new StringBuilder(30);
        appendDate(text, Math.floorDiv(seconds, DAY));
        text.append('T');
        appendTime(text, Math.floorMod(seconds, DAY), Math.floorMod(value, perSecond), unit);
        return instant ? text.append('Z').toString() : text.toString();
    }

    /** {@code 12:00:00.000001}, with as many digits as the unit has. */
    static String time(long value, TimeUnit unit) {
        long perSecond = perSecond(unit);
        StringBuilder text = new StringBuilder(18);
        appendTime(text, Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond), unit);
        return text.toString();
    }

    private static void appendDate(StringBuilder text, long epochDay) {
        long cycles = Math.floorDiv(epochDay, CYCLE_DAYS);
        LocalDate date = LocalDate.ofEpochDay(Math.floorMod(epochDay, CYCLE_DAYS));
        long year = date.getYear() + 400 * cycles;
        if (year < 0) {
            text.append('-');
        } else if (year > 9999) {
            text.append('+');
        }
        appendPadded(text, Math.abs(year), 4);
        appendPadded(text.append('-'), date.getMonthValue(), 2);
        appendPadded(text.append('-'), date.getDayOfMonth(), 2);
    }

    private static void appendTime(StringBuilder text, long seconds, long fraction, TimeUnit unit) {
        appendPadded(text, seconds / 3600, 2);
        appendPadded(text.append(':'), seconds / 60 % 60, 2);
        appendPadded(text.append(':'), seconds % 60, 2);
        int digits = Long.toString(perSecond(unit)).length() - 1;
        if (digits > 0) {
            appendPadded(text.append('.'), fraction, digits);
        }
    }

    private static void appendPadded(StringBuilder text, long value, int width) {
        String digits = Long.toString(value);
        text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }
}
