package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files as statements name them: a path, {@code ARCHIVE.npz:NAME} or {@code FILE.safetensors:NAME}, one array of it, or
 * {@code DIRECTORY/:NAME}, which is {@code DIRECTORY/NAME.npy}.
 */
final class FileName {
    static final List<String> EXTENSIONS = List.of(".npz", ".npy", ".feather", ".arrow", ".ipc", ".arrows", ".parquet");

    /** The extensions of files that each statement reads anew and as a whole, and so only where it may. */
    private static final List<String> TEXT_EXTENSIONS = List.of(".csv", ".tsv", ".json", ".jsonl", ".ndjson");

    private static final Pattern ARRAY =
            Pattern.compile("(.*?(?:\\.npz|\\.safetensors|(/))):(.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private FileName() {}

    /**
     * Whether a string after FROM or JOIN is a table.
     *
     * @param texts whether files of text are
     */
    static boolean isTable(String text, boolean texts) {
        String path = path(text);
        String extension = extension(path);
        String plain = extension.equals(".gz") ? extension(path.substring(0, path.length() - 3)) : extension;
        return EXTENSIONS.contains(extension) || (texts && TEXT_EXTENSIONS.contains(plain)) || array(text) != null;
    }

    private static String extension(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? "" : file.substring(dot).toLowerCase(Locale.ROOT);
    }

    /** The file's path. */
    static String path(String file) {
        Matcher array = ARRAY.matcher(file);
        if (!array.matches()) {
            return file;
        }
        return array.group(2) == null ? array.group(1) : array.group(1) + array.group(3) + ".npy";
    }

    /** The array's name, or null where it is all of a file. */
    static @Nullable String array(String file) {
        Matcher array = ARRAY.matcher(file);
        return array.matches() && array.group(2) == null ? array.group(3) : null;
    }

    /** The name of a table that has no alias. */
    static String stem(String file) {
        String array = array(file);
        if (array != null) {
            return array;
        }
        String path = path(file);
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return name.substring(0, name.lastIndexOf('.'));
    }
}
