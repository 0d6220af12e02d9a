package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, through the target for IPC. */
class IpcFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() {
        Map<String, byte[]> seeds = IpcSeeds.all();
        assertThat(seeds).hasSizeGreaterThan(150);
        Replay.all(seeds, MappedIpcTarget::fuzzerTestOneInput);
        Replay.all(SeedFiles.regressions(MappedIpcTarget.class.getSimpleName()), MappedIpcTarget::fuzzerTestOneInput);
    }

    @Test
    void takesAnyBytes() {
        for (int length = 0; length < 20; length++) {
            MappedIpcTarget.fuzzerTestOneInput(new byte[length]);
        }
    }
}
