package org.arrownpz.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
    private static final JsonFactory PARSERS = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static JsonNode read(String text) throws IOException {
        try (JsonParser parser = PARSERS.createParser(text)) {
            return JsonTree.read(parser);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                "\"caf\\u00e9 \\ud83d\\ude00 \\n\"",
                "0",
                "-0",
                "2147483647",
                "-2147483648",
                "2147483648",
                "-9223372036854775808",
                "9223372036854775808",
                "123456789012345678901234567890",
                "0.1",
                "-0.0",
                "1e999",
                "1E5",
                "NaN",
                "[-Infinity, Infinity]",
                "{\"a\": {\"b\": [1, [2, {\"c\": null}], []], \"d\": {}}, \"\": false, \"e\": [[[]]]}",
                "[{\"z\": 1, \"a\": 2}, {\"z\": 3}, 4]",
            })
    void readsWhatAnObjectMapperReads(String text) throws IOException {
        JsonNode expected = new ObjectMapper(PARSERS).readTree(text);
        JsonNode node = read(text);
        assertThat(node).isEqualTo(expected).hasToString(expected.toString());
        assertThat(node.numberType()).isEqualTo(expected.numberType());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[",
                "[1",
                "[1,",
                "{\"a\"",
                "{\"a\":",
                "{\"a\": 1",
                "[1}",
                "{]",
                "]",
                "}",
                ":",
                "[1 2]",
                "tru"
            })
    void refusesWhatAnObjectMapperRefusesInTheSameWords(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        JsonProcessingException.class,
                        failure -> assertThatThrownBy(() -> new ObjectMapper(PARSERS).readTree(text))
                                .isInstanceOfSatisfying(
                                        JsonProcessingException.class,
                                        expected -> assertThat(failure.getOriginalMessage())
                                                .isEqualTo(expected.getOriginalMessage())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t"})
    void findsNothingInEmptyText(String text) throws IOException {
        assertThat(read(text)).isNull();
    }

    @Test
    void leavesWhatFollowsToTheCaller() throws IOException {
        try (JsonParser parser = PARSERS.createParser("[1] {}")) {
            assertThat(JsonTree.read(parser)).hasToString("[1]");
            assertThat(JsonTree.read(parser)).hasToString("{}");
            assertThat(JsonTree.read(parser)).isNull();
        }
    }
}
