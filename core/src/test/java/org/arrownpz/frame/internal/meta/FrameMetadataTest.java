package org.arrownpz.frame.internal.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameMetadataTest {
    private static final Location PLACE = new Location("a.npz", FrameMetadata.MEMBER);

    private static final String SOUND = "{\"__names__\": [\"n\", [\"a\", 1], \"datetime.date(2020, 1, 2)\"],"
            + " \"__types__\": [\"IndexHierarchy\", \"IndexDateGO\"],"
            + " \"__types_index__\": [\"Index\", \"IndexYear\"],"
            + " \"__depths__\": [3, 2, 1]}";

    private static FrameMetadata parse(String json) throws NpzException {
        return FrameMetadata.parse(json.getBytes(StandardCharsets.UTF_8), ReadLimits.defaults(), PLACE);
    }

    @Test
    void readsWhatItWrites() throws NpzException {
        FrameMetadata meta = parse(SOUND);

        assertThat(meta.blocks()).isEqualTo(3);
        assertThat(meta.index().depth()).isEqualTo(2);
        assertThat(meta.index().levelClasses()).containsExactly(IndexClass.INDEX, IndexClass.of(IndexType.YEAR));
        assertThat(meta.index().name()).isEqualTo(Label.tuple(List.of(Label.of("a"), Label.of(1))));
        assertThat(meta.columns().indexClass()).isEqualTo(new IndexClass(IndexType.DATE, true));
        assertThat(meta.columns().name().text()).isEqualTo("2020-01-02");
        assertThat(meta.toJson()).isEqualTo(SOUND);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(?s).* | [1] | META_JSON",
                "(?s).* | 7 | META_JSON",
                "\"__names__\" | \"x\" | META_SCHEMA",
                "\"__names__\": \\[\"n\", | \"__names__\": [ | META_SCHEMA",
                "\"__types__\": \\[[^]]*\\] | \"__types__\": 3 | META_SCHEMA",
                "\"__types__\": \\[[^]]*\\] | \"__types__\": {\"a\": 1, \"b\": 2} | META_SCHEMA",
                "\\[\"a\", 1\\] | {} | META_SCHEMA",
                "\\[\"a\", 1\\] | [{}] | META_SCHEMA",
                "\"IndexHierarchy\" | \"Index\" | META_SCHEMA",
                "\"IndexDateGO\" | \"IndexHierarchy\" | META_SCHEMA",
                "\"IndexDateGO\" | 5 | META_SCHEMA",
                "\"IndexDateGO\" | \"object\" | META_SCHEMA",
                "\"IndexYear\" | \"IndexHierarchy\" | META_SCHEMA",
                "\"IndexYear\" | null | META_SCHEMA",
                "\"Index\", \"IndexYear\" | \"Index\" | META_SCHEMA",
                "\\[3, 2, 1\\] | [-1, 2, 1] | META_SCHEMA",
                "\\[3, 2, 1\\] | [2.5, 2, 1] | META_SCHEMA",
                "\\[3, 2, 1\\] | [3, 1001, 1] | META_SCHEMA",
                "\\[3, 2, 1\\] | [3, 2, 0] | META_SCHEMA",
                "\\[3, 2, 1\\] | [3, 2, -Infinity] | META_JSON",
            })
    void refuses(String pattern, String replacement, ErrorCode code) {
        String changed = SOUND.replaceFirst(pattern, Matcher.quoteReplacement(replacement));
        assertThat(changed).isNotEqualTo(SOUND);
        assertThatThrownBy(() -> parse(changed))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("a.npz!/__meta__.json");
    }

    @Test
    void takesHierarchiesWithoutTheirLevels() throws NpzException {
        assertThat(parse(SOUND.replaceFirst(" \"__types_index__\": [^]]*\\],", ""))
                        .index()
                        .levelClasses())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"datetime.date(2020, 1, 2)\" | 2020-01-02",
                "\"datetime.date(2020, 13, 2)\" | datetime.date(2020, 13, 2)",
                "\"np.datetime64('2020-01')\" | 2020-01",
                "\"numpy.datetime64('2020')\" | 2020",
                "true | True",
                "12345678901234567890 | 12345678901234567890",
                "1.5 | 1.5",
                "null | None",
                "[\"x\", [null, 2]] | ('x', (None, 2))",
            })
    void readsNames(String json, String text) throws NpzException {
        Label name = parse(SOUND.replaceFirst("\"n\"", Matcher.quoteReplacement(json)))
                .name();
        assertThat(name.text()).isEqualTo(text);
        assertThat(NameCodec.decode(NameCodec.encode(name))).isEqualTo(name);
    }

    @Test
    void refusesNamesThatJsonCannotHold() {
        assertThatThrownBy(() -> NameCodec.encode(new Label.Item("b'x'", "b'x'")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b'x'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"class\": \"Index\"}",
                "{\"depth\": 1}",
                "{\"class\": \"Index\", \"depth\": 0}",
                "{\"class\": \"Index\", \"depth\": 2}",
                "{\"class\": \"Index\", \"depth\": 1, \"name\": {}}",
            })
    void refusesHiddenIndicesThatAreNotDescribed(String json) {
        assertThatThrownBy(() -> FrameMetadata.hiddenAxis(
                        JsonText.parse(json.getBytes(StandardCharsets.UTF_8), ReadLimits.defaults(), PLACE), PLACE))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA));
    }

    @ParameterizedTest
    @CsvSource({
        "__blocks_2__.npy, true",
        "__blocks_1__.npy, false",
        "__blocks_10__.npy, true",
        "__blocks_02__.npy, false",
        "__blocks_2x__.npy, false",
        "__blocks_/__.npy, false",
        "__blocks___.npy, false",
        "__blocks_99999999999999999999__.npy, true",
        "__values_index_0__.npy, true",
        "__values_columns_0__.npy, false",
        "__values_columns_1__.npy, true",
        "__values_columns_1__.npz, false",
        "other.npy, false",
    })
    void tellsMembersThatTheMetadataDoNotCount(String name, boolean surplus) {
        assertThat(new FrameMembers(2, 0, 1).isSurplus(name)).isEqualTo(surplus);
    }
}
