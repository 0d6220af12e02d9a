package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Files as statements name them: a path, or {@code ARCHIVE.npz:NAME}, one array of an archive. */
final class FileName {
    static final List<String> EXTENSIONS = List.of(".npz", ".npy", ".feather", ".arrow", ".ipc", ".arrows", ".parquet");

    /** The extensions of files that each statement reads anew and as a whole, and so only where it may. */
    private static final List<String> TEXT_EXTENSIONS = List.of(".csv", ".json", ".jsonl", ".ndjson");

    private static final String ARCHIVE = ".npz:";

    private FileName() {}

    /**
     * Whether a string after FROM or JOIN is a table.
     *
     * @param texts whether files of text are
     */
    static boolean isTable(String text, boolean texts) {
        String extension = extension(text);
        return EXTENSIONS.contains(extension) || (texts && TEXT_EXTENSIONS.contains(extension)) || array(text) != null;
    }

    private static String extension(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? "" : file.substring(dot).toLowerCase(Locale.ROOT);
    }

    /** The file's path. */
    static String path(String file) {
        int array = arrayStart(file);
        return array < 0 ? file : file.substring(0, array - 1);
    }

    /** The array's name, or null where it is all of a file. */
    static @Nullable String array(String file) {
        int array = arrayStart(file);
        return array < 0 ? null : file.substring(array);
    }

    private static int arrayStart(String file) {
        int archive = file.toLowerCase(Locale.ROOT).indexOf(ARCHIVE);
        boolean named = archive >= 0 && archive + ARCHIVE.length() < file.length();
        return named ? archive + ARCHIVE.length() : -1;
    }

    /** The name of a table that has no alias. */
    static String stem(String file) {
        String array = array(file);
        if (array != null) {
            return array;
        }
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        return name.substring(0, name.lastIndexOf('.'));
    }
}
