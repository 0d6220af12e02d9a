package org.arrownpz;

import org.jspecify.annotations.Nullable;

/**
 * The place that a message is about: a file and, in archives and directories, a member.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param file the file as the caller named it, or null for unnamed buffers
 * @param member the member's name, or null for the file itself
 */
public record Location(@Nullable String file, @Nullable String member) {
    public static Location ofFile(@Nullable String file) {
        return new Location(file, null);
    }

    public Location member(String name) {
        return new Location(file, name);
    }

    /** Starts an exception that names this place. */
    public NpzException.Builder error(ErrorCode code, String problem) {
        return NpzException.of(code, problem).file(file).member(member);
    }

    /** An exception that names this place, and has no more to say. */
    public NpzException fault(ErrorCode code, String problem) {
        return error(code, problem).build();
    }

    /** An exception that names this place: what was expected, and what was found instead, in the order of assertions. */
    public NpzException fault(ErrorCode code, String problem, @Nullable Object expected, @Nullable Object found) {
        return error(code, problem).expected(expected).found(found).build();
    }
}
