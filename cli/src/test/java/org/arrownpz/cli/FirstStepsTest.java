package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people meet who try the command for the first time. */
class FirstStepsTest {
    static final List<String> VERBS = Verbs.NAMES;

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("VERBS")
    void helpHasColoursWhereTheTerminalHasThem(String verb) {
        assertThat(Cli.onTerminalOf(80, true, "help", verb).out()).contains("\u001b[");
        assertThat(Cli.onTerminalOf(80, false, "help", verb).out()).doesNotContain("\u001b");
        assertThat(Cli.run("help", verb).out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 120})
    void helpFitsTheTerminal(int width) {
        assertThat(Cli.onTerminalOf(width, false, "--help").out().lines())
                .allMatch(line -> line.length() <= width)
                // A list of extensions would be cut after a dot.
                .noneMatch(line -> line.endsWith(" ."));
    }

    @Test
    void saysWhatIsMissingInOnePlainLine() {
        Cli run = Cli.run("compare");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).startsWith("arrow-npz: Missing required argument");
    }

    @Test
    void refusesAnEmptyPath() {
        Cli run = Cli.run("info", "");
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).isEqualTo("arrow-npz: a path is empty\n");
    }

    @Test
    void tellsHowADirectoryOfFilesIsConverted() throws IOException {
        Path files = Files.createDirectory(directory.resolve("files"));
        Cli.sample("prices.npz", files);
        Cli run = Cli.run("convert", files, directory.resolve("x.feather"));
        assertThat(run.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("stands for several files: convert them with --to and --out");
    }

    @Test
    void saysWhyStandardOutputFailed() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] args = {"cat", Cli.sample("prices.npz", directory).toString()};
        assertThat(Main.run(args, InputStream.nullInputStream(), full, err)).isEqualTo(ExitCodes.DATA);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("arrow-npz: standard output cannot be written: No space left on device\n");
    }

    @Test
    void saysWhyADirectoryOrAChartCannotBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path prices = Cli.sample("prices.npz", directory);
        Cli many = Cli.run("convert", "--to", "csv", "--out", file.resolve("x"), prices);
        assertThat(many.code()).isEqualTo(ExitCodes.DATA);
        assertThat(many.err()).startsWith("arrow-npz: " + file).doesNotContain("Exception");
        Cli chart = Cli.run("plot", prices, "-c", "close", "-o", file.resolve("x.png"));
        assertThat(chart.code()).isEqualTo(ExitCodes.DATA);
        assertThat(chart.err()).matches("arrow-npz: .*x.png: IO: the chart cannot be written \\(.+\\).*\n");
    }

    @Test
    void leavesOutTheMiddleOfTheStatisticsOfManyColumns() throws IOException {
        String names = IntStream.range(0, 1000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String values = IntStream.range(0, 1000).mapToObj(i -> "" + i).collect(Collectors.joining(","));
        Path wide = Files.writeString(directory.resolve("wide.csv"), names + "\n" + values + "\n");
        List<String> lines =
                Cli.onTerminalOf(120, false, "stats", wide).out().lines().toList();
        assertThat(lines).hasSize(2 + 60 + 1 + 1);
        assertThat(lines.get(2 + 29)).startsWith("c29 ");
        assertThat(lines.get(2 + 30)).startsWith("⋮");
        assertThat(lines.get(2 + 31)).startsWith("c970 ");
        assertThat(lines.get(lines.size() - 1)).startsWith("1 row, 60 of 1,000 columns");
        assertThat(Cli.run("stats", wide).lines()).hasSize(1000);
    }
}
