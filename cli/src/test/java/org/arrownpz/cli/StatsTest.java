package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.arrownpz.cli.console.Width;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatsTest {
    @TempDir
    Path directory;

    private static Map<String, JsonNode> stats(Object path, Object... flags) {
        Object[] args = new Object[flags.length + 2];
        args[0] = "stats";
        args[1] = path;
        System.arraycopy(flags, 0, args, 2, flags.length);
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isZero();
        return run.lines().stream()
                .collect(Collectors.toMap(line -> line.get("column").asText(), Function.identity()));
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(directory.resolve("x.csv"), text);
    }

    @Test
    void tellsCountNullsNanExtremesAndMeanOfNumbers() {
        Map<String, JsonNode> stats = stats(Cli.sample("prices.npz", directory));
        JsonNode high = stats.get("high");
        assertThat(high.get("count").asLong()).isEqualTo(60);
        assertThat(high.get("nulls").asLong()).isZero();
        assertThat(high.get("nan").asLong()).isEqualTo(1);
        assertThat(high.get("min").asDouble()).isEqualTo(47.74);
        assertThat(high.get("max").asDouble()).isEqualTo(362.61);
        assertThat(high.get("mean").asDouble()).isEqualTo(191.35610169491525);
        assertThat(stats.get("open").get("nan").asLong()).isZero();
        assertThat(stats.get("volume").get("min").asLong()).isEqualTo(21372778);
    }

    @Test
    void tellsExtremesOfTimesAndBooleans() {
        Map<String, JsonNode> stats = stats(Cli.sample("prices.npz", directory));
        assertThat(stats.get("date").get("min").asText()).isEqualTo("2024-01-02");
        assertThat(stats.get("date").get("mean").isNull()).isTrue();
        JsonNode trade = stats.get("last_trade");
        assertThat(trade.get("nulls").asLong()).as("NaT").isEqualTo(1);
        assertThat(trade.get("max").asText()).isEqualTo("2024-01-29T21:00:00.644521622");
        JsonNode halted = stats.get("halted");
        assertThat(halted.get("min").asText()).isEqualTo("false");
        assertThat(halted.get("mean").asDouble()).isEqualTo(2 / 60.0);
    }

    @Test
    void tellsUnsignedAndDecimalNumbersExactly() {
        Map<String, JsonNode> stats = stats(Cli.sample("types.feather", directory));
        assertThat(stats.get("u64").get("max").asText()).isEqualTo("18446744073709551615");
        assertThat(stats.get("u64").get("min").asText()).isEqualTo("0");
        assertThat(stats.get("dec").get("min").decimalValue()).isEqualByComparingTo("-9.99");
        assertThat(stats.get("dec").get("mean").decimalValue()).isEqualByComparingTo("-4.38");
        assertThat(stats.get("dec").get("std").asDouble()).isCloseTo(5.61, Offset.offset(1e-9));
        assertThat(stats.get("dec").get("distinct").asLong()).isEqualTo(2);
    }

    @Test
    void countsTheCharactersOfTexts() throws IOException {
        JsonNode text = stats(
                        csv("t,n\n\u00e4\u00f6\u00fc \u4e2d\u6587 \ud83d\ude00\ud83d\ude00\ud83d\ude00,1\nab,2\n"))
                .get("t");
        assertThat(text.get("min_length").asLong()).isEqualTo(2);
        assertThat(text.get("max_length").asLong()).isEqualTo(10);
    }

    @Test
    void tellsLengthsOfListsAndLooksBehindDictionaries() {
        Map<String, JsonNode> stats = stats(Cli.sample("types.feather", directory));
        assertThat(stats.get("m").get("max_length").asLong()).isEqualTo(1);
        assertThat(stats.get("ree").get("type").asText()).contains("dictionary");
        assertThat(stats.get("ree").get("max_length").asLong()).isEqualTo(1);
    }

    @Test
    void sumsIntegersWithoutOverflow() throws IOException {
        JsonNode n = stats(csv("n\n9223372036854775807\n9223372036854775807\n")).get("n");
        assertThat(n.get("mean").asDouble()).isEqualTo(9.223372036854775807e18);
    }

    @Test
    void leavesEverythingOpenOverNoValues() throws IOException {
        JsonNode n = stats(csv("n,m\n,1\n,2\n")).get("n");
        assertThat(n.get("count").asLong()).isZero();
        assertThat(n.get("nulls").asLong()).isEqualTo(2);
        assertThat(n.get("min").isNull()).isTrue();
        assertThat(n.get("mean").isNull()).isTrue();
    }

    @Test
    void tellsDeviationQuantilesAndHistogram() throws IOException {
        JsonNode n = stats(csv("n\n1\n2\n3\n4\n\n100\n")).get("n");
        assertThat(n.get("std").asDouble()).isCloseTo(39.02, Offset.offset(0.01));
        assertThat(n.get("quantiles")).hasToString("[2,3,4]");
        assertThat(n.get("histogram")).hasToString("[4,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]");
        assertThat(n.get("sampled").asBoolean()).isFalse();
    }

    @Test
    void countsDistinctAndMostFrequentValues() throws IOException {
        Map<String, JsonNode> stats = stats(csv("t,n\nb,0.0\na,-0.0\nb,nan\n,1.0\nc,nan\n"));
        assertThat(stats.get("t").get("distinct").asLong()).isEqualTo(3);
        assertThat(stats.get("t").get("distinct_exact").asBoolean()).isTrue();
        assertThat(stats.get("t").get("top").get(0)).hasToString("{\"value\":\"b\",\"count\":2}");
        assertThat(stats.get("t").get("mean_length").asDouble()).isOne();
        assertThat(stats.get("n").get("distinct").asLong())
                .as("zeros are one, NaN is left out")
                .isEqualTo(2);
        assertThat(stats.get("n").get("top").get(0)).hasToString("{\"value\":0,\"count\":2}");
    }

    @Test
    void tellsTheMostFrequentLengthsOfLists() throws IOException {
        Path lists = Files.writeString(
                directory.resolve("l.json"), "{\"l\":[1,2]}\n{\"l\":[3,4]}\n{\"l\":[]}\n{\"l\":null}\n");
        JsonNode list = stats(lists).get("l");
        assertThat(list.get("top").get(0)).hasToString("{\"value\":2,\"count\":2}");
        assertThat(list.get("distinct").isNull()).isTrue();
        assertThat(list.get("quantiles")).hasToString("[1,2,2]");
    }

    @Test
    void cutsLongValues() throws IOException {
        Path file = Files.writeString(directory.resolve("t.json"), "{\"t\":\"" + "x\\\"".repeat(1000) + "\"}\n");
        JsonNode text = stats(file).get("t");
        assertThat(text.get("top").get(0).get("value").asText().length()).isLessThan(600);
    }

    @Test
    void printsATableOnATerminal() {
        Cli run = Cli.onTerminal("stats", "-c", "close,rating", Cli.sample("prices.npz", directory));
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("column")
                .hasLineCount(7)
                .contains("47.6")
                .contains("361")
                .contains("60 rows, 4 columns");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void fitsAnyTerminal(int width) {
        for (String name : List.of("prices.npz", "values.npz", "types.feather", "events.csv")) {
            Cli run = Cli.onTerminalOf(width, true, "stats", Cli.sample(name, directory));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out().lines())
                    .allSatisfy(line -> assertThat(Width.of(line)).as(line).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void printsALineForEachOfSeveralFiles() throws IOException {
        Cli.sample("prices.npz", directory);
        csv("n,t\n1,a\n,b\n");
        Cli run = Cli.onTerminal("stats", directory);
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(3)).contains("x.csv").contains("25%");
        assertThat(Cli.run("stats", directory).lines())
                .hasSize(13)
                .allSatisfy(line -> assertThat(line.get("path").asText()).startsWith(directory.toString()));
    }
}
