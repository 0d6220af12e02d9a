package org.arrownpz.cli.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.io.ByteSources;

/**
 * The one place where words of the command become paths: of files, and of URLs, which are read and
 * written where they are. */
public final class Urls {
    /** A URL whose path ends in the name of an array, which is the second group; the third is its query. */
    static final Pattern ARRAY = Pattern.compile("([^?#:]+://[^?#]+/[^/?#:]+):([^/?#]+)((?:[?#].*)?)", Pattern.DOTALL);

    private Urls() {}

    /** Whether a name is a URL that is read. */
    public static boolean isUrl(String name) {
        return isObject(name)
                || name.regionMatches(true, 0, "http://", 0, 7)
                || name.regionMatches(true, 0, "https://", 0, 8);
    }

    /** Whether a name is an object's of a bucket, which is written, too. */
    static boolean isObject(String name) {
        return name.regionMatches(true, 0, "s3://", 0, 5);
    }

    /** The path that a name is one of: of a URL, one behind its server, which is not asked yet. */
    public static Path path(String name) {
        if (!isUrl(name)) {
            return Path.of(name);
        }
        try {
            return ByteSources.path(isObject(name) ? object(name) : URI.create(name));
        } catch (NpzException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | URISyntaxException e) {
            // Whose message holds what may be a secret.
            throw new UsageException(
                    isObject(name)
                            ? "an object is named s3://BUCKET/KEY"
                            : "an input that begins with http is no URL (a blank is %20)");
        }
    }

    /** Keys are names as they are, without escapes and queries. */
    private static URI object(String name) throws URISyntaxException {
        int slash = name.indexOf('/', 5);
        return new URI("s3", name.substring(5, Math.max(5, slash)), name.substring(Math.max(5, slash)), null, null);
    }

    /** The files of a directory, in the order of their names. */
    static List<String> list(Path directory, Predicate<Path> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (wanted.test(file)) {
                    names.add(file.toString());
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }
}
