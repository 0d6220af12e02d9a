package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(lines.get(0)).endsWith(": frame, 60 rows, 9 columns, name prices");
        assertThat(lines.get(1)).isEqualTo("  index: IndexHierarchy of Index, IndexDate, name ('ticker', 'date')");
        assertThat(run.out()).contains("copy: bool bytes are packed into bits").contains("view\n");
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
