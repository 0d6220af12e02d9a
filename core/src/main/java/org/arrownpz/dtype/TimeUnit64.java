package org.arrownpz.dtype;

import org.jspecify.annotations.Nullable;

/**
 * The unit of a datetime64 or timedelta64: a base unit and how many of it make one step.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param base the base unit; {@link Base#GENERIC} for a bare {@code M8}
 * @param multiplier how many base units one step is, 1 or more
 */
public record TimeUnit64(Base base, int multiplier) {
    /** The unit-less datetime64, of which only NaT has a meaning. */
    public static final TimeUnit64 GENERIC = new TimeUnit64(Base.GENERIC, 1);

    public TimeUnit64 {
        if (multiplier < 1) {
            throw new IllegalArgumentException("a time unit's multiplier is at least 1, not " + multiplier);
        }
    }

    public static TimeUnit64 of(Base base) {
        return new TimeUnit64(base, 1);
    }

    /**
     * The unit of which so many make this one, as NumPy reads {@code [ms/5]}: in the next finer base of which a whole
     * number makes it, 200us there. Null where NumPy finds none.
     */
    @Nullable
    TimeUnit64 dividedBy(int divisor) {
        if (divisor == 1) {
            return this;
        }
        Base[] bases = Base.values();
        for (int i = 0; i < base.parts.length; i++) {
            long steps = (long) base.parts[i] / divisor * multiplier;
            if (base.parts[i] % divisor == 0 && steps <= Integer.MAX_VALUE) {
                return new TimeUnit64(bases[base.ordinal() + 1 + i], (int) steps);
            }
        }
        return null;
    }

    /** The bracketed spelling in a {@code descr}: {@code [ns]}, {@code [25s]}, or nothing for the generic unit. */
    public String suffix() {
        if (base == Base.GENERIC) {
            return "";
        }
        return "[" + (multiplier == 1 ? "" : multiplier) + base.symbol() + "]";
    }

    /** Base units, coarse to fine, with NumPy's symbols. */
    public enum Base {
        YEAR("Y", 12, 52, 365),
        MONTH("M", 4, 30, 720),
        WEEK("W", 7, 168, 10_080),
        DAY("D", 24, 1440, 86_400),
        HOUR("h", 60, 3600),
        MINUTE("m", 60, 60_000),
        SECOND("s", 1000, 1_000_000),
        MILLISECOND("ms", 1000, 1_000_000),
        MICROSECOND("us", 1000, 1_000_000),
        NANOSECOND("ns", 1000, 1_000_000),
        PICOSECOND("ps", 1000, 1_000_000),
        FEMTOSECOND("fs", 1000),
        ATTOSECOND("as"),
        GENERIC("generic");

        private final String symbol;
        /** The number of each finer base that NumPy counts in one, where a unit is divided. */
        private final int[] parts;

        Base(String symbol, int... parts) {
            this.symbol = symbol;
            this.parts = parts;
        }

        public String symbol() {
            return symbol;
        }

        /** The base unit of that symbol, or null. */
        public static @Nullable Base ofSymbol(String symbol) {
            for (Base base : values()) {
                if (base != GENERIC && base.symbol.equals(symbol)) {
                    return base;
                }
            }
            return null;
        }
    }

    // A record's own are made when they are first called, which takes 10 ms of the first file that a JVM opens.
    @Override
    public boolean equals(Object other) {
        return other instanceof TimeUnit64 unit && base == unit.base && multiplier == unit.multiplier;
    }

    @Override
    public int hashCode() {
        return 31 * base.ordinal() + multiplier;
    }
}
