package org.arrownpz.internal.python;

/**
 * A text is not a Python literal of the accepted subset. Caught by header and descr readers, which know the place.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public final class PySyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kind of fault, as far as readers treat it differently. */
    public enum Kind {
        /** A character that cannot stand where it stands. */
        MALFORMED,
        /** The text ends within the literal. */
        INCOMPLETE,
        /** Brackets are nested deeper than the limit, a list among them: a record type of hostile depth. */
        LISTS_TOO_DEEP,
        /** Brackets are nested deeper than the limit. */
        TOO_DEEP
    }

    private final Kind kind;
    private final int position;

    public PySyntaxException(Kind kind, int position, String problem) {
        // Thrown at hostile rates and always converted, so neither trace nor suppression is of use.
        super(problem, null, false, false);
        this.kind = kind;
        this.position = position;
    }

    public Kind kind() {
        return kind;
    }

    /** The index of the offending character in the text. */
    public int position() {
        return position;
    }

    /** The problem, free of text from the file. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
