package org.arrownpz.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What KilledWritersTest says of its writers, for Feather and Parquet. */
class KilledBridgeWritersTest {
    private static final long SEED = 20261122;

    @TempDir
    Path directory;

    private Kills kills(int wanted, int copies) {
        return new Kills(directory, BridgeWriterLoops.class, BridgeWriter.ALL, wanted, copies, SEED);
    }

    @Test
    void killedWritersLeaveTheOldContentOrTheNewOne() throws Exception {
        kills(20, 1).run();
    }

    @Test
    @Tag("soak")
    void aThousandKillsPerWriterLeaveTheOldContentOrTheNewOne() throws Exception {
        kills(Integer.getInteger("crash.kills", 1_000), Integer.getInteger("crash.targets", 1))
                .run()
                .forEach(System.out::println);
    }
}
