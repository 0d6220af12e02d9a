package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.arrownpz.sql.internal.worker.PipeInput;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, and these with changed bytes, through the target for messages. */
class WorkerFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() throws Exception {
        Map<String, byte[]> seeds = PipeInput.seeds();
        assertThat(seeds).hasSizeGreaterThan(10);
        Replay.all(seeds, WorkerMessagesTarget::fuzzerTestOneInput);
        Replay.all(
                SeedFiles.regressions(WorkerMessagesTarget.class.getSimpleName()),
                WorkerMessagesTarget::fuzzerTestOneInput);
    }

    @Test
    void changedMessagesAreRefusedOrRead() throws Exception {
        Random random = new Random(1);
        for (byte[] seed : PipeInput.seeds().values()) {
            for (int i = 0; i < 200; i++) {
                byte[] changed = seed.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                WorkerMessagesTarget.fuzzerTestOneInput(changed);
            }
        }
    }
}
