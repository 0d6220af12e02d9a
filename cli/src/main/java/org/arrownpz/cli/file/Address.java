package org.arrownpz.cli.file;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * An input as it is named: a file, or {@code FILE:NAME}, one array of an archive, a safetensors file or a directory of
 * {@code .npy} files. A file that is called so itself comes first.
 *
 * @param path the file
 * @param array the array's name, or null where all of the file is meant
 */
public record Address(String path, @Nullable String array) {
    /** Looks which file a name means; an array of a directory is a file of its own. */
    public static Address of(String name) {
        if (Urls.isUrl(name)) {
            return ofUrl(name);
        }
        int colon = name.indexOf(':');
        if (colon <= 0 || exists(name)) {
            return new Address(name, null);
        }
        for (; colon > 0 && colon < name.length() - 1; colon = name.indexOf(':', colon + 1)) {
            String path = name.substring(0, colon);
            String array = name.substring(colon + 1);
            if (!exists(path)) {
                continue;
            }
            return Files.isDirectory(Path.of(path))
                    ? new Address(
                            Path.of(path)
                                    .resolve(ArraySet.require(array, ArraySet.files(path)) + ArraySet.NPY)
                                    .toString(),
                            null)
                    : new Address(path, array);
        }
        return new Address(name, null);
    }

    /** The last part of a URL's path may name an array; no server is asked whether a file is called so. */
    private static Address ofUrl(String name) {
        Matcher array = Urls.ARRAY.matcher(name);
        return array.matches() ? new Address(array.group(1) + array.group(3), array.group(2)) : new Address(name, null);
    }

    /** Whether a name is one of an array within a file. */
    public static boolean isArray(String name) {
        return name.indexOf(':') > 0 && !of(name).path().equals(name);
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
