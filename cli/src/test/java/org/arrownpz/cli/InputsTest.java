package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that are no files: standard input, pipes and addresses. */
class InputsTest {
    @TempDir
    Path directory;

    private byte[] bytes(String name) throws IOException {
        Path target = directory.resolve(name);
        Cli run = Cli.run("convert", Cli.sample("prices.npz", directory), target);
        assertThat(run.code()).as(run.err()).isZero();
        return Files.readAllBytes(target);
    }

    private static Stream<Path> spooled() throws IOException {
        return Files.list(Path.of(System.getProperty("java.io.tmpdir")))
                .filter(file -> file.getFileName().toString().startsWith("arrow-npz-stdin-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npz", "x.feather", "x.arrows", "x.parquet", "x.csv", "x.json"})
    @DisplayName("C5: standard input of any format is recognised and read by every verb")
    void readsAnyFormatFromStandardInput(String name) throws IOException {
        byte[] input = bytes(name);
        Path file = directory.resolve(name);
        for (String verb : List.of("head", "schema", "stats", "info")) {
            Cli run = Cli.withInput(input, verb, "-");
            assertThat(run.code()).as(run.err()).isZero();
            if (!verb.equals("info")) {
                assertThat(run.out()).isEqualTo(Cli.run(verb, file).out());
            }
        }
        assertThat(Cli.withInput(input, "diff", "-", file).out()).isEmpty();
        Path target = directory.resolve("target.feather");
        Path expected = directory.resolve("expected.feather");
        assertThat(Cli.withInput(input, "convert", "-", target).err()).isEmpty();
        Cli.run("convert", file, expected);
        assertThat(Cli.run("diff", target, expected).out()).isEmpty();
        assertThat(Cli.withInput(input, "sql", "SELECT count(*) AS n FROM t", "--table", "t=-")
                        .out())
                .isEqualTo("{\"n\":60}\n");
        Cli packed = Cli.withInput(input, "pack", "-", "--by", "ticker", "--order", "runs");
        assertThat(packed.out())
                .isEqualTo(Cli.run("pack", file, "--by", "ticker", "--order", "runs")
                        .out());
        try (Stream<Path> left = spooled()) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    @DisplayName("C5: arrays on standard input stay arrays")
    void readsArraysFromStandardInput() throws IOException {
        byte[] input = Files.readAllBytes(Cli.sample("grid.npy", directory));
        Path target = directory.resolve("grid.npz");
        assertThat(Cli.withInput(input, "convert", "-", target).err()).isEmpty();
        assertThat(Cli.run("info", target).out()).contains("\"arr_0");
    }

    @Test
    @DisplayName("C5: what is not read is named")
    void namesWhatIsNotRead() {
        Cli gzip = Cli.withInput(new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3, 4}, "head", "-");
        assertThat(gzip.err()).contains("standard input").contains("gzip").doesNotContain("metadata");
        Cli odd = Cli.withInput(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, "head", "-");
        assertThat(odd.err()).contains("standard input").contains("01 02 03 04").contains("Parquet");
        Cli empty = Cli.withInput(new byte[0], "head", "-");
        assertThat(empty.code()).isEqualTo(1);
        assertThat(empty.err()).contains("standard input");
        assertThat(Cli.withInput("a b c".getBytes(StandardCharsets.UTF_8), "head", "-")
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npz", "x.feather", "x.parquet"})
    @DisplayName("C5: what comes from standard input is called so, not as the temporary file")
    void namesStandardInputInMessages(String name) throws IOException {
        byte[] input = bytes(name);
        byte[] damaged = Arrays.copyOf(input, input.length - 30);
        for (String verb : List.of("head", "schema", "stats", "info")) {
            Cli run = Cli.withInput(damaged, verb, "-");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("standard input").doesNotContain("arrow-npz-stdin-");
        }
        Path other = directory.resolve("prices.npz");
        assertThat(Cli.withInput(damaged, "concat", other, "-", "-o", directory.resolve("y.npz"))
                        .err())
                .contains("standard input")
                .doesNotContain("arrow-npz-stdin-");
        Cli info = Cli.withInput(input, "info", "-");
        assertThat(info.out()).contains("standard input").doesNotContain("arrow-npz-stdin-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.arrows", "x.feather", "x.npz"})
    @DisplayName("C5: paste and concat take standard input")
    void putsStandardInputTogetherWithFiles(String name) throws IOException {
        byte[] input = bytes(name);
        Path file = directory.resolve(name);
        Path rows = directory.resolve("rows.parquet");
        Cli concat = Cli.withInput(input, "concat", file, "-", "-o", rows);
        assertThat(concat.code()).as(concat.err()).isZero();
        Path expected = directory.resolve("expected.parquet");
        Cli.run("concat", file, file, "-o", expected);
        assertThat(Cli.run("diff", rows, expected).out()).isEmpty();
        Path other = directory.resolve("other.feather");
        assertThat(Cli.run("sql", "SELECT row_number() OVER () AS number FROM '" + file + "'", "-o", other)
                        .code())
                .isZero();
        Path columns = directory.resolve("columns.parquet");
        Cli paste = Cli.withInput(input, "paste", other, "-", "-o", columns);
        assertThat(paste.code()).as(paste.err()).isZero();
        Path pasted = directory.resolve("pasted.parquet");
        Cli.run("paste", other, file, "-o", pasted);
        assertThat(Cli.run("diff", columns, pasted).out()).isEmpty();
        for (String verb : List.of("paste", "concat", "diff")) {
            Cli twice = verb.equals("diff")
                    ? Cli.withInput(input, verb, "-", "-")
                    : Cli.withInput(input, verb, "-", "-", "-o", directory.resolve("z.npz"));
            assertThat(twice.code()).isEqualTo(2);
            assertThat(twice.err()).contains("only one input can come from standard input");
        }
    }

    @Test
    @DisplayName("C5: pipes with a name are read")
    void readsNamedPipes() throws Exception {
        byte[] input = bytes("x.feather");
        Path pipe = directory.resolve("pipe");
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        } catch (IOException e) {
            assumeThat(e).as("no named pipes here").isNull();
            return;
        }
        assertThat(made.waitFor()).isZero();
        Thread writer = new Thread(() -> {
            try {
                Files.write(pipe, input);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        Cli run = Cli.run("head", "-n", 1, pipe);
        writer.join();
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs://bucket/x.parquet", "ftp://example.org/x.npz"})
    @DisplayName("C5: addresses are named as what they are")
    void tellsThatAddressesAreNotRead(String address) {
        for (Object[] call : new Object[][] {
            {"head", address},
            {"convert", address, directory.resolve("x.npz")},
            {"diff", address, address},
            {"sql", "FROM t", "--table", "t=" + address},
            {"pack", address, "--by", "k"},
            {address}
        }) {
            Cli run = Cli.run(call);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err())
                    .contains("is an address")
                    .contains("download it first")
                    .hasLineCount(1);
        }
        assertThat(Cli.run("convert", Cli.sample("prices.npz", directory), address)
                        .err())
                .contains("is an address, which is not written");
    }
}
