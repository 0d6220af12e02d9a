package org.arrownpz.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What PowerLossTest says of its writers, for Feather. */
@ExtendWith(LeakCheck.class)
class FeatherPowerLossTest {
    @Test
    void everyStateHoldsTheOldContentOrTheNewOne(BufferAllocator allocator) throws Exception {
        int states = 0;
        try (Contents contents = new Contents(1_200)) {
            for (int old = 0; old < 2; old++) {
                Replay replay = new Replay(allocator, contents, BridgeWriter.FEATHER, Durability.FSYNC, old, 1 - old);
                replay.run();
                states += replay.states();
            }
        }
        assertThat(states).isGreaterThan(500);
    }
}
