package org.arrownpz.crash;

import java.nio.file.Path;
import java.util.List;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that replaces files is killed with SIGKILL at random moments: each target holds the old content or the new
 * one, byte for byte, nothing but the documented temporary files lies beside it, and the next write removes them.
 */
public abstract class KilledWriters {
    static final long SEED = 20261121;

    private final Class<?> main;
    private final List<CrashWriter> writers;

    @TempDir
    Path directory;

    /** @param main runs {@link WriterLoops#run} with these writers */
    protected KilledWriters(Class<?> main, List<CrashWriter> writers) {
        this.main = main;
        this.writers = writers;
    }

    @Test
    void killedWritersLeaveTheOldContentOrTheNewOne() throws Exception {
        new Kills(directory, main, writers, Effort.of(1, 20), 1, SEED).run();
    }
}
