package org.arrownpz.dtype;

/**
 * The kinds of scalar NumPy data types, by their letter in a {@code descr}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum DTypeKind {
    BOOL('b'),
    INT('i'),
    UINT('u'),
    FLOAT('f'),
    COMPLEX('c'),
    DATETIME('M'),
    TIMEDELTA('m'),
    BYTES('S'),
    UNICODE('U'),
    VOID('V');

    private final char letter;

    DTypeKind(char letter) {
        this.letter = letter;
    }

    /** The letter in a {@code descr}. */
    public char letter() {
        return letter;
    }

    /** Whether the type is datetime64 or timedelta64. */
    public boolean isTime() {
        return this == DATETIME || this == TIMEDELTA;
    }
}
