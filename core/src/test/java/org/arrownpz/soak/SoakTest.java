package org.arrownpz.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.safety.Forks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good and hostile files opened, read, converted and closed over and over: what the process holds does not grow. */
class SoakTest {
    /** The heap has one size from the start, and one collector thread, so that resident memory is that of the rest. */
    private static final List<String> FLAGS = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    private static final int KILOBYTE = 1024;

    @TempDir
    Path scratch;

    /** Cycles so far, kilobytes of resident memory, open files, mappings. */
    private record Sample(long cycles, long resident, long open, long mapped) {
        static Sample of(String line) {
            String[] fields = line.split(" ");
            return new Sample(
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]));
        }
    }

    private List<Sample> cycles(int cycles) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("data"));
        Forks.Outcome outcome = Forks.run(scratch, SoakRun.class, FLAGS, folder.toString(), Integer.toString(cycles));
        outcome.lines().forEach(System.out::println);
        assertThat(outcome.lines()).filteredOn(line -> line.startsWith("BAD")).isEmpty();
        assertThat(outcome.exitCode()).as("%s", outcome.lines()).isZero();
        assertThat(outcome.lines()).endsWith("cycles " + cycles, "done");
        List<Sample> samples = outcome.lines().stream()
                .filter(line -> line.startsWith("sample "))
                .map(Sample::of)
                .toList();
        assertThat(samples).isNotEmpty().allSatisfy(sample -> {
            assertThat(sample.open()).as("open files").isZero();
            assertThat(sample.mapped()).as("mappings").isZero();
        });
        return samples;
    }

    @Test
    void leavesNoFilesAndNoMappingsBehind() throws Exception {
        cycles(80);
    }

    @Test
    @Tag("nightly")
    void leavesNoFilesNoMappingsAndNoMemoryBehind() throws Exception {
        List<Sample> samples = cycles(2000);

        long growth =
                samples.get(samples.size() - 1).resident() - samples.get(0).resident();
        assertThat(growth).isLessThan(200 * KILOBYTE);
    }

    @Test
    @Tag("soak")
    void residentMemoryStaysFlatOverAHundredThousandCycles() throws Exception {
        List<Sample> samples = cycles(100_000);

        // The first half warms up: code is compiled, pools of memory grow to what eight threads need.
        double slope = slope(samples.subList(samples.size() / 2, samples.size()));
        System.out.println("kilobytes per 10,000 cycles: " + 10_000 * slope);
        assertThat(10_000 * slope).isLessThan(KILOBYTE);
    }

    /** Kilobytes per cycle, by least squares. */
    private static double slope(List<Sample> samples) {
        double x = samples.stream().mapToLong(Sample::cycles).average().orElseThrow();
        double y = samples.stream().mapToLong(Sample::resident).average().orElseThrow();
        double products = 0;
        double squares = 0;
        for (Sample sample : samples) {
            products += (sample.cycles() - x) * (sample.resident() - y);
            squares += (sample.cycles() - x) * (sample.cycles() - x);
        }
        return products / squares;
    }
}
