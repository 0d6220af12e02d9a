package org.arrownpz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every seed and every finding of the past, through its target. */
class FuzzReplayTest {
    private record Target(Class<?> type, Consumer<byte[]> entry) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    static List<Target> targets() {
        return List.of(
                new Target(NpyHeaderTarget.class, NpyHeaderTarget::fuzzerTestOneInput),
                new Target(NpyFileTarget.class, NpyFileTarget::fuzzerTestOneInput),
                new Target(ZipDirectoryTarget.class, ZipDirectoryTarget::fuzzerTestOneInput),
                new Target(NpzFrameTarget.class, NpzFrameTarget::fuzzerTestOneInput),
                new Target(DirectoryFrameTarget.class, DirectoryFrameTarget::fuzzerTestOneInput),
                new Target(ArrowMetadataTarget.class, ArrowMetadataTarget::fuzzerTestOneInput),
                new Target(SafetensorsTarget.class, SafetensorsTarget::fuzzerTestOneInput));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void everySeedAndRegressionHolds(Target target) {
        Map<String, byte[]> seeds = Seeds.of(target.type);
        assertThat(seeds).hasSizeGreaterThan(80);
        Replay.all(seeds, target.entry);
        Replay.all(SeedFiles.regressions(target.type.getSimpleName()), target.entry);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void everyTargetTakesAnyBytes(Target target) {
        for (int length = 0; length < 20; length++) {
            target.entry.accept(new byte[length]);
        }
    }
}
