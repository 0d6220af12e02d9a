package org.arrownpz.sql.internal;

import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Runs statements. Safe for use by one thread, {@link #cancel} excepted. */
public interface Runner extends AutoCloseable {
    /**
     * Starts a statement. The caller closes the result.
     *
     * @throws Refusal when DuckDB refuses it
     * @throws IllegalArgumentException when it is no query, or needs what it may not have
     * @throws NpzException when data or memory fail
     */
    ArrowReader query(String statement, List<?> parameters) throws NpzException;

    /**
     * Tells what a statement takes and gives.
     *
     * @param parameters their values, or null for nulls
     * @throws IllegalArgumentException as {@link #query}
     * @throws NpzException as {@link #query}
     */
    Description describe(String statement, @Nullable List<?> parameters) throws NpzException;

    /** Ends what runs with CancellationException, and refuses what comes; from any thread. */
    void cancel();

    @Override
    void close();

    /**
     * The parameters and the result of a statement.
     *
     * @param parameters the types of its parameters in DuckDB's spelling; empty for one that could be any
     * @param schema of its result
     */
    record Description(List<String> parameters, Schema schema) {}

    /** A statement that is refused, as its user is told: one line, and where DuckDB tells it an excerpt with the place. */
    final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String excerpt;

        /** @param excerpt two lines, the second with a caret below the first, or empty */
        public Refusal(String message, String excerpt, @Nullable Throwable cause) {
            super(message, cause);
            this.excerpt = excerpt;
        }

        public String excerpt() {
            return excerpt;
        }
    }
}
