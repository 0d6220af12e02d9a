package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files beyond the limits of 16, 31 and 32 bits, in a JVM of 256 MB heap. */
class LargeFilesTest {
    private static void run(Path scratch, String... arguments) throws Exception {
        Forks.Outcome outcome = Forks.run(scratch, LargeRun.class, List.of("-Xmx256m"), arguments);

        assertThat(outcome.lines()).last().isEqualTo("done");
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"65534", "65535", "65536", "70000"})
    @Tag("nightly")
    void readsBackAsManyMembersAsItWrites(String members, @TempDir Path scratch) throws Exception {
        run(scratch, "members", scratch.toString(), members);
    }

    @Test
    void readsSparseArraysOfMoreElementsThanAnInt(@TempDir Path scratch) throws Exception {
        run(scratch, "sparse", scratch.toString());
    }

    @Test
    @Tag("soak")
    void writesAndReadsMembersAndOffsetsBeyond32Bits(@TempDir Path scratch) throws Exception {
        run(scratch, "large", scratch.toString());
    }

    @Test
    @Tag("soak")
    void alignsMembersBeyond32Bits(@TempDir Path scratch) throws Exception {
        run(scratch, "align", scratch.toString());
    }
}
