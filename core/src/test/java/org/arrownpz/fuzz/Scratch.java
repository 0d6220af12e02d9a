package org.arrownpz.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of this process, which goes with it. With the system property {@code fuzz.guard} it lies in memory, where
 * the system has such.
 */
public final class Scratch {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static volatile boolean gone;
    private static final Path DIRECTORY = create();

    private Scratch() {}

    public static Path directory() {
        return DIRECTORY;
    }

    private static Path create() {
        try {
            Path made = Boolean.getBoolean("fuzz.guard") && Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "arrow-npz-fuzz")
                    : Files.createTempDirectory("arrow-npz-fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process ends, so that files go away under whoever still reads them. */
    static boolean isGone() {
        return gone;
    }

    private static void delete(Path directory) {
        gone = true;
        try (Stream<Path> walk = Files.walk(directory)) {
            List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Nothing to be done at the end of the process.
        }
    }
}
