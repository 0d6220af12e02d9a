package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every seed and every finding of the past, and these with changed bytes, through the target for Parquet. */
class ParquetFuzzReplayTest {
    @Test
    void everySeedAndRegressionHolds() {
        Map<String, byte[]> seeds = ParquetWriterTarget.seeds();
        assertThat(seeds).hasSizeGreaterThan(40);
        Replay.all(seeds, ParquetWriterTarget::fuzzerTestOneInput);
        Replay.all(
                SeedFiles.regressions(ParquetWriterTarget.class.getSimpleName()),
                ParquetWriterTarget::fuzzerTestOneInput);
    }

    @Test
    void tablesOfAnyBytesComeBack() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] input = new byte[random.nextInt(600)];
            random.nextBytes(input);
            ParquetWriterTarget.fuzzerTestOneInput(input);
        }
    }
}
