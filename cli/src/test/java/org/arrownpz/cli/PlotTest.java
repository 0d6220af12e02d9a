package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.arrownpz.cli.console.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlotTest {
    @TempDir
    Path directory;

    private Path csv(String text) throws IOException {
        return Files.writeString(directory.resolve("x.csv"), text);
    }

    @Test
    void drawsALineInTheTerminal() throws IOException {
        Cli run = Cli.onTerminalOf(20, false, "plot", csv("n\n0\n1\n2\n3\n4\n5\n6\n7\n8\n"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().toList())
                .hasSize(15)
                .startsWith("n  9 rows")
                .contains("        8 ┤        █", "        0 ┤▄▀", "          └─────────", "           0       8");
    }

    @Test
    void drawsAHistogramInTheTerminal() throws IOException {
        Cli run = Cli.onTerminalOf(
                24, false, "plot", "--kind", "histogram", "--bins", 2, csv("n\n1\n1\n1\n1\n3\n\nnan\n"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
            n  5 numbers
                    1 ┤█████████ 4
                    2 ┤██▎ 1
                    3
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "histogram"})
    void leavesGapsWhereThereAreNoNumbers(String kind) throws IOException {
        Path file = csv("n,m\n1,\n,\nnan,\nInfinity,\n-Infinity,\n4,\n");
        assertThat(Cli.onTerminal("plot", "--kind", kind, "-c", "n", file).code())
                .isZero();
        assertThat(Cli.run("plot", "--kind", kind, "-o", directory.resolve("x.svg"), "-c", "n", file)
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 60, 80, 200})
    void fitsAnyTerminal(int width) {
        Path prices = Cli.sample("prices.npz", directory);
        for (String kind : new String[] {"line", "histogram"}) {
            Cli run = Cli.onTerminalOf(width, true, "plot", "--kind", kind, prices);
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out().lines())
                    .allSatisfy(line -> assertThat(Width.of(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @ParameterizedTest
    @CsvSource({"line,png", "line,svg", "histogram,png", "histogram,svg"})
    void drawsPictures(String kind, String extension) throws IOException {
        Path target = directory.resolve("chart." + extension);
        Object[] args = {"plot", "--kind", kind, Cli.sample("prices.npz", directory), "-c", "open,close", "-o", target};
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        if (extension.equals("png")) {
            BufferedImage image = ImageIO.read(target.toFile());
            assertThat(image.getWidth()).isGreaterThan(1000);
        } else {
            assertThat(target).content().startsWith("<svg").contains(">open</text>", ">close</text>");
        }
        assertThat(Cli.run(args).code()).as("exists").isEqualTo(2);
        if (File.separatorChar == '/') {
            assertThat(Files.getPosixFilePermissions(target))
                    .as("those of every new file")
                    .isEqualTo(Files.getPosixFilePermissions(Files.createFile(directory.resolve("other"))));
            Files.delete(directory.resolve("other"));
        }
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void labelsAxesForPeople() throws IOException {
        Path target = directory.resolve("x.svg");
        assertThat(Cli.run("plot", csv("n\n0\n54500000\n"), "-o", target).code())
                .isZero();
        assertThat(target).content().contains(">20 M</text>", ">40 M</text>", ">row 1</text>");
    }

    @Test
    void drawsEveryKindOfNumber() {
        Cli run = Cli.run("plot", Cli.sample("values.npz", directory), "-c", "u8,f4,f2,b");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("u8  3 rows", "18.4 E", "65.5 k");
        Cli decimals = Cli.run("plot", Cli.sample("types.feather", directory), "-c", "dec");
        assertThat(decimals.out()).contains("1.23 ┤", "-9.99 ┤").doesNotContain("NaN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c t", "-c none", "--bins 0", "-o x.gif", "--kind pie"})
    void takesThemForMisuse(String flags) throws IOException {
        Path file = csv("t,n\na,1\n");
        String[] words = flags.split(" ");
        assertThat(Cli.run("plot", file, words[0], words[1]).code()).isEqualTo(2);
    }
}
