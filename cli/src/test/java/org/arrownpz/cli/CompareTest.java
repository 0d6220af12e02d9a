package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
    @TempDir
    Path directory;

    private Path scratch;

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(directory.resolve("scratch"));
    }

    private Cli compare(Object... args) {
        return Cli.run(arguments(args));
    }

    private Object[] arguments(Object... args) {
        List<Object> all = new ArrayList<>(List.of("compare", "--rounds", 1, "--python", "none", "--dir", scratch));
        all.addAll(List.of(args));
        return all.toArray();
    }

    private static List<String> texts(JsonNode nodes, String key) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.get(key).asText()));
        return texts;
    }

    @Test
    void comparesTheUsersOwnFile() {
        Cli run = compare(Cli.sample("prices.npz", directory));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(1);
        JsonNode json = run.lines().get(0);
        assertThat(json.get("rows").asInt()).isEqualTo(60);
        assertThat(texts(json.get("files"), "form"))
                .containsExactly(
                        "own",
                        "npz_static_frame",
                        "npz_aligned",
                        "npz_deflated",
                        "npy_directory",
                        "feather",
                        "feather_lz4",
                        "feather_zstd",
                        "parquet",
                        "parquet_zstd");
        assertThat(json.get("verdict")).isNotEmpty();
        for (JsonNode result : json.get("results")) {
            if (!result.get("checksum").isNull()) {
                assertThat(result.get("checksum")).isEqualTo(json.get("checksum"));
            }
        }
        assertThat(scratch).isEmptyDirectory();
    }

    private Path converted(String name, Object... flags) {
        Path target = directory.resolve(name);
        List<Object> args = new ArrayList<>(List.of("convert", Cli.sample("events.csv", directory), target));
        args.addAll(List.of(flags));
        Cli run = Cli.run(args.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        return target;
    }

    /** The file's own bytes, name and readers stand first. */
    @ParameterizedTest
    @CsvSource({
        "x.parquet, zstd, 'this file, Parquet ZSTD', 'Tables.read,dataset,DuckDB read_parquet'",
        "x.parquet, snappy, 'this file, Parquet Snappy', 'Tables.read,dataset,DuckDB read_parquet'",
        "x.feather, lz4, 'this file, Feather LZ4', 'Tables.read,ArrowFileReader,dataset'",
        "x.feather, none, 'this file, Feather plain', 'Tables.read,ArrowFileReader,dataset,dataset ?use_mmap'",
        "x.arrows, none, 'this file, Arrow stream', 'Tables.read'"
    })
    void showsTheFileAsItIs(String name, String codec, String label, String readers) throws IOException {
        Path file = converted(name, "--compression", codec);
        byte[] before = Files.readAllBytes(file);
        JsonNode json = compare(file).lines().get(0);
        JsonNode own = json.get("files").get(0);
        assertThat(own.get("form").asText()).isEqualTo("own");
        assertThat(own.get("label").asText()).isEqualTo(label);
        assertThat(own.get("bytes").asLong()).isEqualTo(before.length);
        List<String> programs = new ArrayList<>();
        for (JsonNode result : json.get("results")) {
            if (result.get("form").asText().equals("own")) {
                programs.add(result.get("program").asText());
                assertThat(result.get("checksum")).isEqualTo(json.get("checksum"));
            }
        }
        assertThat(programs).containsExactly(readers.split(","));
        assertThat(json.get("choices").get(0).get("form").asText()).isEqualTo("own");
        assertThat(json.get("choices")).hasSize(3);
        assertThat(json.get("verdict").get(0).asText()).startsWith("Stay with " + label + ": at ");
        assertThat(file).hasBinaryContent(before);
        assertThat(scratch).isEmptyDirectory();
    }

    /** Plain archives by np.load, frames by StaticFrame, text by pandas. */
    @ParameterizedTest
    @CsvSource({"x.npz, np.load", "prices.npz, StaticFrame from_npz", "events.csv, pandas.read_csv"})
    void letsPythonReadTheFileItself(String name, String program) throws Exception {
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        Assumptions.assumeTrue(clients != null && !clients.isEmpty(), "no clients");
        Path file = directory.resolve(name);
        if (name.equals("x.npz")) {
            Python.check(
                    directory,
                    clients,
                    "-c",
                    "import numpy as np; np.savez('x.npz', a=np.arange(9), b=np.ones(9) / 3)");
        } else {
            Cli.sample(name, directory);
        }
        Cli run = Cli.run("compare", "--rounds", 1, "--dir", scratch, file);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.lines().get(0).get("results"))
                .filteredOn(result -> result.get("form").asText().equals("own")
                        && result.get("program").asText().equals(program))
                .as("%s", run.lines().get(0).get("missing"))
                .singleElement()
                .satisfies(result ->
                        assertThat(result.get("touch").get("samples").asInt()).isPositive());
    }

    @Test
    void comparesPackedAgainstFlatWhereAKeyIsGiven() {
        Cli run = compare(Cli.sample("events.csv", directory), "--by", "GroupID");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(3);
        JsonNode packed = run.lines().get(1);
        assertThat(packed.get("title").asText()).endsWith("events.csv packed by GroupID");
        assertThat(packed.get("rows").asInt()).isEqualTo(3);
        JsonNode saving = run.lines().get(2);
        assertThat(saving.get("groups").asInt()).isEqualTo(3);
        assertThat(saving.get("verdict")).isNotEmpty();
        assertThat(compare("--fixture", "s(2,2)", "--by", "x").code()).isEqualTo(2);
    }

    @Test
    void leavesTheFileOutWhereItHoldsMoreThanTheTable() {
        Cli run = compare(Cli.sample("events.csv", directory), "--columns", "GroupID,EventID");
        assertThat(run.err()).contains("takes no part");
        assertThat(texts(run.lines().get(0).get("files"), "form")).doesNotContain("own");
    }

    @Test
    void comparesFilesOfOtherFormats() {
        JsonNode json = compare(Cli.sample("events.csv", directory)).lines().get(0);
        assertThat(json.get("columns").asInt()).isPositive();
        assertThat(json.get("data").asText()).endsWith("events.csv");
    }

    @Test
    void showsPeopleATableThatNeverGivesALazyFigureAlone() {
        Cli run = Cli.onTerminalOf(200, false, arguments("--fixture", "s(20000,6)|v(float)"));
        assertThat(run.code()).isZero();
        String lazy = run.out()
                .lines()
                .filter(line -> line.startsWith("NPZ aligned") && line.contains("Frames.open"))
                .findFirst()
                .orElseThrow();
        // Open, one cell, every value, its spread and its ratio to the floor, rows of the open file, and with opening.
        assertThat(lazy)
                .matches(".*\\d [mun]?s\\* +\\S+ [mun]?s\\* +\\S+ [mun]?s +\\d+% +\\S+ +\\S+ [mun]?s +\\S+ [mun]?s");
        assertThat(run.out())
                .contains("mmap + touch", "memcpy", "CRC + sequential write", "ArrowFileReader (peer)")
                .contains("* Lazy:", "warm", "All readers gave the checksum")
                .contains("NPZ aligned: all comes back");
    }

    @Test
    void makesTheTaxiTableAndDrawsCharts() {
        Path charts = directory.resolve("charts");
        Cli run = compare("--taxi", 500, "--chart", charts);
        assertThat(run.err()).isEmpty();
        assertThat(run.lines().get(0).get("columns").asInt()).isEqualTo(18);
        assertThat(charts.resolve("read.png")).isNotEmptyFile();
        assertThat(charts.resolve("write.svg")).isNotEmptyFile();
    }

    @Test
    void refusesDamagedFilesAndLeavesNothing() throws IOException {
        Path file = Cli.sample("prices.npz", directory);
        byte[] bytes = Files.readAllBytes(file);
        Path damaged = Files.write(directory.resolve("damaged.npz"), Arrays.copyOf(bytes, bytes.length / 2));
        Cli run = compare(damaged);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("damaged.npz").contains("ZIP_STRUCTURE");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void takesExactlyOneSubject() {
        assertThat(Cli.run("compare").code()).isEqualTo(2);
        assertThat(compare("--fixture", "s(2,2)", "--taxi", 5).code()).isEqualTo(2);
        assertThat(compare("x.npz", "--taxi", 5).code()).isEqualTo(2);
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThat(compare("--panel", "1e7").code()).isEqualTo(2);
        assertThat(compare("--panel", "1e7", "--all").code()).isEqualTo(2);
        assertThat(compare("--fixture", "s(2,2)", "--all").code()).isEqualTo(2);
        assertThat(compare("--taxi", 0).code()).isEqualTo(2);
        assertThat(compare("--fixture", "q(2,2)").code()).isEqualTo(2);
        assertThat(Cli.run("compare", "--rounds", 0, "--fixture", "s(2,2)").code())
                .isEqualTo(2);
        assertThat(Cli.run("compare", "--dir", directory.resolve("absent"), "--fixture", "s(2,2)")
                        .code())
                .isEqualTo(2);
    }
}
