package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.arrownpz.support.Meter.Watch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What progress is made of: how far the library is with the files that verbs read and write. */
class WatchedFilesTest {
    private static final int ROWS = 2000;

    @TempDir
    static Path directory;

    @BeforeAll
    static void makeFiles() throws IOException {
        List<String> lines = new ArrayList<>(List.of("k,v,t"));
        IntStream.range(0, ROWS).forEach(i -> lines.add(i / 10 + "," + i * 0.5 + ",text " + i));
        Path csv = Files.write(directory.resolve("in.csv"), lines);
        for (String made : List.of("in.parquet", "in.feather", "in.arrows", "in.npz", "in.json")) {
            assertThat(Cli.run("convert", csv, directory.resolve(made)).code()).isZero();
        }
        for (String packed : List.of("packed.parquet", "packed.npz")) {
            assertThat(Cli.run("pack", csv, directory.resolve(packed), "--by", "k")
                            .code())
                    .isZero();
        }
    }

    /** Words with a dot and without a dash in front are files. */
    private static Cli run(String command) {
        Object[] words = command.split(" ");
        for (int i = 0; i < words.length; i++) {
            String word = words[i].toString();
            if (word.matches("\\w+\\.\\w+")) {
                words[i] = directory.resolve(word).toString();
            }
        }
        return Cli.run(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pack in.csv out1.npz --by k",
                "pack in.parquet out2.parquet --by k",
                "pack in.feather out3.feather --by k --compression zstd",
                "pack in.arrows out4.csv --by k --pack v",
                "pack in.json out5.json --by k",
                "unpack packed.parquet out6.parquet",
                "unpack packed.npz out7.parquet",
                "paste in.csv packed2.npz -o out8.npz",
                "concat in.csv in.parquet in.feather in.npz -o out9.feather --compression lz4",
                "convert in.csv out10.parquet",
                "convert in.npz out11.parquet",
                "convert in.npz out12.feather --compression zstd",
                "convert in.npz out13.csv",
                "convert in.parquet out14.json"
            })
    void isKnownToTheEndWhereTheSourcesTell(String command) throws IOException {
        if (command.contains("packed2")) {
            Files.writeString(directory.resolve("w.csv"), "w\n" + "1\n".repeat(ROWS));
            assertThat(run("convert w.csv packed2.npz").code()).isZero();
        }
        try (Watch watch = Watch.open()) {
            Cli run = run(command);
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(watch.share()).isEqualTo(1);
            assertThat(watch.bytes()).isPositive();
        }
    }

    @Test
    void countsWhatIsDeflated() throws IOException {
        try (Watch watch = Watch.open()) {
            assertThat(run("convert in.npz deflated.npz --deflate").code()).isZero();
            assertThat(watch.share()).isNegative();
            assertThat(watch.bytes())
                    .isBetween(Files.size(directory.resolve("in.npz")) / 2, Files.size(directory.resolve("in.npz")));
        }
    }

    @Test
    void knowsWhatAStatementReads() {
        try (Watch watch = Watch.open()) {
            Cli run = Cli.run(
                    "sql",
                    "SELECT p.k, sum(p.v), count(*) FROM p JOIN f USING (k) JOIN n USING (k) GROUP BY ALL",
                    "--table",
                    "p=" + directory.resolve("in.parquet"),
                    "--table",
                    "f=" + directory.resolve("in.feather"),
                    "--table",
                    "n=" + directory.resolve("in.npz"),
                    "-o",
                    directory.resolve("joined.parquet"));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(watch.share()).isEqualTo(1);
        }
    }
}
