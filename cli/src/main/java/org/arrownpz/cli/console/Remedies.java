package org.arrownpz.cli.console;

import java.util.Map;
import java.util.regex.Pattern;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Puts the library's advice to programs in the words of the command. */
final class Remedies {
    /** Of classes and methods. */
    private static final Pattern JAVA =
            Pattern.compile("\\b[A-Z][a-z]+[A-Za-z]*\\.[a-z][A-Za-z]+|\\b[a-z]+[A-Z][a-z]\\w*\\(");

    private static final Map<String, String> WORDS = Map.of(
            "ReadLimits.withRecordFields (--max-header-size on the command line)", "--max-header-size",
            "ReadLimits.withHeaderCharacters (--max-header-size on the command line)", "--max-header-size",
            "(WriteOptions.withOverwrite, --force)", "(--force)",
            "Read a sparse matrix with SparseMatrix",
                    "Read a sparse matrix with SciPy, or its arrays with --array NAME",
            "with NpzFile (--array NAME on the command line)", "with --array NAME",
            "with order STABLE_SORT", "with --order sort",
            "with order RUNS, or read all batches into one root and pack that", "with --order runs or --order sort",
            "Give the allocator a higher limit", "Raise --memory-limit",
            "Open it with Bus.open", "Choose a frame with --frame LABEL",
            "name them with ReadOptions.withSmallFloat", "name them with --dtype ARRAY=TYPE");

    private Remedies() {}

    /** The message of a failure, without an advice that only programs can follow. */
    static String ofCommand(NpzException failure) {
        String message = ofCommand(String.valueOf(failure.getMessage()));
        @Nullable String remedy = failure.remedy();
        String ours = remedy == null ? "" : ofCommand(remedy);
        return JAVA.matcher(ours).find() && message.endsWith(ours)
                ? message.substring(0, message.length() - ours.length()).replaceFirst("[. ]+$", "")
                : message;
    }

    static String ofCommand(String text) {
        String words = text;
        for (Map.Entry<String, String> entry : WORDS.entrySet()) {
            words = words.replace(entry.getKey(), entry.getValue());
        }
        return words;
    }
}
