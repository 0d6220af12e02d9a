package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.safety.Forks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that change while they are served, at random moments. The JVM that serves them is another one, for it may die. Only
 * in the long form, since it takes thousands of changes to meet a moment: {@link CutServedFilesTest} meets them one by one.
 */
class ChangingServedFilesTest {
    @TempDir
    Path scratch;

    private void serve(int changes) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("data"));
        Forks.Outcome outcome = Forks.run(
                scratch, FlightChangeRun.class, List.of("-Xmx256m"), folder.toString(), Integer.toString(changes), "1");

        outcome.lines().forEach(System.out::println);
        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).endsWith("changes " + changes, "done");
    }

    @Test
    @Tag("soak")
    void areTypedErrorsOrTheRightDataAndOthersAreServedOn() throws Exception {
        serve(2000);
    }
}
