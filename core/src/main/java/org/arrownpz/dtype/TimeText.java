package org.arrownpz.dtype;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** NumPy's spelling of datetime64 and timedelta64 items. Safe for use by several threads. */
public final class TimeText {
    public static final long NAT = Long.MIN_VALUE;

    // The years 1 to 9999, which Python's dates end at.
    private static final long LEAST_SECONDS = -62_135_596_800L;
    private static final long MOST_SECONDS = 253_402_300_799L;

    private static final String[] PLURALS = {
        "years",
        "months",
        "weeks",
        "days",
        "hours",
        "minutes",
        "seconds",
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "picoseconds",
        "femtoseconds",
        "attoseconds",
        "generic time units"
    };

    private TimeText() {}

    /** {@code str(numpy.datetime64)}: ISO-8601 to the precision of the unit. */
    public static String datetime(long value, TimeUnit64 unit) {
        if (value == NAT) {
            return "NaT";
        }
        BigInteger count = BigInteger.valueOf(value).multiply(BigInteger.valueOf(unit.multiplier()));
        return switch (unit.base()) {
            case GENERIC -> count.toString();
            case YEAR -> year(count.add(BigInteger.valueOf(1970)));
            case MONTH -> {
                BigInteger[] parts = floorDivide(count, 12);
                yield year(parts[0].add(BigInteger.valueOf(1970))) + "-" + two(parts[1].intValue() + 1);
            }
            case WEEK -> date(count.multiply(BigInteger.valueOf(7)));
            case DAY -> date(count);
            case HOUR -> clock(count, 24, "");
            case MINUTE -> clock(count, 24 * 60, "");
            default -> fraction(count, unit.base());
        };
    }

    /**
     * {@code str(pandas.Timestamp)}: {@code 2020-01-01 00:00:00}, with six or nine digits of a fraction that is not 0. Null
     * where pandas cannot read the text: for other units, and beyond the years 1 to 9999.
     */
    public static @Nullable String timestamp(long value, @Nullable TimeUnit64 unit) {
        long steps = stepsPerSecond(unit);
        if (steps < 0) {
            return null;
        }
        if (value == NAT) {
            return "NaT";
        }
        boolean days = steps == 0;
        if (days && Math.abs(value) > MOST_SECONDS) {
            return null;
        }
        long seconds = days ? value * 86_400 : Math.floorDiv(value, steps);
        if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
            return null;
        }
        int nanos = days ? 0 : (int) (Math.floorMod(value, steps) * (1_000_000_000 / steps));
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        String clock =
                time.toLocalDate() + " " + time.toLocalTime().withNano(0).format(DateTimeFormatter.ISO_LOCAL_TIME);
        if (nanos == 0) {
            return clock;
        }
        String digits = Integer.toString(1_000_000_000 + nanos).substring(1);
        return clock + "." + (nanos % 1000 == 0 ? digits.substring(0, 6) : digits);
    }

    /** The value that {@link #timestamp} spells so, or null. */
    public static @Nullable Long parseTimestamp(String text, TimeUnit64 unit) {
        long steps = stepsPerSecond(unit);
        if (text.equals("NaT")) {
            return NAT;
        }
        if (steps <= 0 || text.length() < 19 || text.charAt(10) != ' ') {
            return null;
        }
        try {
            LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
            long seconds = Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), steps);
            long value = Math.addExact(seconds, time.getNano() / (1_000_000_000 / steps));
            return text.equals(timestamp(value, unit)) ? (Long) value : null;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** 0 for days, -1 for units that pandas has not. */
    private static long stepsPerSecond(@Nullable TimeUnit64 unit) {
        if (unit == null || unit.multiplier() != 1) {
            return -1;
        }
        return switch (unit.base()) {
            case DAY -> 0;
            case SECOND -> 1;
            case MILLISECOND -> 1000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
            default -> -1;
        };
    }

    /** {@code str(numpy.timedelta64)}: {@code 5 days}. */
    public static String timedelta(long value, TimeUnit64 unit) {
        if (value == NAT) {
            return "NaT";
        }
        return BigInteger.valueOf(value).multiply(BigInteger.valueOf(unit.multiplier())) + " "
                + PLURALS[unit.base().ordinal()];
    }

    private static String fraction(BigInteger count, TimeUnit64.Base base) {
        int digits = 3 * (base.ordinal() - TimeUnit64.Base.SECOND.ordinal());
        BigInteger[] parts = count.divideAndRemainder(BigInteger.TEN.pow(digits));
        if (parts[1].signum() < 0) {
            parts[0] = parts[0].subtract(BigInteger.ONE);
            parts[1] = parts[1].add(BigInteger.TEN.pow(digits));
        }
        String text = parts[1].toString();
        return clock(parts[0], 24 * 3600, digits == 0 ? "" : "." + "0".repeat(digits - text.length()) + text);
    }

    private static String clock(BigInteger count, int stepsPerDay, String tail) {
        BigInteger[] parts = floorDivide(count, stepsPerDay);
        int step = parts[1].intValue();
        String day = date(parts[0]) + "T";
        return switch (stepsPerDay) {
            case 24 -> day + two(step);
            case 24 * 60 -> day + two(step / 60) + ":" + two(step % 60);
            default -> day + two(step / 3600) + ":" + two(step / 60 % 60) + ":" + two(step % 60) + tail;
        };
    }

    private static String date(BigInteger epochDay) {
        // LocalDate ends at year 999,999,999; the calendar repeats every 400 years of 146,097 days.
        BigInteger[] cycles = floorDivide(epochDay, 146_097);
        LocalDate date = LocalDate.ofEpochDay(cycles[1].longValue());
        BigInteger year = cycles[0].multiply(BigInteger.valueOf(400)).add(BigInteger.valueOf(date.getYear()));
        return year(year) + "-" + two(date.getMonthValue()) + "-" + two(date.getDayOfMonth());
    }

    private static BigInteger[] floorDivide(BigInteger value, int divisor) {
        BigInteger[] parts = value.divideAndRemainder(BigInteger.valueOf(divisor));
        if (parts[1].signum() < 0) {
            parts[0] = parts[0].subtract(BigInteger.ONE);
            parts[1] = parts[1].add(BigInteger.valueOf(divisor));
        }
        return parts;
    }

    // NumPy counts the sign among the four characters that a year has at least.
    private static String year(BigInteger year) {
        String digits = year.abs().toString();
        String sign = year.signum() < 0 ? "-" : "";
        return sign + "0".repeat(Math.max(0, 4 - sign.length() - digits.length())) + digits;
    }

    private static String two(int value) {
        return value < 10 ? "0" + value : Integer.toString(value);
    }
}
