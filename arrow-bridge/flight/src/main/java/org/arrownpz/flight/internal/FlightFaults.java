package org.arrownpz.flight.internal;

import java.util.concurrent.CancellationException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.internal.text.SafeText;

/** Faults as clients see them: what is wrong, by the name that they used, and no path of the server. */
public final class FlightFaults {
    private FlightFaults() {}

    public static FlightRuntimeException of(CallStatus status, String description) {
        return status.withDescription(description).toRuntimeException();
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
            String problem = fault.code() == ErrorCode.IO ? "it cannot be read or written" : fault.problem();
            return of(status, SafeText.quote(name) + ": " + fault.code() + ": " + SafeText.escape(problem, 300));
        }
        if (cause instanceof CancellationException) {
            return CallStatus.CANCELLED
                    .withDescription("the query was cancelled")
                    .withCause(cause)
                    .toRuntimeException();
        }
        if (cause instanceof IllegalArgumentException misuse) {
            return of(CallStatus.INVALID_ARGUMENT, SafeText.escape(String.valueOf(misuse.getMessage()), 300));
        }
        return CallStatus.INTERNAL
                .withDescription(SafeText.quote(name) + ": the server failed")
                .withCause(cause)
                .toRuntimeException();
    }
}
