package org.arrownpz.compare.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table that leads a comparison's verdict.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param role what it stands for: the file itself (or NPZ, where there is no file), the fastest to read, the smallest
 * @param form the form
 * @param reader who reads it fastest
 * @param bytes its size
 * @param read opening and reading every value
 * @param write writing; null for the user's own file, which nobody wrote here
 * @param lost what this library does not bring back from it
 * @param lostElsewhere what others do not see in it
 */
public record Choice(
        Role role,
        FileForm form,
        String reader,
        long bytes,
        Measurement read,
        @Nullable Measurement write,
        List<String> lost,
        List<String> lostElsewhere) {
    /** What a row stands for. */
    public enum Role {
        NOW("as it is"),
        FASTEST("fastest to read"),
        SMALLEST("smallest");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** The name for people. */
        public String label() {
            return label;
        }
    }

    public Choice {
        lost = List.copyOf(lost);
        lostElsewhere = List.copyOf(lostElsewhere);
    }
}
