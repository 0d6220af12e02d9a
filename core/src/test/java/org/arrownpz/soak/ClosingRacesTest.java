package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.safety.Forks;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that some threads use while another closes them. The JVM that does it is another one, for it may die. */
class ClosingRacesTest {
    @TempDir
    Path scratch;

    private void race(int races) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("data"));
        Forks.Outcome outcome = Forks.run(
                scratch, CloseRaceRun.class, List.of("-Xmx256m"), folder.toString(), Integer.toString(races), "1");

        outcome.lines().forEach(System.out::println);
        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).endsWith("races " + races, "done");
    }

    @Test
    void givesTheRightDataOrATypedErrorWhenAnotherThreadCloses() throws Exception {
        race(Effort.of(140, 1400));
    }

    @Test
    @Tag("soak")
    void givesTheRightDataOrATypedErrorInTenThousandRaces() throws Exception {
        race(11_200);
    }
}
