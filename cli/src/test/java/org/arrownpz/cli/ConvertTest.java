package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"x.feather", "x.arrow", "x.ipc", "x.arrows", "x.parquet", "x/", "x.npz"})
    void bringsAFrameThereAndBack(String name) throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        String there = directory + "/" + name;
        Path back = directory.resolve("back.npz");
        assertThat(Cli.run("convert", prices, there))
                .extracting(Cli::code, Cli::err)
                .containsExactly(0, "");
        assertThat(Cli.run("convert", there, back))
                .extracting(Cli::code, Cli::err)
                .containsExactly(0, "");
        assertThat(back).hasSameBinaryContentAs(prices);
        assertThat(Cli.run("cat", there).out()).isEqualTo(Cli.run("cat", prices).out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "ZSTD"})
    void compressesArrowFilesOnRequest(String codec) {
        Path prices = Cli.sample("prices.npz", directory);
        Path target = directory.resolve("x.feather");
        assertThat(Cli.run("convert", "--compression", codec, prices, target).code())
                .isZero();
        assertThat(Cli.run("cat", target).out())
                .isEqualTo(Cli.run("cat", prices).out());
    }

    @Test
    void pipesStreams() {
        Path prices = Cli.sample("prices.npz", directory);
        Cli stream = Cli.run("convert", prices, "-");
        assertThat(stream.code()).isZero();
        Path target = directory.resolve("x.npz");
        assertThat(Cli.withInput(stream.bytes(), "convert", "-", target).code()).isZero();
        assertThat(target).hasSameBinaryContentAs(prices);
        assertThat(Cli.onTerminal("convert", prices, "-").code()).isEqualTo(2);
    }

    @Test
    void refusesToOverwriteUnlessForced() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        Path target = Files.writeString(directory.resolve("x.feather"), "precious");
        Cli refused = Cli.run("convert", prices, target);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("x.feather").contains("--force").hasLineCount(1);
        assertThat(target).hasContent("precious");
        assertThat(Cli.run("convert", "--force", prices, target).code()).isZero();
        assertThat(Cli.run("verify", target).code()).isZero();
    }

    @Test
    void replacesNpyDirectoriesOnlyWhenForced() {
        Path prices = Cli.sample("prices.npz", directory);
        String target = directory + "/frame/";
        assertThat(Cli.run("convert", prices, target).code()).isZero();
        assertThat(Cli.run("convert", prices, target).code()).isEqualTo(2);
        assertThat(Cli.run("convert", "--force", prices, target).code()).isZero();
        assertThat(Cli.run("verify", target).code()).isZero();
    }

    @Test
    void convertsOntoTheSourceItself() {
        Path prices = Cli.sample("prices.npz", directory);
        String before = Cli.run("cat", prices).out();
        assertThat(Cli.run("convert", "--force", prices, prices).code()).isZero();
        assertThat(Cli.run("cat", prices).out()).isEqualTo(before);
    }

    @Test
    void convertsSeveralFilesAndKeepsTheirStems() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        Path batches = Cli.sample("batches.arrows", directory);
        Path out = directory.resolve("made/out");
        assertThat(Cli.run("convert", "--to", "feather", "--out", out, prices, batches)
                        .code())
                .isZero();
        assertThat(names(out)).containsExactly("batches.feather", "prices.feather");
        assertThat(Cli.run("convert", "--to", "npydir", "--out", directory.resolve("dirs"), out)
                        .code())
                .isZero();
        assertThat(names(directory.resolve("dirs"))).containsExactly("batches", "prices");
    }

    @Test
    void convertsTheReadableFilesOfADirectory() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Cli.sample("prices.npz", source);
        Cli.sample("batches.arrows", source);
        Files.writeString(source.resolve("notes.txt"), "not mine");
        Path out = directory.resolve("out");
        assertThat(Cli.run("convert", "--to", "arrow", "--out", out, source).code())
                .isZero();
        assertThat(names(out)).containsExactly("batches.arrow", "prices.arrow");
    }

    @Test
    void refusesEqualStemsBeforeAnythingIsWritten() {
        Path prices = Cli.sample("prices.npz", directory);
        Path feather = directory.resolve("prices.feather");
        Cli.run("convert", prices, feather);
        Path out = directory.resolve("out");
        Cli run = Cli.run("convert", "--to", "npz", "--out", out, prices, feather);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("prices.npz").contains("prices.feather");
        assertThat(out).doesNotExist();
    }

    @Test
    void refusesAnExistingTargetBeforeAnythingIsWritten() throws IOException {
        Path out = Files.createDirectory(directory.resolve("out"));
        Files.writeString(out.resolve("prices.feather"), "precious");
        Path prices = Cli.sample("prices.npz", directory);
        Path batches = Cli.sample("batches.arrows", directory);
        assertThat(Cli.run("convert", "--to", "feather", "--out", out, batches, prices)
                        .code())
                .isEqualTo(2);
        assertThat(names(out)).containsExactly("prices.feather");
    }

    @Test
    void goesOnAfterABadFileAmongSeveral() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.npz"), "PK nothing");
        Path bus = Cli.sample("bus.zip", directory);
        Path prices = Cli.sample("prices.npz", directory);
        Path out = directory.resolve("out");
        Cli run = Cli.run("convert", "--to", "feather", "--out", out, bad, bus, prices);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("bad.npz").hasLineCount(2).endsWith(", 1 failed\n");
        assertThat(names(out)).containsExactlyInAnyOrder("f1.feather", "f2.feather", "prices.feather");
    }

    @Test
    void leavesNothingBehindWhenTheSourceIsBad() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.npz"), "PK nothing");
        assertThat(Cli.run("convert", bad, directory.resolve("x.feather")).code())
                .isEqualTo(1);
        assertThat(names(directory)).containsExactly("bad.npz");
    }

    @Test
    void listsColumnsThatNumpyWillNotSee() {
        Path types = Cli.sample("types.feather", directory);
        Path target = directory.resolve("x.npz");
        Cli run = Cli.run("convert", types, target);
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("will not see").contains("dec").contains("m");
        assertThat(Cli.run("cat", target).out()).isEqualTo(Cli.run("cat", types).out());
    }

    @Test
    void refusesLossWhenStrict() {
        Path target = directory.resolve("x.npz");
        Cli run = Cli.run("convert", "--strict", Cli.sample("types.feather", directory), target);
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).hasLineCount(1);
        assertThat(target).doesNotExist();
    }

    @Test
    void storesColumnsAsAsked() {
        Path prices = Cli.sample("prices.npz", directory);
        Path arrow = directory.resolve("arrow.npz");
        Cli run = Cli.run("convert", "--layout", "arrow", prices, arrow);
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("11 columns: ticker, date, open");
        assertThat(Cli.run("cat", arrow).out()).isEqualTo(Cli.run("cat", prices).out());
        Path plain = directory.resolve("plain.npz");
        assertThat(Cli.run("convert", "--form", "arrays", "-c", "close", prices, plain)
                        .code())
                .isZero();
        assertThat(Cli.run("info", plain).lines().get(0).get("kind").asText()).isEqualTo("npz");
        Path deflated = directory.resolve("deflated.npz");
        assertThat(Cli.run("convert", "--deflate", "--deflate-level", 9, prices, deflated)
                        .code())
                .isZero();
        assertThat(Cli.run("info", deflated).out()).contains("\"method\":\"deflated\"");
        Path some = directory.resolve("some.npz");
        assertThat(Cli.run("convert", "-c", "close", prices, some).code()).isZero();
        assertThat(Cli.run("info", some).lines().get(0).get("columns").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.npz",
                "a.npz b.npz c.npz",
                "--to npz a.npz",
                "--out d a.npz",
                "a.npz b.xyz",
                "--to zip --out d a.npz",
                "--to npz --out d -",
                "--deflate-level 0 a.npz b.npz",
                "--row-group-rows 0 a.npz b.parquet",
                "--layout wrong a.npz b.npz",
                "a.npz b.zip"
            })
    void takesThemForMisuse(String line) {
        Object[] args =
                Stream.concat(Stream.of("convert"), Stream.of(line.split(" "))).toArray();
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("arrow-npz: ");
    }

    @ParameterizedTest
    @CsvSource({
        "--compression zstd, x.npz",
        "--compression none, x.csv",
        "--compression lz4, x/",
        "--deflate, x.feather",
        "--deflate, x.npy",
        "--deflate-level 3, x.npz",
        "--form arrays, x.parquet",
        "--layout numpy, x.json",
        "--strings unicode, x.arrows",
        "--dictionaries decode, x.parquet",
        "--strict, -",
        "--compression snappy, x.feather",
        "--row-group-rows 10, x.feather"
    })
    void refusesFlagsThatSayNothingOfTheFormat(String flags, String name) throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        String target = name.equals("-") ? name : directory + "/" + name;
        Object[] args = Stream.of(Stream.of("convert"), Stream.of(flags.split(" ")), Stream.of(prices, target))
                .flatMap(part -> part)
                .toArray();
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("arrow-npz: " + flags.split(" ")[0]).contains(" is for ");
        assertThat(names(directory)).containsExactly("prices.npz");
    }

    @Test
    void refusesFlagsOfFilesForRowsThatArePrinted() {
        Path prices = Cli.sample("prices.npz", directory);
        assertThat(Cli.run("sql", "SELECT 1", "--compression", "zstd").code()).isEqualTo(2);
        assertThat(Cli.run("pack", prices, "--by", "ticker", "--compression", "zstd")
                        .code())
                .isEqualTo(2);
        assertThat(Cli.run("pack", prices, directory.resolve("x.npz"), "--by", "ticker", "--json")
                        .code())
                .isEqualTo(2);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void goesOnWithTheOtherFilesWhereOneNeedsTooMuchMemory() throws IOException {
        Path large = directory.resolve("large.csv");
        Files.writeString(large, "number\n" + "123456789\n".repeat(300_000));
        Path compressed = directory.resolve("packed.arrow");
        assertThat(Cli.run("convert", "--compression", "lz4", large, compressed).code())
                .isZero();
        Path prices = Cli.sample("prices.npz", directory);
        Path out = directory.resolve("out");
        Cli run = Cli.run("convert", "--memory-limit", "1m", "--to", "arrows", "--out", out, large, compressed, prices);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.contains("LIMIT"))).hasSize(2);
        assertThat(run.err()).endsWith(", 2 failed\n");
        assertThat(out.resolve("prices.arrows")).isNotEmptyFile();
        Cli verify = Cli.run("verify", "--memory-limit", "1m", "--json", compressed, prices);
        assertThat(verify.code()).isEqualTo(1);
        assertThat(verify.lines())
                .extracting(line -> line.get("ok").asBoolean())
                .containsExactly(false, true);
        assertThat(verify.lines().get(0).get("code").asText()).isEqualTo("LIMIT");
    }
}
