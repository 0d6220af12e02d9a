package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How comparisons run. Immutable.
 *
 * @param rounds how often each call has its turn at most; slow ones have fewer, but three at least
 * @param directory where the files lie meanwhile, about eight times the data; null for the system's directory
 * @param progress is told what goes on
 */
public record CompareOptions(int rounds, @Nullable Path directory, Consumer<String> progress) {
    private static final CompareOptions DEFAULTS = new CompareOptions(15, null, text -> {});

    public CompareOptions {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds are at least 1, not " + rounds);
        }
    }

    /** Fifteen rounds in the system's directory of temporary files, in silence. */
    public static CompareOptions defaults() {
        return DEFAULTS;
    }

    public CompareOptions withRounds(int value) {
        return new CompareOptions(value, directory, progress);
    }

    public CompareOptions withDirectory(@Nullable Path value) {
        return new CompareOptions(rounds, value, progress);
    }

    public CompareOptions withProgress(Consumer<String> value) {
        return new CompareOptions(rounds, directory, value);
    }
}
