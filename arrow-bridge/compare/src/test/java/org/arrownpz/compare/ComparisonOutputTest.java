package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import org.arrownpz.compare.Comparison.Units;
import org.junit.jupiter.api.Test;

class ComparisonOutputTest {
    private static JsonNode json(Comparison comparison) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            comparison.toJson().writeTo(out);
        }
        return new ObjectMapper().readTree(text.toString());
    }

    @Test
    void writesEachTimeWithQuartilesAndItsRatioToTheFloor() throws IOException {
        JsonNode result = json(Made.comparison()).get("results").get(3);
        assertThat(result.get("form").asText()).isEqualTo("npz_aligned");
        assertThat(result.get("kind").asText()).isEqualTo("ours");
        assertThat(result.get("lazy_part").asDouble()).isEqualTo(0.9);
        JsonNode touch = result.get("touch");
        assertThat(touch.get("median_ns").asLong()).isEqualTo(2_000_000);
        assertThat(touch.get("best_ns").asLong()).isEqualTo(1_000_000);
        assertThat(touch.get("quartile_1_ns").asLong()).isEqualTo(1_500_000);
        assertThat(touch.get("quartile_3_ns").asLong()).isEqualTo(2_500_000);
        assertThat(touch.get("samples").asInt()).isEqualTo(3);
        assertThat(touch.get("over_floor").asDouble()).isEqualTo(2.0);
    }

    @Test
    void givesNoRatioForOpeningWhichLeavesValuesUnread() throws IOException {
        JsonNode result = json(Made.comparison()).get("results").get(3);
        assertThat(result.get("open").get("over_floor").isNull()).isTrue();
        assertThat(result.get("cell").get("over_floor").isNull()).isTrue();
    }

    @Test
    void writesAllThatTheTableSays() throws IOException {
        JsonNode json = json(Made.comparison());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "title",
                        "data",
                        "rows",
                        "columns",
                        "value_bytes",
                        "checksum",
                        "conditions",
                        "lazy",
                        "files",
                        "results",
                        "fidelity",
                        "missing",
                        "choices",
                        "verdict",
                        "environment");
        assertThat(json.get("conditions").asText()).contains("warm");
        assertThat(json.get("files")).hasSize(2);
        assertThat(json.get("fidelity").get(0).get("lost_elsewhere").get(0).asText())
                .isEqualTo("the frame's name");
        assertThat(json.get("results").get(0).get("form").isNull()).isTrue();
        assertThat(json.get("environment").get("load_after").asDouble()).isEqualTo(1.5);
    }

    @Test
    void printsNumbersWithThreeDigitsAndAUnit() {
        assertThat(Units.time(999)).isEqualTo("999 ns");
        assertThat(Units.time(1_234_567)).isEqualTo("1.23 ms");
        assertThat(Units.time(99_960_000_000.0)).isEqualTo("100 s");
        assertThat(Units.bytes(8_024_883)).isEqualTo("8.02 MB");
        assertThat(Units.ratio(12.34)).isEqualTo("12.3 x");
    }
}
