package org.arrownpz.frame.internal.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static final Location PLACE = new Location("a.npz", "__meta__.json");

    private static JsonNode parse(byte[] bytes) throws NpzException {
        return JsonText.parse(bytes, ReadLimits.defaults(), PLACE);
    }

    private static JsonNode parse(String text) throws NpzException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(byte[] bytes, String words) {
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_JSON))
                .hasMessageContaining("__meta__.json")
                .hasMessageContaining(words);
    }

    /** What Python's {@code json.dumps} writes for the same value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\": [1, -2, 3.5, true, false, null], \"b\": {\"c\": \"d\"}}",
                "\"\\\"\\\\\\n\\r\\t\\b\\f\"",
                "\"\\u0000\\u001f\\u007f\\u00e9\\u2603\\ud83d\\ude00\"",
                "[NaN, Infinity, -Infinity, -0.0, 1e+22, 1e-05]",
                "123456789012345678901234567890",
            })
    void writesAsPythonDoes(String text) throws NpzException {
        assertThat(JsonText.dumps(parse(text))).isEqualTo(text);
    }

    @Test
    void skipsAByteOrderMark() throws NpzException {
        assertThat(parse("\ufeff{\"a\": 1}").get("a").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"ef, UTF-8", "efbb, UTF-8", "efbb7b7d, UTF-8", "ef41bf, UTF-8", "7bff7d, UTF-8", "22c3, UTF-8"})
    void refusesWhatIsNoUtf8(String hex, String words) {
        refused(HexFormat.of().parseHex(hex), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | empty",
                "` ` | empty",
                "{} {} | something follows",
                "[1] 2 | something follows",
                "[1] x | no JSON",
                "{\"a\": 1, \"a\": 2} | Duplicate",
                "[ | no JSON",
                "nul | no JSON",
            })
    void refusesWhatIsNotOneDocument(String text, String words) {
        refused(text.getBytes(StandardCharsets.UTF_8), words);
    }

    @Test
    void heedsTheLimitsOfEachCall() throws NpzException {
        byte[] nested = "[[[[1]]]]".getBytes(StandardCharsets.UTF_8);
        ReadLimits three = ReadLimits.defaults().withJsonNesting(3);
        assertThat(parse(nested).isArray()).isTrue();
        assertThatThrownBy(() -> JsonText.parse(nested, three, PLACE)).isInstanceOf(NpzException.class);
        assertThat(parse(nested).isArray()).isTrue();
    }
}
