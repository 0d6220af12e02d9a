package org.arrownpz.parquet.internal.text.type;

/** The kind of value that a text looks like. */
public enum Kind {
    TEXT,
    BOOL,
    /** An integer of 64 bits, with its sign. */
    INTEGER,
    /** One beyond them, of 64 bits without a sign. */
    UNSIGNED,
    /** A longer one. */
    HUGE,
    REAL,
    /** Not a number, or infinite. */
    SPECIAL,
    DATE,
    TIME,
    TIMESTAMP,
    /** The mark of a missing number as others write it: NA, NULL and the like. */
    ABSENT;

    /** Its bit in a set of kinds. */
    int bit() {
        return 1 << ordinal();
    }

    /** Some kinds, see {@link #isIn}. */
    public static int set(Kind... kinds) {
        int set = 0;
        for (Kind kind : kinds) {
            set |= kind.bit();
        }
        return set;
    }

    /** Whether it is one of a {@link #set}. */
    public boolean isIn(int set) {
        return (set & bit()) != 0;
    }
}
