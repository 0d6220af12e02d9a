package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.arrownpz.remote.internal.AnswerInput;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, and these with changed bytes, through the target for answers. */
class RemoteFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() {
        Map<String, byte[]> seeds = AnswerInput.seeds();
        assertThat(seeds).hasSizeGreaterThan(10);
        Replay.all(seeds, RemoteAnswersTarget::fuzzerTestOneInput);
        Replay.all(
                SeedFiles.regressions(RemoteAnswersTarget.class.getSimpleName()),
                RemoteAnswersTarget::fuzzerTestOneInput);
    }

    @Test
    void changedAnswersAreRefusedOrRead() {
        Random random = new Random(1);
        for (byte[] seed : AnswerInput.seeds().values()) {
            for (int i = 0; i < 200; i++) {
                byte[] changed = seed.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                RemoteAnswersTarget.fuzzerTestOneInput(changed);
            }
        }
    }
}
