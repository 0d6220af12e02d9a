package org.arrownpz.support;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/** Turns failures of the operating system and of Arrow's allocators into typed exceptions. Safe for use by several threads. */
public final class Faults {
    /** Chains are short; a longer one may be a circle. */
    private static final int LONGEST_CHAIN = 20;

    private Faults() {}

    public static NpzException reading(Location location, IOException cause) {
        return translate(location, "the file cannot be read", cause);
    }

    /** The typed exception that an unchecked one carries over a thread's end; another is thrown as it is. */
    public static NpzException typed(UncheckedIOException carrier) {
        if (carrier.getCause() instanceof NpzException fault) {
            return fault;
        }
        throw carrier;
    }

    /** For files that are written beside their target. */
    public static NpzException writing(Location location, IOException cause) {
        return translate(
                location,
                "the file cannot be written",
                cause,
                "Check that the target's file system has free space and is not mounted read-only;"
                        + " the target itself is untouched");
    }

    /** The exception itself where it is typed already, else an IO fault that names the cause and the way out. */
    public static NpzException translate(Location location, String problem, IOException cause) {
        return translate(location, problem, cause, null);
    }

    private static NpzException translate(
            Location location, String problem, IOException cause, @Nullable String otherRemedy) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        NpzException.Builder fault = location.error(ErrorCode.IO, problem + " (" + reason(cause) + ")")
                .cause(cause);
        if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
            fault.remedy("Check the path");
        } else if (cause instanceof AccessDeniedException) {
            fault.remedy("Check the permissions of the file and its directory");
        } else if (cause instanceof ClosedByInterruptException) {
            // The JDK closes the channel of an interrupted thread; nothing can be read or written through it again.
            fault.remedy("Open the file again from a thread that is not interrupted");
        } else if (cause instanceof ClosedChannelException) {
            fault.remedy("Open the file again");
        } else if (otherRemedy != null) {
            fault.remedy(otherRemedy);
        }
        return fault.build();
    }

    public static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is none";
        }
        if (cause instanceof AccessDeniedException) {
            return "access denied";
        }
        if (cause instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        if (cause instanceof ClosedChannelException) {
            return "the channel is closed";
        }
        String text = cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : SafeText.escape(text);
    }

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

    /** {@link #limit(Location, String, String, Throwable)} where a higher limit is all that helps. */
    public static NpzException limit(Location location, String purpose, Throwable cause) {
        return limit(location, purpose, "Give the allocator a higher limit", cause);
    }

    /** LIMIT: the allocator cannot give the memory that is needed for what the text says. */
    public static NpzException limit(Location location, String purpose, String remedy, Throwable cause) {
        return location.error(ErrorCode.LIMIT, "the allocator cannot give the memory " + purpose)
                .remedy(remedy)
                .cause(cause)
                .build();
    }

    /** Closes where an exception is under way already, or where nothing can be lost. */
    public static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException ignored) {
            // Only read from, or about to be deleted: no data hangs on it.
        }
    }
}
