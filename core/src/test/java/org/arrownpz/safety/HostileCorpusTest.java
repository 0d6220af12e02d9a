package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of the hostile corpus, read in one JVM of 256 MiB heap, 512 KiB stacks and 64 MiB of allocator memory: right
 * verdict, right values, right message, in time, and nothing left behind.
 */
class HostileCorpusTest {
    /** {@code should} rows with another outcome than the corpus prefers; each is one that it tolerates. */
    private static final Map<String, String> DEVIATIONS = Map.of(
            // Long double is handed out as the opaque bytes it is stored as.
            "npy/descr_should_f16_longdouble.npy", HostileRun.ACCEPTED,
            // Read as NumPy does, which the corpus has for an alternative.
            "npy/descr_should_M8_divisor.npy", HostileRun.ACCEPTED,
            "npy/descr_should_V0.npy", HostileRun.ACCEPTED,
            "npy/pyism_alias_a5.npy", HostileRun.ACCEPTED,
            "npy/pyism_leading_zero_size.npy", HostileRun.ACCEPTED,
            // NumPy finds it cut short, too: 4 bytes for each 8 of a C long.
            "npy/pyism_alias_l.npy", "DATA_TRUNCATED",
            // Text that UTF-8 cannot spell stays in UCS-4 (MisfitPolicy.KEEP_STORAGE, the default; REFUSE refuses it).
            "npy/val_U_surrogate.npy", HostileRun.ACCEPTED,
            "npy/val_U_surrogate_pair.npy", HostileRun.ACCEPTED,
            // Members are inflated one by one: the first fits into the allocator and is served, the others are refused.
            "npz/bomb_16_members.npz", HostileRun.PARTLY + "LIMIT");

    private static Forks.Outcome outcome;
    private static final Map<String, List<String[]>> RESULTS = new HashMap<>();

    @BeforeAll
    static void readsTheWholeCorpusInOneSmallJvm(@TempDir Path scratch) throws Exception {
        outcome = Forks.run(scratch, HostileRun.class, List.of("-Xmx256m", "-Xss512k"));
        for (String line : outcome.lines()) {
            String[] cells = line.split("\t", -1);
            if (cells.length == 6) {
                RESULTS.computeIfAbsent(cells[0], file -> new ArrayList<>()).add(cells);
            }
        }
    }

    static List<HostileCase> rows() {
        return HostileCase.all();
    }

    @Test
    void theJvmSurvives() {
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).last().isEqualTo("done");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void behavesAsStated(HostileCase row) {
        List<String[]> results = RESULTS.get(row.file());
        assertThat(results).as("%s", outcome.lines()).hasSize(row.levels().size());
        for (String[] result : results) {
            String where = result[1] + ": " + result[2] + " " + result[4];
            assertThat(result[5]).as(where).isEmpty();
            String deviation = DEVIATIONS.get(row.file());
            if (deviation != null) {
                assertThat(row.must()).isFalse();
                assertThat(result[2]).as(where).isEqualTo(deviation);
            } else if (row.accept()) {
                assertThat(result[2]).as(where).isEqualTo(HostileRun.ACCEPTED);
            } else {
                assertThat(result[2]).as(where).isIn(row.codes());
            }
        }
    }
}
