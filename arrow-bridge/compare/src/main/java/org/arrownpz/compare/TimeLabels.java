package org.arrownpz.compare;

import java.time.LocalDate;
import org.arrownpz.dtype.TimeUnit64;

/** Counts of one unit of datetime64 in another, rounded down as NumPy does: what IndexDate makes of seconds. */
final class TimeLabels {
    private static final LocalDate EPOCH = LocalDate.of(1970, 1, 1);

    private TimeLabels() {}

    /**
     * The counts in another unit.
     *
     * @throws ArithmeticException when one does not fit 64 bits
     */
    static long[] convert(long[] counts, TimeUnit64.Base from, TimeUnit64.Base to) {
        long[] converted = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            converted[i] = convert(counts[i], from, to);
        }
        return converted;
    }

    private static long convert(long count, TimeUnit64.Base from, TimeUnit64.Base to) {
        if (from == to) {
            return count;
        }
        if (isCalendar(from) && isCalendar(to)) {
            return from == TimeUnit64.Base.YEAR ? count * 12 : Math.floorDiv(count, 12);
        }
        if (isCalendar(from)) {
            LocalDate day = from == TimeUnit64.Base.YEAR ? EPOCH.plusYears(count) : EPOCH.plusMonths(count);
            return convert(day.toEpochDay(), TimeUnit64.Base.DAY, to);
        }
        if (isCalendar(to)) {
            LocalDate day = LocalDate.ofEpochDay(convert(count, from, TimeUnit64.Base.DAY));
            long years = day.getYear() - (long) EPOCH.getYear();
            return to == TimeUnit64.Base.YEAR ? years : years * 12 + day.getMonthValue() - 1;
        }
        long fromNanos = nanos(from);
        long toNanos = nanos(to);
        return fromNanos >= toNanos
                ? Math.multiplyExact(count, fromNanos / toNanos)
                : Math.floorDiv(count, toNanos / fromNanos);
    }

    private static boolean isCalendar(TimeUnit64.Base unit) {
        return unit == TimeUnit64.Base.YEAR || unit == TimeUnit64.Base.MONTH;
    }

    private static long nanos(TimeUnit64.Base unit) {
        return switch (unit) {
            case DAY -> 86_400_000_000_000L;
            case HOUR -> 3_600_000_000_000L;
            case MINUTE -> 60_000_000_000L;
            case SECOND -> 1_000_000_000L;
            case MILLISECOND -> 1_000_000L;
            case MICROSECOND -> 1_000L;
            case NANOSECOND -> 1;
            default -> throw new IllegalStateException("no labels are in " + unit);
        };
    }
}
