package org.arrownpz.flight.internal.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Folders that a caller may read, and those where it may also put files. Folders are paths from the served directory, which
 * is the empty one. Immutable.
 */
public final class Rights {
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String DEEP = "**";

    /** Everything. */
    public static final Rights ALL = of("write");

    private final List<String> reads = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();

    private Rights() {}

    /**
     * Reads what a file of tokens says: {@code read} or {@code write} of all folders, or of some: {@code read:eu/**} is
     * {@code eu} with all below it, {@code read:eu/*} is {@code eu} alone, and {@code read:*} is the served directory alone;
     * with commas between several. Writing includes reading.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Rights of(String text) {
        Rights rights = new Rights();
        for (String part : COMMA.split(text, -1)) {
            int colon = part.indexOf(':');
            String verb = colon < 0 ? part : part.substring(0, colon);
            String folder = colon < 0 ? DEEP : part.substring(colon + 1);
            if (!verb.equals("read") && !verb.equals("write") || !isPattern(folder)) {
                throw new IllegalArgumentException("rights are read or write, or of folders, such as read:eu/**");
            }
            rights.reads.add(folder);
            if (verb.equals("write")) {
                rights.writes.add(folder);
            }
        }
        return rights;
    }

    private static boolean isPattern(String folder) {
        String path = folder.endsWith(DEEP) ? folder.substring(0, folder.length() - 1) : folder;
        return path.endsWith("*")
                && path.indexOf('*') == path.length() - 1
                && (path.length() == 1 || path.endsWith("/*") && path.length() > 2)
                && !path.startsWith("/")
                && !path.contains("//");
    }

    /** Whether it may read the files of a folder. */
    public boolean reads(String folder) {
        return matches(reads, folder);
    }

    /** Whether it may put files into a folder. */
    public boolean writes(String folder) {
        return matches(writes, folder);
    }

    private static boolean matches(List<String> patterns, String folder) {
        String path = folder.isEmpty() ? "" : folder + "/";
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith(DEEP)
                        ? path.startsWith(pattern.substring(0, pattern.length() - 2))
                        : path.equals(pattern.substring(0, pattern.length() - 1)));
    }
}
