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

    /** The bracketed spelling in a {@code descr}: {@code [ns]}, {@code [25s]}, or nothing for the generic unit. */
    public String suffix() {
        if (base == Base.GENERIC) {
            return "";
        }
        return "[" + (multiplier == 1 ? "" : multiplier) + base.symbol() + "]";
    }

    /** Base units, coarse to fine, with NumPy's symbols. */
    public enum Base {
        YEAR("Y"),
        MONTH("M"),
        WEEK("W"),
        DAY("D"),
        HOUR("h"),
        MINUTE("m"),
        SECOND("s"),
        MILLISECOND("ms"),
        MICROSECOND("us"),
        NANOSECOND("ns"),
        PICOSECOND("ps"),
        FEMTOSECOND("fs"),
        ATTOSECOND("as"),
        GENERIC("generic");

        private final String symbol;

        Base(String symbol) {
            this.symbol = symbol;
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
}
