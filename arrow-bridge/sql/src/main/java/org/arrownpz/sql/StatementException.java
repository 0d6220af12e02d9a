package org.arrownpz.sql;

import org.arrownpz.sql.internal.Runner.Refusal;

/**
 * A statement that is refused. Its message is one line; {@link #excerpt()} shows the place in the statement as it was
 * written, where DuckDB tells it. Safe for use by several threads.
 */
public final class StatementException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String excerpt;

    StatementException(Refusal refusal) {
        super(refusal.getMessage(), refusal);
        this.excerpt = refusal.excerpt();
    }

    /** Two lines, the second with a caret below the first, both without control characters; or an empty text. */
    public String excerpt() {
        return excerpt;
    }
}
