package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {
    @TempDir
    Path directory;

    @Test
    void reportsEachPathWithItsKind() {
        Path prices = Cli.sample("prices.npz", directory);
        Cli.run("convert", prices, directory + "/frame/");
        Cli run = Cli.run(
                "verify",
                "--level",
                "content",
                "--json",
                prices,
                directory.resolve("frame"),
                Cli.sample("grid.npy", directory),
                Cli.sample("uneven.npz", directory),
                Cli.sample("types.feather", directory),
                Cli.sample("batches.arrows", directory));
        assertThat(run.code()).isZero();
        assertThat(run.lines())
                .extracting(line -> line.get("kind").asText())
                .containsExactly("frame", "frame-dir", "npy", "npz", "ipc", "ipc");
        assertThat(run.lines()).allSatisfy(line -> {
            assertThat(line.get("ok").asBoolean()).isTrue();
            assertThat(line.get("level").asText()).isEqualTo("content");
            assertThat(line.get("code").isNull()).isTrue();
            assertThat(line.get("offset").isNull()).isTrue();
        });
    }

    @Test
    void findsAChangedByteOnlyFromChecksumsOn() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        byte[] bytes = Files.readAllBytes(prices);
        bytes[2600] ^= 1;
        Files.write(prices, bytes);
        assertThat(Cli.run("verify", "--level", "structure", prices).code()).isZero();
        Cli run = Cli.run("verify", prices, Cli.sample("grid.npy", directory));
        assertThat(run.code()).isEqualTo(1);
        JsonNode bad = run.lines().get(0);
        assertThat(bad.get("ok").asBoolean()).isFalse();
        assertThat(bad.get("level").asText()).isEqualTo("crc");
        assertThat(bad.get("code").asText()).isEqualTo("ZIP_CRC");
        assertThat(bad.get("member").asText()).isEqualTo("__blocks_0__.npy");
        assertThat(bad.get("message").asText()).contains("prices.npz");
        assertThat(run.lines().get(1).get("ok").asBoolean()).isTrue();
    }

    @Test
    void allowsSurroundingBytesOnlyWhenTolerant() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        byte[] bytes = Files.readAllBytes(prices);
        byte[] prefixed = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, prefixed, 10, bytes.length);
        Files.write(prices, prefixed);
        assertThat(Cli.run("verify", prices).code()).isEqualTo(1);
        assertThat(Cli.run("verify", "--tolerant", prices).code()).isZero();
    }

    @Test
    void saysSoInLinesOnATerminal() {
        Cli run = Cli.onTerminal("verify", Cli.sample("grid.npy", directory), directory.resolve("none.npy"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines().toList().get(0)).startsWith("ok   ").endsWith("(npy, crc)");
        assertThat(run.out().lines().toList().get(1)).startsWith("BAD  ").contains("none.npy");
    }

    @Test
    void sumsUpSeveralFiles() {
        Path grid = Cli.sample("grid.npy", directory);
        assertThat(Cli.onTerminal("verify", grid, grid).out()).endsWith("\n2 files: all in order\n");
        assertThat(Cli.onTerminal("verify", grid, directory.resolve("none.npy")).out())
                .endsWith("\n2 files: 1 in order, 1 not\n");
        assertThat(Cli.onTerminal("verify", grid).out()).hasLineCount(1);
    }

    @Test
    void isGreenAndRed() {
        Path grid = Cli.sample("grid.npy", directory);
        assertThat(Cli.onTerminalOf(100, true, "verify", grid, directory.resolve("none.npy"))
                        .out())
                .contains("\u001b[32mok\u001b[0m   ")
                .contains("\u001b[31mBAD\u001b[0m  ");
    }

    @Test
    void goesThroughDirectories() {
        Cli.sample("grid.npy", directory);
        Cli.sample("prices.npz", directory);
        Cli run = Cli.run("verify", directory);
        assertThat(run.code()).isZero();
        assertThat(run.lines()).extracting(line -> line.get("kind").asText()).containsExactly("npy", "frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "--level deep a.npz", "--memory-limit 0 a.npz", "--memory-limit 9999999t a.npz"})
    void takesThemForMisuse(String line) {
        Object[] args = Stream.concat(
                        Stream.of("verify"), Stream.of(line.split(" ")).filter(word -> !word.isEmpty()))
                .toArray();
        assertThat(Cli.run(args).code()).isEqualTo(2);
    }

    /** Every file of the hostile corpus that must be refused is, and every one that must be accepted is not. */
    @Test
    void judgesTheHostileCorpus() throws IOException, URISyntaxException {
        URI manifest = Objects.requireNonNull(VerifyTest.class.getResource("/hostile/manifest.csv"))
                .toURI();
        List<String> wrong = new ArrayList<>();
        int cases;
        if (manifest.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(manifest, Map.of())) {
                cases = judge(jar.getPath("/hostile"), wrong);
            }
        } else {
            cases = judge(Path.of(manifest).getParent(), wrong);
        }
        assertThat(cases).isGreaterThan(300);
        assertThat(wrong).isEmpty();
    }

    private int judge(Path corpus, List<String> wrong) throws IOException {
        int cases = 0;
        for (String line : Files.readAllLines(corpus.resolve("manifest.csv"))) {
            String[] cells = line.split(",", 7);
            if (cells.length < 7 || !cells[5].equals("must")) {
                continue;
            }
            cases++;
            Path file = copy(corpus.resolve(cells[1]), directory.resolve("case").resolve(cells[1]));
            Cli run = Cli.run("verify", "--memory-limit", "64m", "--level", "content", "--json", file);
            boolean accepted = run.code() == 0;
            if (run.code() > 1 || run.lines().size() != 1 || accepted != cells[4].equals("accept")) {
                wrong.add(
                        cells[0] + " " + cells[1] + " (" + cells[4] + "): " + run.code() + " " + run.out() + run.err());
            }
        }
        return cases;
    }

    private static Path copy(Path source, Path target) throws IOException {
        try (Stream<Path> tree = Files.walk(source)) {
            for (Path path : tree.toList()) {
                Path copy = target.resolve(source.relativize(path).toString());
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
        return target;
    }
}
