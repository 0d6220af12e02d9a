package org.arrownpz.parquet.internal.text.type;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The type of all values that a column was seen to have. Used by one thread. */
public final class Guess {
    private static final int NUMBERS = Kind.set(Kind.INTEGER, Kind.UNSIGNED, Kind.HUGE);
    private static final int REALS = Kind.set(Kind.REAL, Kind.SPECIAL);
    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
    private static final int LONGEST_TIME32 = 3;

    private int kinds;
    private boolean negative;
    /** Whether a number is not what a double holds of it. */
    private boolean inexact;

    private boolean zoned;
    private boolean local;
    private int digits;
    private final Bound earliest = new Bound();
    private final Bound latest = new Bound();
    private long firstDay = Long.MAX_VALUE;
    private long lastDay = Long.MIN_VALUE;

    /** A point in time. */
    private static final class Bound {
        private boolean known;
        private long seconds;
        private int nanos;

        void take(Instants instants, boolean later) {
            int order = known ? Long.compare(instants.seconds(), seconds) : 0;
            order = known && order == 0 ? Integer.compare(instants.nanos(), nanos) : order;
            if (!known || (later ? order > 0 : order < 0)) {
                known = true;
                seconds = instants.seconds();
                nanos = instants.nanos();
            }
        }
    }

    /** Takes a value in. */
    public void add(Kind kind, char[] text, int from, int to, Texts texts) {
        inexact = inexact || (kind.isIn(NUMBERS | Kind.REAL.bit()) && !Texts.fitsDouble(text, from, to, kind));
        switch (kind) {
            case INTEGER, HUGE -> negative |= text[from] == '-';
            case DATE -> addDate(texts.instants().seconds());
            case TIME -> digits = Math.max(digits, texts.instants().digits());
            case TIMESTAMP -> addTimestamp(texts.instants());
            default -> {
                // There is nothing to know of it but its kind.
            }
        }
        kinds |= kind.bit();
    }

    private void addDate(long day) {
        firstDay = Math.min(firstDay, day);
        lastDay = Math.max(lastDay, day);
    }

    private void addTimestamp(Instants instants) {
        digits = Math.max(digits, instants.digits());
        zoned |= instants.isZoned();
        local |= !instants.isZoned();
        earliest.take(instants, false);
        latest.take(instants, true);
    }

    /** The narrowest type that holds all values as they are, or text. */
    public ArrowType type() {
        int seen = kinds & ~Kind.ABSENT.bit();
        if (seen == 0) {
            return ArrowType.Null.INSTANCE;
        }
        if (seen == Kind.BOOL.bit()) {
            return ArrowType.Bool.INSTANCE;
        }
        if ((seen & ~(NUMBERS | REALS)) == 0) {
            return number(seen);
        }
        if (seen == Kind.TIME.bit()) {
            TimeUnit unit = unit();
            return new ArrowType.Time(unit, digits > LONGEST_TIME32 ? 64 : 32);
        }
        if (seen == Kind.DATE.bit()) {
            return firstDay >= Integer.MIN_VALUE && lastDay <= Integer.MAX_VALUE
                    ? new ArrowType.Date(DateUnit.DAY)
                    : TEXT;
        }
        boolean dates = seen == (Kind.DATE.bit() | Kind.TIMESTAMP.bit());
        return (seen == Kind.TIMESTAMP.bit() || dates) && fits(dates) ? timestamp() : TEXT;
    }

    private ArrowType number(int seen) {
        if ((seen & REALS) != 0) {
            return inexact ? TEXT : new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        }
        if (seen == Kind.INTEGER.bit()) {
            return new ArrowType.Int(64, true);
        }
        return (seen & Kind.HUGE.bit()) == 0 && !negative ? new ArrowType.Int(64, false) : TEXT;
    }

    private ArrowType timestamp() {
        return new ArrowType.Timestamp(unit(), zoned ? "UTC" : null);
    }

    private TimeUnit unit() {
        if (digits == 0) {
            return TimeUnit.SECOND;
        }
        return digits <= 3 ? TimeUnit.MILLISECOND : digits <= 6 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
    }

    /** Whether all timestamps, and the midnights of dates among them, are counts of the unit, and of one kind. */
    private boolean fits(boolean dates) {
        if (zoned && (local || dates)) {
            return false;
        }
        try {
            Instants.count(earliest.seconds, earliest.nanos, unit());
            Instants.count(latest.seconds, latest.nanos, unit());
            if (dates) {
                Instants.count(Math.multiplyExact(firstDay, 86_400L), 0, unit());
                Instants.count(Math.multiplyExact(lastDay, 86_400L), 0, unit());
            }
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }
}
