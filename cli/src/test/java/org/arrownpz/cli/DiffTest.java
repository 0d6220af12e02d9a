package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffTest {
    @TempDir
    Path directory;

    private Path csv(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.feather", "x.arrows", "x.parquet", "x/"})
    void findsNothingBetweenFormats(String name) {
        Path prices = Cli.sample("prices.npz", directory);
        String other = directory + "/" + name;
        Cli.run("convert", prices, other);
        assertThat(Cli.run("diff", prices, other))
                .extracting(Cli::code, Cli::out, Cli::err)
                .containsExactly(0, "", "");
    }

    @Test
    void comparesEveryType() {
        Path types = Cli.sample("types.feather", directory);
        Path npz = directory.resolve("x.npz");
        Cli.run("convert", types, npz);
        assertThat(Cli.run("diff", types, npz)).extracting(Cli::code, Cli::out).containsExactly(0, "");
    }

    @Test
    void printsTheFirstRowsThatDiffer() throws IOException {
        Path a = csv("a.csv", "n,t\n1,x\n2,y\n3,z\n4,\n");
        Path b = csv("b.csv", "n,t\n1,x\n0,y\n0,y\n0,\n");
        Cli run = Cli.run("diff", "--rows", 2, a, b);
        assertThat(run.code()).isEqualTo(1);
        List<JsonNode> lines = run.lines();
        assertThat(lines).hasSize(2);
        JsonNode n = lines.get(0);
        assertThat(n.get("what").asText()).isEqualTo("values");
        assertThat(n.get("column").asText()).isEqualTo("n");
        assertThat(n.get("rows").asLong()).isEqualTo(3);
        assertThat(n.get("first")).hasSize(2);
        assertThat(n.get("first").get(0)).hasToString("{\"row\":1,\"a\":2,\"b\":0}");
        assertThat(lines.get(1).get("first").get(0)).hasToString("{\"row\":2,\"a\":\"z\",\"b\":\"y\"}");
        assertThat(Cli.onTerminal("diff", a, b).out())
                .contains("values of n: 3 rows differ", "1: 2 | 0", "2: \"z\" | \"y\"");
    }

    @Test
    void comparesFloatsBitForBitUnlessToldATolerance() throws IOException {
        Path a = csv("a.csv", "x\n0.0\n1.0\nnan\n");
        Path b = csv("b.csv", "x\n-0.0\n1.0000001\nnan\n");
        assertThat(Cli.run("diff", a, b).lines().get(0).get("rows").asLong()).isEqualTo(2);
        assertThat(Cli.run("diff", "--tolerance", "1e-6", a, b).code()).isZero();
        assertThat(Cli.run("diff", "--tolerance", "1e-8", a, b)
                        .lines()
                        .get(0)
                        .get("rows")
                        .asLong())
                .isEqualTo(1);
        assertThat(Cli.run("diff", "--tolerance", "-1", a, b).code()).isEqualTo(2);
    }

    @Test
    void tellsTypesRowsAndColumnsApart() throws IOException {
        Path a = csv("a.csv", "n,only_a\n1,1\n2,2\n");
        Path b = csv("b.csv", "n,only_b\n1.5,1\n2.5,1\n2.5,1\n");
        List<JsonNode> lines = Cli.run("diff", a, b).lines();
        assertThat(lines).extracting(line -> line.get("what").asText()).contains("rows", "columns", "type");
        assertThat(lines).extracting(line -> line.get("column").asText()).contains("only_a", "only_b");
        assertThat(lines).extracting(line -> line.get("what").asText()).doesNotContain("values");
    }

    @Test
    void tellsLabelsAndNamesApart() {
        Path prices = Cli.sample("prices.npz", directory);
        Path csv = directory.resolve("x.csv");
        Cli.run("convert", prices, csv);
        assertThat(Cli.run("diff", prices, csv).lines())
                .extracting(line -> line.get("what").asText())
                .contains("name", "index", "column_labels");
    }

    @Test
    void seesAChangeInAListAndInADictionary() throws IOException {
        Path a = Files.writeString(directory.resolve("a.json"), "{\"l\":[1,2]}\n{\"l\":[]}\n");
        Path b = Files.writeString(directory.resolve("b.json"), "{\"l\":[1,3]}\n{\"l\":[]}\n");
        assertThat(Cli.run("diff", a, b).lines().get(0).get("first").get(0))
                .hasToString("{\"row\":0,\"a\":[1,2],\"b\":[1,3]}");
    }

    @Test
    void saysThatAFileIsMissing() {
        Cli run = Cli.run("diff", Cli.sample("prices.npz", directory), directory.resolve("none.npz"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1).contains("none.npz");
        assertThat(Cli.run("diff", "-", "-").code()).isEqualTo(2);
    }
}
