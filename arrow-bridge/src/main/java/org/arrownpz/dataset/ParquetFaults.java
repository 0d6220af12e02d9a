package org.arrownpz.dataset;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

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
        if (cause instanceof OutOfMemoryException) {
            return location.fault(ErrorCode.LIMIT, "the allocator cannot give the memory that the columns need")
                    .remedy("Give the allocator a higher limit, or work batch by batch")
                    .cause(cause)
                    .exception();
        }
        if (cause instanceof IOException io && io.getCause() == null) {
            return io(location, code == ErrorCode.IO ? "the file cannot be written" : "the file cannot be read", io);
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

    static NpzException io(Location location, String problem, IOException cause) {
        String reason;
        if (cause instanceof NoSuchFileException) {
            reason = "there is none";
        } else if (cause instanceof AccessDeniedException) {
            reason = "access denied";
        } else {
            String text = cause.getMessage();
            reason = text == null ? cause.getClass().getSimpleName() : SafeText.escape(text);
        }
        return location.fault(ErrorCode.IO, problem + " (" + reason + ")")
                .cause(cause)
                .exception();
    }
}
