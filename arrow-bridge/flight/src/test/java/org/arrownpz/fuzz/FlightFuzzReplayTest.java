package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.arrownpz.flight.ClientInput.Kind;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, through the target for commands and tickets. */
class FlightFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() {
        Map<String, byte[]> seeds = FlightSeeds.all();
        assertThat(seeds).hasSizeGreaterThan(150);
        Replay.all(seeds, FlightCommandsTarget::fuzzerTestOneInput);
        Replay.all(
                SeedFiles.regressions(FlightCommandsTarget.class.getSimpleName()),
                FlightCommandsTarget::fuzzerTestOneInput);
    }

    @Test
    void takesAnyBytes() {
        for (int kind = 0; kind < Kind.values().length; kind++) {
            for (int length = 1; length < 60; length++) {
                byte[] input = new byte[length];
                input[0] = (byte) kind;
                FlightCommandsTarget.fuzzerTestOneInput(input);
            }
        }
    }
}
