package org.arrownpz.crash;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Feather and Parquet; in the long form the writers of both modules.
 *
 * <p>The long form takes {@code -Dcrash.kills=1000} kills of each writer in the course of a write, with {@code
 * -Dcrash.lanes=2} processes at a time. With more than {@code -Dcrash.targets=1} target for each writer one kill cuts
 * several of its writes short, which then count one by one.
 */
class KilledBridgeWritersTest extends KilledWriters {
    KilledBridgeWritersTest() {
        super(BridgeWriterLoops.class, BridgeWriter.ALL);
    }

    private void soak(Class<?> main, List<CrashWriter> writers) throws Exception {
        int kills = Integer.getInteger("crash.kills", 1_000);
        int targets = Integer.getInteger("crash.targets", 1);
        new Kills(directory, main, writers, kills, targets, SEED).run().forEach(System.out::println);
    }

    @Test
    @Tag("soak")
    void aThousandKillsOfEachWriterInJavaLeaveTheOldContentOrTheNewOne() throws Exception {
        soak(BridgeWriterLoops.Plain.class, BridgeWriterLoops.Plain.WRITERS);
    }

    @Test
    @Tag("soak")
    void aThousandKillsOfParquetsWriterLeaveTheOldContentOrTheNewOne() throws Exception {
        soak(BridgeWriterLoops.Native.class, BridgeWriterLoops.Native.WRITERS);
    }
}
