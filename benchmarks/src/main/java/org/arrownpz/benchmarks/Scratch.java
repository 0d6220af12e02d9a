package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.arrownpz.compare.FileForm;

/**
 * A directory for a benchmark's files, which is deleted in the end.
 *
 * @param directory where
 */
public record Scratch(Path directory) implements AutoCloseable {
    /** A new directory. */
    public static Scratch make() throws IOException {
        return new Scratch(Files.createTempDirectory("arrow-npz-benchmarks"));
    }

    Path file(FileForm form) {
        return directory.resolve(form.fileName());
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Deletes a file, or a directory and all that is in it. */
    static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }
}
