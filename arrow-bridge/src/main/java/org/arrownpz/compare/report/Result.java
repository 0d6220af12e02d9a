package org.arrownpz.compare.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a comparison.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param form what was written or read; null for floors
 * @param program the class or call that wrote or read it, or the name of the floor
 * @param kind who made the program
 * @param times what was measured
 * @param lazy the part of the values that opening only maps, 0 to 1: reading them comes later, see {@link
 *     Operation#TOUCH}
 * @param checksum the sum of all values as this reader gave them; null for writers and floors
 * @param notes for instance, which columns came as other types
 */
public record Result(
        @Nullable FileForm form,
        String program,
        Kind kind,
        Map<Operation, Measurement> times,
        double lazy,
        @Nullable String checksum,
        List<String> notes) {
    /** Who made the program of a line. */
    public enum Kind {
        /** Nobody: the minimum of work for any program. */
        FLOOR,
        /** This library. */
        OURS,
        /** Others. */
        PEER;

        /** The name in JSON. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Result {
        times = Map.copyOf(times);
        notes = List.copyOf(notes);
    }

    public static Result floor(String name, Operation operation, Measurement time) {
        return new Result(null, name, Kind.FLOOR, Map.of(operation, time), 0, null, List.of());
    }

    /** A time, or null where there is none. */
    public @Nullable Measurement time(Operation operation) {
        return times.get(operation);
    }

    /** Whether opening leaves a good part of the values unread. */
    public boolean isLazy() {
        return lazy >= 0.05;
    }
}
