package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignTest {
    @TempDir
    Path directory;

    @Test
    void makesDeflatedArraysViewable() {
        Path deflated = Cli.sample("deflated.npz", directory);
        Path target = directory.resolve("x.npz");
        Cli run = Cli.run("align", "--json", deflated, target);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.lines().get(0).get("inflated").asInt()).isPositive();
        for (JsonNode member : Cli.run("info", target).lines().get(0).get("members")) {
            assertThat(member.get("method").asText()).isEqualTo("stored");
            assertThat(member.get("dtype").isNull() || member.get("aligned").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void keepsTheFrame() {
        Path prices = Cli.sample("prices.npz", directory);
        Path target = directory.resolve("x.npz");
        assertThat(Cli.run("align", prices, target))
                .extracting(Cli::code, Cli::out)
                .containsExactly(0, "");
        assertThat(Cli.run("diff", prices, target).code()).isZero();
    }

    @Test
    void repairsAnArchiveWithTrailingBytesInPlace() throws IOException {
        Path prices = Cli.sample("prices.npz", directory);
        String before = Cli.run("cat", prices).out();
        byte[] bytes = Files.readAllBytes(prices);
        byte[] prefixed = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, prefixed, 0, bytes.length);
        Files.write(prices, prefixed);
        assertThat(Cli.run("verify", prices).code()).isEqualTo(1);
        assertThat(Cli.run("align", "--tolerant", prices, prices).code()).isEqualTo(2);
        Cli run = Cli.run("align", "--tolerant", "--force", prices, prices);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Cli.run("verify", prices).code()).isZero();
        assertThat(Cli.run("cat", prices).out()).isEqualTo(before);
    }

    @Test
    void refusesStreams() {
        assertThat(Cli.run("align", "-", directory.resolve("x.npz")).code()).isEqualTo(2);
    }
}
