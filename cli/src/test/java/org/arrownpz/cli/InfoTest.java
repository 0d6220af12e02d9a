package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.array.Npz;
import org.arrownpz.cli.console.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoTest {
    @TempDir
    Path directory;

    @Test
    void describesAFrame() {
        JsonNode info = Cli.run("info", "--json", Cli.sample("prices.npz", directory))
                .lines()
                .get(0);
        assertThat(info.get("kind").asText()).isEqualTo("frame");
        assertThat(info.get("rows").asLong()).isEqualTo(60);
        assertThat(info.get("columns").asLong()).isEqualTo(9);
        assertThat(info.get("name").asText()).isEqualTo("prices");
        assertThat(info.get("index").toString())
                .isEqualTo("{\"class\":\"IndexHierarchy\",\"depth\":2,\"levels\":[\"Index\",\"IndexDate\"],"
                        + "\"name\":\"('ticker', 'date')\",\"auto\":false}");
        JsonNode block = member(info, "__blocks_0__.npy");
        assertThat(block.get("dtype").asText()).isEqualTo("<f8");
        assertThat(block.get("shape").toString()).isEqualTo("[60,4]");
        assertThat(block.get("order").asText()).isEqualTo("F");
        assertThat(block.get("method").asText()).isEqualTo("stored");
        assertThat(block.get("offset").asLong() % 64).isZero();
        assertThat(block.get("aligned").asBoolean()).isTrue();
        assertThat(block.get("viewable").asBoolean()).isTrue();
        assertThat(block.get("reason").isNull()).isTrue();
        assertThat(member(info, "__blocks_3__.npy").get("reason").asText()).contains("bits");
    }

    @Test
    void describesPlainArchives() {
        JsonNode info =
                Cli.run("info", Cli.sample("deflated.npz", directory)).lines().get(0);
        assertThat(info.get("kind").asText()).isEqualTo("npz");
        assertThat(info.get("rows").isNull()).isTrue();
        JsonNode member = member(info, "x.npy");
        assertThat(member.get("method").asText()).isEqualTo("deflated");
        assertThat(member.get("viewable").asBoolean()).isFalse();
        assertThat(member.get("reason").asText()).isEqualTo("deflated");
        assertThat(member.get("offset").isNull()).isTrue();
    }

    @Test
    void describesSingleArrays() {
        JsonNode info =
                Cli.run("info", Cli.sample("grid.npy", directory)).lines().get(0);
        assertThat(info.get("kind").asText()).isEqualTo("npy");
        assertThat(info.get("rows").asLong()).isEqualTo(3);
        assertThat(info.get("members").get(0).get("reason").asText()).contains("C-order");
    }

    @Test
    void describesArrowFiles() {
        JsonNode info =
                Cli.run("info", Cli.sample("types.feather", directory)).lines().get(0);
        assertThat(info.get("kind").asText()).isEqualTo("ipc");
        assertThat(info.get("rows").asLong()).isEqualTo(3);
        assertThat(info.get("columns").asLong()).isEqualTo(12);
        assertThat(info.get("members")).isEmpty();
    }

    @Test
    void describesNpyDirectories() {
        Path target = directory.resolve("prices");
        Cli.run("convert", Cli.sample("prices.npz", directory), target + "/");
        JsonNode info = Cli.run("info", target).lines().get(0);
        assertThat(info.get("kind").asText()).isEqualTo("frame-dir");
        assertThat(info.get("columns").asLong()).isEqualTo(9);
        assertThat(member(info, "__blocks_1__.npy").get("viewable").asBoolean()).isTrue();
    }

    @Test
    void printsATableOnATerminal() {
        Cli run = Cli.onTerminal("info", Cli.sample("prices.npz", directory));
        List<String> lines = run.out().lines().toList();
        assertThat(String.join(" ", lines)).contains(": frame, 60 rows, 9 columns, 10 members, 8.22 kB, name");
        assertThat(lines).contains("  index: IndexHierarchy of Index, IndexDate, name ('ticker', 'date')");
        assertThat(run.out())
                .contains("copy: bool bytes are packed into bits")
                .contains("view\n")
                .contains("█")
                .doesNotContain("\u001b");
    }

    @Test
    void paintsWhatIsViewedGreenAndWhatIsCopiedYellow() {
        String text = Cli.onTerminalOf(100, true, "info", Cli.sample("prices.npz", directory))
                .out();
        assertThat(text)
                .contains("\u001b[32mview\u001b[0m")
                .contains("\u001b[33mcopy: bool bytes are packed into bits\u001b[0m");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 80, 200})
    void fitsAnyTerminal(int width) {
        for (String name :
                List.of("prices.npz", "deflated.npz", "values.npz", "bus.zip", "grid.npy", "types.feather")) {
            assertThat(Cli.onTerminalOf(width, true, "info", Cli.sample(name, directory))
                            .out()
                            .lines())
                    .allSatisfy(line -> assertThat(Width.of(line)).as(line).isLessThanOrEqualTo(Math.max(42, width)));
        }
    }

    @Test
    void sumsUpManyMembersByKind() throws IOException {
        Path many = directory.resolve("many.npz");
        Map<String, Object> arrays = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            arrays.put("a" + i, i % 3 == 0 ? new boolean[i] : new long[] {i});
        }
        Npz.save(many, arrays);
        String text = Cli.onTerminal("info", many).out();
        assertThat(text)
                .hasLineCount(6)
                .containsPattern("100 arrays +\\|b1 +various +27.7 kB +█+ +copy: ")
                .containsPattern("200 arrays +<i8 +\\(1,\\) +27.2 kB +█+\\S +view\n")
                .contains("200 arrays viewed, 27.2 kB; 100 arrays copied, 27.7 kB");
    }

    @Test
    void listsTheFilesOfADirectoryInALineEach() throws IOException {
        Cli.sample("prices.npz", directory);
        Cli.sample("grid.npy", directory);
        Files.writeString(directory.resolve("README.txt"), "no data");
        Cli run = Cli.onTerminal("info", directory);
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2)).contains("grid.npy").contains("NumPy array").endsWith(" B");
        assertThat(lines.get(3))
                .contains("prices.npz")
                .contains("frame")
                .contains("60")
                .endsWith("8.22 kB");
        assertThat(lines.get(4)).startsWith("2 files, ");
        assertThat(Cli.run("info", directory).lines()).hasSize(2);
    }

    @Test
    void expandsPatternsThatTheShellDidNot() {
        Cli.sample("prices.npz", directory);
        Cli.sample("values.npz", directory);
        Cli.sample("grid.npy", directory);
        assertThat(Cli.run("info", directory + "/*.npz").lines())
                .extracting(line -> line.get("path").asText())
                .containsExactly(directory + "/prices.npz", directory + "/values.npz");
        Cli none = Cli.run("info", directory + "/*.csv");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("no file matches");
    }

    @Test
    void goesOnAfterABadFileAmongSeveral() {
        Cli run = Cli.run("info", directory.resolve("none.npz"), Cli.sample("grid.npy", directory));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.err()).contains("none.npz").hasLineCount(1);
    }

    private static JsonNode member(JsonNode info, String name) {
        for (JsonNode member : info.get("members")) {
            if (member.get("name").asText().equals(name)) {
                return member;
            }
        }
        throw new AssertionError(name + " in " + info);
    }
}
