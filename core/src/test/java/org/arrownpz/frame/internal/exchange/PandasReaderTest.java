package org.arrownpz.frame.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema key that pandas and pyarrow write, and what becomes of ones that nobody would write. */
class PandasReaderTest {
    private static Schema schema(String... names) {
        return new Schema(Arrays.stream(names)
                .map(name -> Field.nullable(name, new ArrowType.Int(64, true)))
                .toList());
    }

    private static String column(String field, String name) {
        return "{\"name\": " + name + ", \"field_name\": \"" + field + "\", \"pandas_type\": \"int64\"}";
    }

    private static PandasReader.@Nullable Document parse(String index, String axes, String columns, String... fields) {
        return PandasReader.parse(
                "{\"index_columns\": " + index + ", \"column_indexes\": " + axes + ", \"columns\": " + columns + "}",
                schema(fields));
    }

    private static FrameAxis columns(String axes, String... fields) {
        PandasReader.Document document = parse("[]", axes, "[]", fields);
        assertThat(document).isNotNull();
        return document.columns();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{}",
                "{\"index_columns\": []}",
                "{\"columns\": []}",
                "{\"index_columns\": {}, \"columns\": []}",
                "{\"index_columns\": [], \"columns\": {}}",
                "{\"index_columns\": [7], \"columns\": []}",
                "{\"index_columns\": [\"gone\"], \"columns\": []}",
                "{\"index_columns\": [\"a\"], \"columns\": []}",
                "{\"index_columns\": [\"a\", \"a\"], \"columns\": [{\"field_name\": \"a\"}]}",
                "{\"index_columns\": [{\"kind\": \"serial\"}], \"columns\": []}",
                "{\"index_columns\": [{\"kind\": \"range\"}], \"columns\": []}",
                "{\"index_columns\": [{\"kind\": \"range\", \"start\": 0, \"stop\": 1.5, \"step\": 1}], \"columns\": []}",
                "{\"index_columns\": [{\"kind\": \"range\", \"start\": 0, \"stop\": 1}], \"columns\": []}",
                "{\"index_columns\": [{\"kind\": \"range\", \"start\": 0, \"stop\": 1, \"step\": 1}, \"a\"], \"columns\": []}",
            })
    void dropsWhatIsIncompleteOrDoesNotFit(String json) {
        assertThat(PandasReader.parse(json, schema("a"))).isNull();
    }

    @Test
    void givesTheIndexItsFieldsAndNames() {
        String columns = "[" + column("a", "\"k\"") + ", " + column("b", "null") + "]";
        PandasReader.Document document = parse("[\"b\", \"a\"]", "[]", columns, "a", "v", "b");

        assertThat(document).isNotNull();
        assertThat(document.indexFields()).containsExactly(2, 0);
        assertThat(document.indexNames()).containsExactly(Label.NONE, Label.of("k"));
        assertThat(document.columns().text(0)).isEqualTo("v");
        assertThat(document.range()).isNull();
    }

    @Test
    void takesNamesThatAreObjectsForNone() {
        PandasReader.Document document = parse("[\"a\"]", "[]", "[" + column("a", "{}") + "]", "a");

        assertThat(document).isNotNull();
        assertThat(document.indexNames()).containsExactly(Label.NONE);
    }

    @Test
    void noIndexAtAllIsAnAutomaticOne() {
        PandasReader.Document document = parse("[]", "[]", "[]", "a");

        assertThat(document).isNotNull();
        assertThat(document.indexNames()).containsExactly(Label.NONE);
        assertThat(document.indexFields()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 1, 3, true, true",
        "0, 3, 1, 2, false, false",
        "5, 8, 1, 3, true, false",
        "0, 6, 2, 3, true, false",
        "0, 5, 2, 3, true, false",
        "6, 0, -2, 3, true, false",
        "3, 0, 1, 0, true, false",
        "0, 3, 0, 3, false, false",
        "-9223372036854775808, 9223372036854775807, 1, 1, false, false",
    })
    void knowsHowLongARangeIs(long start, long stop, long step, long rows, boolean fits, boolean automatic) {
        PandasReader.Document document = parse(
                "[{\"kind\": \"range\", \"name\": \"r\", \"start\": " + start + ", \"stop\": " + stop + ", \"step\": "
                        + step + "}]",
                "[]",
                "[]",
                "a");

        assertThat(document).isNotNull();
        assertThat(document.indexNames()).containsExactly(Label.of("r"));
        assertThat(document.range()).isEqualTo(new PandasReader.Range(start, stop, step));
        assertThat(document.range().hasLength(rows)).isEqualTo(fits);
        assertThat(document.range().isAutomatic(rows)).isEqualTo(automatic);
    }

    @ParameterizedTest
    @CsvSource({
        "int64, 7, -8, <i8",
        "int32, 7, 8, <i8",
        "int16, 7, 8, <i8",
        "int8, 7, 8, <i8",
        "uint64, 18446744073709551615, 0, <u8",
        "uint8, 1, 2, <u8",
        "uint16, 1, 2, <u8",
        "uint32, 1, 2, <u8",
        "float64, 1.5, 1e+22, <f8",
        "bool, True, False, |b1",
        "unicode, a, bc, <U2",
        "int64, 07, 8, <U2",
        "int64, +7, 8, <U2",
        "int64, x, 8, <U1",
        "uint64, +7, 8, <U2",
        "uint64, -7, 8, <U2",
        "float64, 1.50, 2.0, <U4",
        "float64, x, 2.0, <U3",
        "bool, true, False, <U5",
        "bool, True, 0, <U4",
    })
    void givesLabelsTheTypeThatTheirTextsAllow(String type, String first, String second, String dtype) {
        FrameAxis axis = columns("[{\"name\": \"cols\", \"pandas_type\": \"" + type + "\"}]", first, second);

        assertThat(axis.name()).isEqualTo(Label.of("cols"));
        assertThat(axis.labels().get(0).dtype().str()).isEqualTo(dtype);
        assertThat(axis.text(0)).isEqualTo(first);
        assertThat(axis.text(1)).isEqualTo(second);
    }

    private static String level(String type, String name) {
        return "{\"name\": " + name + ", \"pandas_type\": \"" + type + "\"}";
    }

    @Test
    void readsTuplesAsHierarchies() {
        String axes =
                "[" + level("unicode", "\"x\"") + ", " + level("int64", "null") + ", " + level("bool", "null") + "]";
        FrameAxis axis = columns(axes, "('a', 1, True)", "('it\\'s', '2', False)");

        assertThat(axis.indexClass()).isEqualTo(IndexClass.HIERARCHY);
        assertThat(axis.name()).isEqualTo(Label.tuple(List.of(Label.of("x"), Label.NONE, Label.NONE)));
        assertThat(axis.label(1)).isEqualTo(Label.tuple(List.of(Label.of("it's"), Label.of(2), new Label.Bool(false))));
        assertThat(columns("[" + level("x", "null") + ", " + level("x", "null") + "]", "('a', 'b')")
                        .name())
                .isEqualTo(Label.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "('a',)",
                "('a', 'b', 'c')",
                "('a', None)",
                "('a', 1.5)",
                "['a', 'b']",
                "('a', 99999999999999999999)",
                "('a', "
            })
    void keepsTheTextsWhereAnyIsNoTupleOfThatDepth(String text) {
        FrameAxis axis =
                columns("[" + level("unicode", "null") + ", " + level("unicode", "null") + "]", text, "(1, 2)");

        assertThat(axis.depth()).isEqualTo(1);
        assertThat(axis.text(0)).isEqualTo(text);
        assertThat(axis.text(1)).isEqualTo("(1, 2)");
    }
}
