package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files cut short at every few pages under their mapping. What the JVM does about it depends on the compiler whose code
 * reads, so that there is a JVM for each in which nothing of ours, of Arrow's and of what they read by is interpreted.
 */
class VanishingPagesTest {
    private static final String[] COMPILED = {
        "-XX:CompileCommand=quiet",
        "-XX:CompileCommand=compileonly,org.arrownpz.*::*",
        "-XX:CompileCommand=compileonly,org.apache.arrow.*::*",
        "-XX:CompileCommand=compileonly,java.util.*::*",
        "-XX:CompileCommand=compileonly,jdk.internal.*::*"
    };

    @Test
    void isATypedErrorInCodeOfTheQuickCompiler(@TempDir Path scratch) throws Exception {
        check(scratch, Effort.NIGHTLY ? "24" : "120", "-XX:TieredStopAtLevel=1");
    }

    @Test
    @Tag("nightly")
    void isATypedErrorInCodeOfTheOptimisingCompiler(@TempDir Path scratch) throws Exception {
        check(scratch, "64", "-XX:-TieredCompilation");
    }

    @Test
    @Tag("soak")
    void isATypedErrorAtMorePagesInCodeOfTheQuickCompiler(@TempDir Path scratch) throws Exception {
        check(scratch, "8", "-XX:TieredStopAtLevel=1");
    }

    @Test
    @Tag("soak")
    void isATypedErrorAtMorePagesInCodeOfTheOptimisingCompiler(@TempDir Path scratch) throws Exception {
        check(scratch, "16", "-XX:-TieredCompilation");
    }

    private static void check(Path scratch, String stride, String compiler) throws Exception {
        List<String> flags = new ArrayList<>(List.of("-Xmx256m", "-Xcomp", compiler));
        flags.addAll(List.of(COMPILED));

        Forks.Outcome outcome = Forks.run(scratch, VanishRun.class, flags, scratch.toString(), stride);

        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).last().isEqualTo("done");
        assertThat(outcome.lines())
                .filteredOn(line -> line.contains("FILE_CHANGED"))
                .hasSizeGreaterThanOrEqualTo(6);
    }
}
