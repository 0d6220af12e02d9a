package org.arrownpz.dtype;

/** The byte order character of a {@code descr}. Immutable and safe for use by several threads. */
public enum ByteOrdering {
    LITTLE('<'),
    BIG('>'),
    /** One-byte elements and raw bytes, for which order has no meaning. */
    NONE('|');

    private final char symbol;

    ByteOrdering(char symbol) {
        this.symbol = symbol;
    }

    public char symbol() {
        return symbol;
    }
}
