package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void printsATableOnATerminal() {
        Cli run = Cli.onTerminal("stats", "-c", "close,rating", Cli.sample("prices.npz", directory));
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("column")
                .hasLineCount(5)
                .contains("47.58")
                .contains("361.02");
    }
}
