package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How comparisons run. Immutable.
 *
 * @param rounds the most turns of each call; slow calls have fewer, but at least three
 * @param directory for the files, about ten times the data; null for the system's directory of temporary files
 * @param python the Python whose pandas, StaticFrame and NumPy read too, as far as it has them; null for none
 * @param progress gets a line of text for each step
 */
public record CompareOptions(
        int rounds, @Nullable Path directory, @Nullable String python, Consumer<String> progress) {
    private static final CompareOptions DEFAULTS = new CompareOptions(15, null, null, text -> {});

    public CompareOptions {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds are at least 1, not " + rounds);
        }
    }

    /** Fifteen rounds in the system's directory of temporary files, without reports of progress. */
    public static CompareOptions defaults() {
        return DEFAULTS;
    }

    /** With another number of turns, at least 1. */
    public CompareOptions withRounds(int value) {
        return new CompareOptions(value, directory, python, progress);
    }

    /** With another directory for the files, which are deleted in the end. */
    public CompareOptions withDirectory(@Nullable Path value) {
        return new CompareOptions(rounds, value, python, progress);
    }

    /** With the readers of a Python, by its path or name, or without. */
    public CompareOptions withPython(@Nullable String value) {
        return new CompareOptions(rounds, directory, value, progress);
    }

    /** With another receiver of progress. */
    public CompareOptions withProgress(Consumer<String> value) {
        return new CompareOptions(rounds, directory, python, value);
    }
}
