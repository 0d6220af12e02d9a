package org.arrownpz.dataset;

import java.io.IOException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.bridge.internal.Faults;

/** What Arrow, its native library and the operating system throw, as typed exceptions that name the file. */
final class ParquetFaults {
    private static final int MESSAGE_CHARS = 300;

    private ParquetFaults() {}

    static NpzException reading(Location location, Throwable cause) {
        return translate(location, cause, ErrorCode.META_SCHEMA, "the native Parquet reader cannot read the file");
    }

    static NpzException writing(Location location, Throwable cause) {
        return translate(location, cause, ErrorCode.IO, "the native Parquet writer failed");
    }

    private static NpzException translate(Location location, Throwable cause, ErrorCode code, String problem) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        if (Faults.isOutOfMemory(cause)) {
            return Faults.limit(
                    location,
                    "that the columns need",
                    "Give the allocator a higher limit, or work batch by batch",
                    cause);
        }
        if (cause instanceof IOException io && io.getCause() == null) {
            return Faults.io(
                    location, code == ErrorCode.IO ? "the file cannot be written" : "the file cannot be read", io);
        }
        if (cause instanceof InternalError) {
            return location.fault(ErrorCode.FILE_CHANGED, "a mapped file was cut short while it was in use")
                    .cause(cause)
                    .exception();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        return location.fault(code, problem + " (" + SafeText.escape(text, MESSAGE_CHARS) + ")")
                .cause(cause)
                .exception();
    }
}
