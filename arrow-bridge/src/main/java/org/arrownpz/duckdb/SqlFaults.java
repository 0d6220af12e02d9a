package org.arrownpz.duckdb;

import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.bridge.internal.Faults;

/** What DuckDB throws: the statement's faults are the caller's, those of memory and data are not. */
final class SqlFaults {
    private static final int MESSAGE_CHARS = 1000;
    private static final String MESSAGE_START = "\nError: ";

    private SqlFaults() {}

    /** For a statement that did not run. */
    static NpzException statement(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Out of Memory Error") || Faults.isOutOfMemory(cause)) {
            return failed(Location.ofFile(null), cause);
        }
        // The driver puts a sentence about its own state before DuckDB's.
        int start = message.indexOf(MESSAGE_START);
        throw new IllegalArgumentException(
                start < 0 ? message : message.substring(start + MESSAGE_START.length()), cause);
    }

    static NpzException failed(Location location, Throwable cause) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (Faults.isOutOfMemory(cause)) {
            return Faults.limit(location, "that the statement needs", "Give the allocator a higher limit", cause);
        }
        String message = String.valueOf(cause.getMessage());
        return location.fault(
                        message.contains("Out of Memory Error") ? ErrorCode.LIMIT : ErrorCode.IO,
                        "DuckDB failed (" + SafeText.escape(message, MESSAGE_CHARS) + ")")
                .cause(cause)
                .exception();
    }
}
