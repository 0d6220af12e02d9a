package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while they are read. The JVM that reads them is another one, for it may die. */
class ChangingFilesTest {
    private static final int ROUNDS = Effort.of(100, 600);
    private static final int MANY = 10_000;

    @Test
    void givesTypedErrorsOrTheRightDataAndNeverEndsTheJvm(@TempDir Path scratch) throws Exception {
        check(races(scratch, ROUNDS, 1));
    }

    @Test
    @Tag("soak")
    void givesTypedErrorsOrTheRightDataInTenThousandChanges(@TempDir Path scratch) throws Exception {
        Forks.Outcome outcome = races(scratch, MANY, 2);

        outcome.lines().forEach(System.out::println);
        check(outcome);
        assertThat(outcome.lines()).contains("rounds " + MANY);
    }

    private static Forks.Outcome races(Path scratch, int rounds, int seed) throws Exception {
        return Forks.run(
                scratch,
                RaceRun.class,
                List.of("-Xmx256m"),
                scratch.toString(),
                Integer.toString(rounds),
                Integer.toString(seed));
    }

    private static void check(Forks.Outcome outcome) {
        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).last().isEqualTo("done");
        assertThat(outcome.lines()).anyMatch(line -> line.contains("FILE_CHANGED"));
    }
}
