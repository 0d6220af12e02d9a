package org.arrownpz.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Temporary directories of tests lie in memory where the system has a disk there: forcing bytes to a real one is most of
 * what some tests take. At night they lie on the disk. {@code junit-platform.properties} names this class.
 */
public final class Scratch implements TempDirFactory {
    private static final long ENOUGH = 2L << 30;

    /** Where they are made. */
    public static Path place() {
        File memory = new File("/dev/shm");
        boolean room = !Effort.NIGHTLY && memory.canWrite() && memory.getUsableSpace() >= ENOUGH;
        return room ? memory.toPath() : Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Files.createTempDirectory(place(), "j-");
    }
}
