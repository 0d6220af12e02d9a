package org.arrownpz.ipc.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** What Arrow and the operating system throw, as far as it means the same wherever it is thrown. */
public final class Faults {
    /** Chains are short; a longer one may be a circle. */
    private static final int LONGEST_CHAIN = 20;

    private Faults() {}

    /**
     * Whether the allocator has refused memory. Arrow's own importer of C data, for one, wraps that into an {@link
     * IllegalArgumentException} about the field that it was about to load; what passed through native code is text.
     */
    public static boolean isOutOfMemory(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < LONGEST_CHAIN; depth++) {
            if (cause instanceof OutOfMemoryException
                    || String.valueOf(cause.getMessage()).contains(OutOfMemoryException.class.getName())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** LIMIT: the allocator cannot give the memory that is needed for what the text says. */
    public static NpzException limit(Location location, String purpose, String remedy, Throwable cause) {
        return location.error(ErrorCode.LIMIT, "the allocator cannot give the memory " + purpose)
                .remedy(remedy)
                .cause(cause)
                .build();
    }

    /** IO, with what the operating system said. */
    public static NpzException io(Location location, String problem, IOException cause) {
        String reason;
        if (cause instanceof NoSuchFileException) {
            reason = "there is none";
        } else if (cause instanceof AccessDeniedException) {
            reason = "access denied";
        } else {
            String text = cause.getMessage();
            reason = text == null ? cause.getClass().getSimpleName() : SafeText.escape(text);
        }
        return location.error(ErrorCode.IO, problem + " (" + reason + ")")
                .cause(cause)
                .build();
    }
}
