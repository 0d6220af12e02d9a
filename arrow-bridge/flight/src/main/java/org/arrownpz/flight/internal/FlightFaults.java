package org.arrownpz.flight.internal;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/** Faults as clients see them: what is wrong, by the name that they used, and no path of the server. */
public final class FlightFaults {
    private static final String UNREADABLE = "it cannot be read or written; the server's log says why";

    private FlightFaults() {}

    public static FlightRuntimeException of(CallStatus status, String description) {
        return status.withDescription(description).toRuntimeException();
    }

    /** With what the server's log tells beside it. */
    public static FlightRuntimeException of(CallStatus status, String description, Throwable cause) {
        return status.withDescription(description).withCause(cause).toRuntimeException();
    }

    public static FlightRuntimeException status(String name, Throwable cause) {
        if (cause instanceof FlightRuntimeException known) {
            return known;
        }
        if (cause instanceof NpzException fault) {
            CallStatus status = switch (fault.code()) {
                case LIMIT -> CallStatus.RESOURCE_EXHAUSTED;
                case IO, FILE_CHANGED -> CallStatus.UNAVAILABLE;
                // The archive is sound; a table is not what it holds.
                case META_MISSING,
                        META_JSON,
                        META_SCHEMA,
                        META_EXTRA,
                        FRAME_SHAPE,
                        FRAME_LABELS,
                        ARRAY_DTYPE,
                        ARRAY_SHAPE,
                        OBJECT_DTYPE -> CallStatus.INVALID_ARGUMENT;
                default -> CallStatus.INTERNAL;
            };
            String problem = fault.code() == ErrorCode.IO ? UNREADABLE : fault.problem();
            if (fault.code() == ErrorCode.LIMIT && fault.expected() != null && fault.found() != null) {
                problem += ": " + fault.expected() + ", but " + fault.found();
            }
            return of(status, SafeText.quote(name) + ": " + fault.code() + ": " + SafeText.escape(problem, 300), fault);
        }
        if (cause instanceof IOException) {
            return of(CallStatus.UNAVAILABLE, SafeText.quote(name) + ": IO: " + UNREADABLE, cause);
        }
        if (cause instanceof CancellationException) {
            return of(CallStatus.CANCELLED, "the query was cancelled", cause);
        }
        if (cause instanceof IllegalArgumentException misuse) {
            return of(CallStatus.INVALID_ARGUMENT, SafeText.escape(String.valueOf(misuse.getMessage()), 300));
        }
        return of(CallStatus.INTERNAL, SafeText.quote(name) + ": the server failed", cause);
    }

    /** Of a statement: its client is told why, in words that may be its own; the access log must not repeat them. */
    public static FlightRuntimeException ofStatement(Throwable cause) {
        CallStatus status = status("the query", cause).status();
        return status.withCause(new OfStatement(status.cause())).toRuntimeException();
    }

    /** Marks the failure of a statement. */
    public static final class OfStatement extends Exception {
        private static final long serialVersionUID = 1L;

        private OfStatement(@Nullable Throwable cause) {
            super("the statement failed", cause);
        }
    }
}
