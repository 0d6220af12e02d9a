package org.arrownpz.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process has mapped and opened, as Linux tells; empty lists elsewhere. */
public final class Maps {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private Maps() {}

    /** Whether the system tells; tests that count on it ask first. */
    public static boolean known() {
        return Files.isReadable(MAPS);
    }

    /** Paths of mapped files, one entry per mapping; deleted files end in {@code (deleted)}. */
    public static List<String> mappedFiles() {
        if (!known()) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> {
                // The path is the last field, and no other holds a slash.
                int path = line.indexOf('/');
                if (path > 0 && line.charAt(path - 1) == ' ') {
                    paths.add(line.substring(path));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return paths;
    }

    /** The number of mappings of a file that has this name in its directory. */
    public static long mappings(Path file) {
        String name = file.getFileName().toString();
        return mappedFiles().stream()
                .filter(path -> path.endsWith("/" + name) || path.endsWith("/" + name + " (deleted)"))
                .count();
    }

    /** Paths of open files, one entry per descriptor. */
    public static List<String> openFiles() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                try {
                    paths.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    // The descriptor of the listing itself, or of another thread.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return paths;
    }
}
