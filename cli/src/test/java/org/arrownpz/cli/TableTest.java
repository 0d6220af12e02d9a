package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.arrownpz.cli.console.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables on a terminal. */
class TableTest {
    @TempDir
    Path directory;

    private Path csv(String text) throws IOException {
        return Files.writeString(directory.resolve("x.csv"), text);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 60, 80, 200})
    void fitAnyTerminal(int width) throws IOException {
        Path wide = csv(IntStream.range(0, 300).mapToObj(i -> "column" + i).collect(Collectors.joining(","))
                + "\n"
                + IntStream.range(0, 300).mapToObj(i -> "中文字" + i).collect(Collectors.joining(","))
                + "\n");
        for (Path file : List.of(wide, Cli.sample("prices.npz", directory), Cli.sample("values.npz", directory))) {
            for (String verb : List.of("head", "tail", "cat")) {
                Cli run = Cli.onTerminalOf(width, true, verb, file);
                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out().lines())
                        .allSatisfy(line -> assertThat(Width.of(line)).as(line).isLessThanOrEqualTo(width));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void stayBesideHelpThatFitsToo(int width) {
        for (String verb : Verbs.NAMES) {
            assertThat(Cli.onTerminalOf(width, false, verb, "--help").out().lines())
                    .allSatisfy(line -> assertThat(Width.of(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void leaveOutColumnsInTheMiddle() {
        Cli run = Cli.onTerminalOf(60, false, "head", "-n", 1, Cli.sample("prices.npz", directory));
        assertThat(run.out()).isEqualTo("""
            ticker  date           open     high      low  …  rating
            text    date        float64  float64  float64  …  text
            ──────  ──────────  ───────  ───────  ───────  …  ──────
            AAPL    2024-01-02   186.02   186.09   185.46  …  hold
            1 of 60 rows, 6 of 11 columns
            """);
    }

    @Test
    void leaveOutRowsInTheMiddle() throws IOException {
        Path rows = csv("n\n" + IntStream.range(0, 1000).mapToObj(i -> i + "\n").collect(Collectors.joining()));
        Cli run = Cli.onTerminal("cat", "-n", 4, rows);
        assertThat(run.out()).isEqualTo("""
                n
            int64
            ─────
                0
                1
                ⋮
              998
              999
            4 of 1,000 rows, 1 column
            """);
        assertThat(Cli.onTerminal("cat", rows).out()).endsWith("60 of 1,000 rows, 1 column\n");
        assertThat(Cli.onTerminal("head", "-n", 70, rows).out())
                .doesNotContain("⋮")
                .endsWith("70 of 1,000 rows, 1 column\n");
    }

    @Test
    void showNumbersAsPeopleReadThem() throws IOException {
        assertThat(Cli.onTerminal("head", csv("x,n\n0.000957,54512345\n0.30000000000000004,1\n"))
                        .out())
                .isEqualTo("""
                       x         n
                 float64     int64
                ────────  ────────
                0.000957  54512345
                     0.3         1
                2 rows, 2 columns
                """);
    }

    @Test
    void alignWideCharacters() throws IOException {
        assertThat(Cli.onTerminal("head", csv("t,u\n中文,1\nab,2\n")).out()).isEqualTo("""
            t         u
            text  int64
            ────  ─────
            中文      1
            ab        2
            2 rows, 2 columns
            """);
    }

    @Test
    void haveColorsWhereTheyAreWanted() throws IOException {
        Path file = csv("a\n1\n\n");
        assertThat(Cli.onTerminalOf(80, true, "head", file).out()).contains("\u001b[1ma\u001b[0m");
        assertThat(Cli.onTerminalOf(80, true, "head", "--color", "never", file).out())
                .doesNotContain("\u001b");
        assertThat(Cli.onTerminalOf(80, false, "head", "--color", "always", file)
                        .out())
                .contains("\u001b[2mint64\u001b[0m");
        assertThat(Cli.run("head", "--color", "always", file).out()).doesNotContain("\u001b");
    }

    @Test
    void areExactInPipes() throws IOException {
        assertThat(Cli.run("head", csv("x\n0.30000000000000004\n")).out()).isEqualTo("{\"x\":0.30000000000000004}\n");
    }
}
