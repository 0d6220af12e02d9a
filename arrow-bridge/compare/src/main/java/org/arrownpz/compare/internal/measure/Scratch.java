package org.arrownpz.compare.internal.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** A temporary directory for a comparison's files. It is deleted by {@link #close} and when the JVM shuts down. */
public final class Scratch implements AutoCloseable {
    private final Path directory;
    private final Thread interrupted;

    private Scratch(Path directory) {
        this.directory = directory;
        this.interrupted = new Thread(this::deleteQuietly, "arrow-npz-compare-cleanup");
        Runtime.getRuntime().addShutdownHook(interrupted);
    }

    /**
     * Makes a directory.
     *
     * @param parent where; null for the system's directory of temporary files
     */
    public static Scratch in(@Nullable Path parent) throws NpzException {
        try {
            String prefix = "arrow-npz-compare-";
            return new Scratch(
                    parent == null ? Files.createTempDirectory(prefix) : Files.createTempDirectory(parent, prefix));
        } catch (IOException e) {
            throw Location.ofFile(parent == null ? System.getProperty("java.io.tmpdir") : parent.toString())
                    .error(ErrorCode.IO, "no directory for the comparison's files can be made here")
                    .remedy("Name a directory that may be written to, with room for about ten times the data")
                    .cause(e)
                    .build();
        }
    }

    /** A file or directory in it. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The bytes of a file or of all files of a directory. */
    public static long size(Path path) throws IOException {
        long bytes = 0;
        for (Path file : all(path)) {
            bytes += Files.isDirectory(file) ? 0 : Files.size(file);
        }
        return bytes;
    }

    /** Deletes a file or a directory and all that is in it. */
    public static void delete(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : all(path)) {
                Files.deleteIfExists(file);
            }
        }
    }

    // What is in a directory stands before it.
    private static List<Path> all(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private void deleteQuietly() {
        try {
            delete(directory);
        } catch (IOException | UncheckedIOException e) {
            // The JVM shuts down: nothing else can be done.
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            // The JVM shuts down already, and the hook deletes the directory too.
        }
        delete(directory);
    }
}
