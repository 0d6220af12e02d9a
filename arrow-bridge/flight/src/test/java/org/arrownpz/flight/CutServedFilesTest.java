package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.arrownpz.safety.Forks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut short at one page after the other while they are served, in a JVM that compiles all that reads them. */
class CutServedFilesTest {
    @Test
    void areTypedErrorsThatLeaveNothing(@TempDir Path scratch) throws Exception {
        List<String> flags = List.of("-Xmx256m", "-Xcomp", "-XX:TieredStopAtLevel=1");

        Forks.Outcome outcome = Forks.run(scratch, CutServedRun.class, flags, scratch.toString());

        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).endsWith("done");
        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("FILE_CHANGED"));
    }
}
