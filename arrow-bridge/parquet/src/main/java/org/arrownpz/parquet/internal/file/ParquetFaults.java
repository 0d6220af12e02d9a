package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;

/**
 * Faults of Arrow, its native library and the operating system, as typed exceptions that name the file. What native
 * code says is for its own programmers; it stays the cause.
 */
public final class ParquetFaults {
    private static final Kind DAMAGED = new Kind(
            "",
            ErrorCode.META_SCHEMA,
            "the file is damaged, or has something that the native Parquet reader does not know",
            "Read it with another library, such as DuckDB, and write it anew");
    private static final String READER = "org.apache.arrow:arrow-dataset";
    private static final Kind FAILED = new Kind(
            "", ErrorCode.IO, "the Parquet writer failed", "Write Feather, or leave columns out to find the cause");

    /** Kinds of failures, by what native code says in lower case. The first that fits stands. */
    private static final List<Kind> KNOWN = List.of(
            new Kind(
                    "no space left",
                    ErrorCode.IO,
                    "there is no room left on the device",
                    "Make room, or write to another device"),
            new Kind(
                    "malloc of size",
                    ErrorCode.LIMIT,
                    "the native library cannot get the memory that the columns need",
                    "Work batch by batch, or on fewer columns"),
            new Kind(
                    "map keys must be",
                    ErrorCode.META_SCHEMA,
                    "the file has a map whose keys may be null, which those of Arrow's never are",
                    "Have the keys written as required, or lists of structs instead of the map"),
            new Kind(
                    "decrypt",
                    ErrorCode.META_SCHEMA,
                    "the file has encrypted columns",
                    "Decrypt it first, or read its other columns"),
            new Kind(
                    "codec",
                    ErrorCode.META_SCHEMA,
                    "the file is compressed with a codec that the native Parquet reader does not have",
                    "Write it with Zstandard or Snappy"));

    /** A failure, and its remedy. */
    private record Kind(String said, ErrorCode code, String problem, String remedy) {}

    private ParquetFaults() {}

    public static NpzException reading(Location location, Throwable cause) {
        return translate(location, cause, DAMAGED);
    }

    /** The failure of a reader whose classes are not there. */
    public static NpzException withoutReader(Location location, NoClassDefFoundError cause) {
        String missing = String.valueOf(cause.getMessage());
        if (!missing.contains("org/apache/arrow/")) {
            throw cause;
        }
        return location.error(ErrorCode.IO, "Parquet is read by Arrow's native library, which is not on the class path")
                .remedy("Add " + READER + " in the version of arrow-vector")
                .cause(cause)
                .build();
    }

    public static NpzException writing(Location location, Throwable cause) {
        return translate(location, cause, FAILED);
    }

    private static NpzException translate(Location location, Throwable cause, Kind other) {
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
            return Faults.translate(
                    location, other == FAILED ? "the file cannot be written" : "the file cannot be read", io);
        }
        if (cause instanceof InternalError) {
            return location.error(ErrorCode.FILE_CHANGED, "a mapped file was cut short while it was in use")
                    .cause(cause)
                    .build();
        }
        if (cause instanceof ArithmeticException) {
            return location.error(ErrorCode.LIMIT, "a page, or the lists of a row group, are longer than 2 GiB")
                    .remedy("Write shorter values, or fewer elements in a batch")
                    .cause(cause)
                    .build();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        Kind kind = KNOWN.stream()
                .filter(known -> said.contains(known.said()))
                .findFirst()
                .orElse(other);
        return location.error(kind.code(), kind.problem())
                .remedy(kind.remedy())
                .cause(cause)
                .build();
    }
}
