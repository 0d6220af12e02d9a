package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pack --report}: what packing saves. */
class PackReportTest {
    @TempDir
    Path directory;

    private static Set<String> scratchDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(String::valueOf)
                    .filter(name -> name.contains("arrow-npz-compare-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Sorted events with a long text that is the same for all rows of a group. */
    private Path sessions() throws IOException {
        StringBuilder text = new StringBuilder("user,agent,page\n");
        for (int i = 0; i < 3000; i++) {
            int user = i / 30;
            text.append(
                    user + ",Mozilla/5.0 of the browser that user " + user * 7919 % 100_003 + " has," + i % 17 + "\n");
        }
        return Files.writeString(directory.resolve("sessions.csv"), text);
    }

    private static JsonNode file(JsonNode report, String form) {
        for (JsonNode file : report.get("files")) {
            if (file.get("form").asText().equals(form)) {
                return file;
            }
        }
        throw new AssertionError(form + " of " + report);
    }

    @Test
    void tellsTheBytesOfEachFormatFlatAndPacked() throws IOException {
        Set<String> before = scratchDirectories();
        Path events = sessions();
        Cli run = Cli.run("pack", events, "--by", "user", "--carry", "agent", "--report");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = run.lines().get(0);
        assertThat(report.get("rows").asInt()).isEqualTo(3000);
        assertThat(report.get("groups").asInt()).isEqualTo(100);
        assertThat(report.get("file_bytes").asLong()).isEqualTo(Files.size(events));
        assertThat(report.get("files").findValuesAsText("form"))
                .containsExactly(
                        "npz_aligned",
                        "npz_deflated",
                        "feather",
                        "feather_lz4",
                        "feather_zstd",
                        "parquet_plain",
                        "parquet",
                        "parquet_zstd");
        assertThat(file(report, "feather").get("flat_over_packed").asDouble()).isGreaterThan(5);
        assertThat(report.get("verdict").get(0).asText())
                .startsWith("Packing 3000 rows into 100 groups makes smaller: ")
                .contains("Feather plain ");
        assertThat(scratchDirectories()).isEqualTo(before);
    }

    @Test
    void tellsTheSizesThatFilesWouldHave() throws IOException {
        Path events = sessions();
        Path packed = directory.resolve("packed.parquet");
        Path flat = directory.resolve("flat.feather");
        JsonNode report = Cli.run("pack", events, packed, "--by", "user", "--report")
                .lines()
                .get(0);
        assertThat(Cli.run("convert", events, flat).code()).isZero();
        assertThat(file(report, "parquet").get("packed_bytes").asLong()).isEqualTo(Files.size(packed));
        assertThat(file(report, "feather").get("flat_bytes").asLong()).isEqualTo(Files.size(flat));
    }

    @Test
    void comparesTheColumnsThatArePackedOnly() throws IOException {
        JsonNode narrow = Cli.run("pack", sessions(), "--by", "user", "--pack", "-1", "--report")
                .lines()
                .get(0);
        JsonNode wide =
                Cli.run("pack", sessions(), "--by", "user", "--report").lines().get(0);
        assertThat(file(narrow, "feather").get("flat_bytes").asLong())
                .isLessThan(file(wide, "feather").get("flat_bytes").asLong() / 3);
        assertThat(narrow.get("file_bytes").isNull()).isTrue();
    }

    @Test
    void printsATableForPeopleAndSaysWherePackingCosts() throws IOException {
        Path events = Cli.sample("events.csv", directory);
        Cli run = Cli.onTerminal("pack", events, "--by", "GroupID", "--report");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("events.csv: 9 rows, packed 3; the file itself has ")
                .containsPattern("Parquet Snappy +[0-9.]+ kB +[0-9.]+ kB +0\\.\\d+ x\n")
                .contains("Packing 9 rows into 3 groups makes larger: ");
        assertThat(Cli.onTerminal("pack", events, "--by", "GroupID", "--report", "--json")
                        .out())
                .startsWith("{\"data\":");
    }

    @Test
    void saysThatRowsWereSortedOrDropped() throws IOException {
        Path csv = Files.writeString(directory.resolve("x.csv"), "k,v\n2,1\n1,2\n2,3\n,4\n");
        JsonNode notes =
                Cli.run("pack", csv, "--by", "k", "--report").lines().get(0).get("notes");
        assertThat(notes.toString()).contains("only: 1").contains("sorted to be packed");
    }

    @Test
    void leavesNothingBehindWhereItFails() throws IOException {
        Set<String> before = scratchDirectories();
        Path events = sessions();
        Path target = Files.writeString(directory.resolve("p.npz"), "precious");
        assertThat(Cli.run("pack", events, target, "--by", "user", "--report").code())
                .isEqualTo(2);
        assertThat(target).hasContent("precious");
        assertThat(Cli.run("pack", events, "--by", "absent", "--report").code()).isEqualTo(2);
        assertThat(Cli.run("pack", events, "-", "--by", "user", "--report").code())
                .isEqualTo(2);
        assertThat(Cli.run("pack", events, "--by", "user", "--report", "--memory-limit", "200k")
                        .code())
                .isNotZero();
        assertThat(scratchDirectories()).isEqualTo(before);
    }
}
