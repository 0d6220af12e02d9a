package org.arrownpz.damage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Effort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are nearly right, read by this library and by NumPy: what both take is the same dtype, shape, order and
 * bytes, and every difference in verdict is on a written list ({@code numpy_deviations.tsv}) with the reason. Runs where
 * {@code python3} has NumPy; the hostile corpus with NumPy's recorded verdicts takes its place elsewhere.
 */
class DifferentialFuzzTest {
    private static final int BATCH = 250;
    private static final long SEED = 20_261_121;

    @TempDir
    private static Path directory;

    @Test
    void readsWhatNumpyReadsOrSaysWhyNot() throws Exception {
        run(SEED, Effort.of(700, 5_000), false);
    }

    @Test
    @Tag("soak")
    void readsWhatNumpyReadsOrSaysWhyNotInManyFiles() throws Exception {
        run(SEED + 1, 200_000, true);
    }

    private static void run(long seed, int files, boolean report) throws Exception {
        try (NumpyJudge numpy = NumpyJudge.start(directory)) {
            if (numpy == null) {
                return;
            }
            Comparison comparison = new Comparison();
            try (BufferAllocator allocator = new RootAllocator()) {
                Random random = new Random(seed);
                ArrayMutants arrays = new ArrayMutants(random, Seeds.arrays());
                ArchiveMutants archives = new ArchiveMutants(random, Seeds.archives(directory), arrays);
                for (int done = 0; done < files; done += BATCH) {
                    List<Claim> claims = new ArrayList<>();
                    for (int i = 0; i < BATCH; i++) {
                        claims.add(Claim.of(allocator, i % 5 < 3 ? arrays.next() : archives.next()));
                        assertThat(allocator.getAllocatedMemory()).isZero();
                    }
                    JsonNode answers = numpy.ask(claims);
                    for (int i = 0; i < BATCH; i++) {
                        comparison.add(claims.get(i), answers.get(i));
                    }
                }
            }
            if (report) {
                System.out.println(comparison);
            }
            assertThat(comparison.differences.subList(0, Math.min(9, comparison.differences.size())))
                    .isEmpty();
            if (numpy.listed()) {
                assertThat(comparison.deviations.unlisted()).isEmpty();
            }
            // Mutants of which nothing is read test nothing.
            assertThat(comparison.verdicts.get("both read")).isGreaterThan(files / 5);
        }
    }

    /** All verdicts so far. */
    private static final class Comparison {
        private final Deviations deviations;
        private final Map<String, Integer> verdicts = new TreeMap<>();
        private final List<String> differences = new ArrayList<>();

        Comparison() throws Exception {
            deviations = Deviations.read();
        }

        void add(Claim claim, JsonNode answer) {
            String example = HexFormat.of().formatHex(claim.file());
            difference(answer, example);
            if (!answer.has("members")) {
                verdict(claim.fault(), answer.get("refused"), claim.file(), "", example);
                return;
            }
            boolean takenByNumpy = true;
            for (JsonNode member : answer.get("members")) {
                takenByNumpy &= !member.has("refused");
            }
            if (claim.fault() != null) {
                if (takenByNumpy) {
                    deviations.refused(claim.fault(), example);
                }
                count(takenByNumpy ? "read by NumPy only" : "both refuse");
                return;
            }
            count("both read");
            answer.get("members").fields().forEachRemaining(member -> {
                difference(member.getValue(), example);
                Claim.Refusal fault = claim.memberFaults().get(member.getKey());
                verdict(fault, member.getValue().get("refused"), claim.file(), " (member)", example);
            });
        }

        private void difference(JsonNode answer, String example) {
            if (answer.has("difference")) {
                differences.add(answer.get("difference").asText() + ": " + example);
            }
        }

        private void verdict(
                Claim.@Nullable Refusal fault, @Nullable JsonNode refusal, byte[] file, String of, String example) {
            if (fault == null && refusal != null) {
                deviations.taken(refusal.asText(), file, example);
                count("read by us only" + of);
            } else if (fault != null && refusal == null) {
                deviations.refused(fault, example);
                count("read by NumPy only" + of);
            } else {
                count((fault == null ? "both read" : "both refuse") + of);
            }
        }

        private void count(String verdict) {
            verdicts.merge(verdict, 1, Integer::sum);
        }

        @Override
        public String toString() {
            return "differential: " + verdicts + "\n" + String.join("\n", deviations.counts());
        }
    }
}
