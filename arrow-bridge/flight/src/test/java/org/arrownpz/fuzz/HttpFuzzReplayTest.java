package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.arrownpz.flight.RawRequests;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, and these with changed bytes, through the target for requests. */
class HttpFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() {
        Map<String, byte[]> seeds = RawRequests.seeds();
        assertThat(seeds).hasSizeGreaterThan(40);
        Replay.all(seeds, HttpRequestsTarget::fuzzerTestOneInput);
        Replay.all(
                SeedFiles.regressions(HttpRequestsTarget.class.getSimpleName()),
                HttpRequestsTarget::fuzzerTestOneInput);
    }

    @Test
    void changedRequestsAreRefusedOrAnswered() {
        Random random = new Random(1);
        for (byte[] seed : RawRequests.seeds().values()) {
            for (int i = 0; i < 10; i++) {
                byte[] changed = seed.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                HttpRequestsTarget.fuzzerTestOneInput(changed);
            }
        }
    }
}
