package org.arrownpz.ipc.internal;

import java.io.IOException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Faults;

/** Turns the exceptions of Arrow and the operating system into typed ones. */
public final class IpcFaults {
    private IpcFaults() {}

    /**
     * For work over bytes from a file. Flatbuffers accessors do not check what they follow, so hostile metadata shows
     * as any RuntimeException, as StackOverflowError (cyclic offsets) or as OutOfMemoryError (invented lengths).
     */
    public static NpzException reading(Location location, Throwable cause) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        if (Faults.isOutOfMemory(cause)) {
            return Faults.limit(
                    location,
                    "that the batches need",
                    "Give the allocator a higher limit, or read batch by batch",
                    cause);
        }
        if (cause instanceof IOException io) {
            return Faults.translate(location, "the file cannot be read", io);
        }
        if (cause instanceof InternalError) {
            return location.error(ErrorCode.FILE_CHANGED, "a mapped file was cut short while it was read")
                    .cause(cause)
                    .build();
        }
        if (cause instanceof Error error
                && !(cause instanceof StackOverflowError || cause instanceof OutOfMemoryError)) {
            throw error;
        }
        return location.error(ErrorCode.META_SCHEMA, "the Arrow metadata is damaged")
                .cause(cause)
                .build();
    }

    public static NpzException writing(Location location, Throwable cause) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        if (Faults.isOutOfMemory(cause)) {
            return Faults.limit(location, "for compressed buffers", "Give the allocator a higher limit", cause);
        }
        if (cause instanceof InternalError) {
            return location.error(ErrorCode.FILE_CHANGED, "the mapped source was cut short while it was written out")
                    .cause(cause)
                    .build();
        }
        if (cause instanceof IOException io) {
            if ("Bad address".equals(io.getMessage())) {
                // What Linux and macOS answer where values that are to be written lie in a mapped page that is gone.
                return writing(location, new InternalError(io));
            }
            return Faults.translate(location, "the file cannot be written", io);
        }
        if (cause instanceof RuntimeException runtime) {
            if (runtime.getCause() instanceof IOException io) {
                return writing(location, io);
            }
            throw runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(cause);
    }
}
