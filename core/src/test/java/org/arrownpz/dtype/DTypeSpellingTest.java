package org.arrownpz.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.internal.python.PyLiteral;
import org.arrownpz.internal.python.PySyntaxException;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.internal.python.PyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types and literals as text, and the edges of what is read. */
class DTypeSpellingTest {
    private static DType parse(String descr) throws NpzException {
        return DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile("a.npy"));
    }

    private static NpzException fault(String descr) {
        NpzException fault = catchThrowableOfType(NpzException.class, () -> parse(descr));
        assertThat(fault).as(descr).isNotNull();
        return fault;
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 1, |b1, 1",
        "INT, 1, |i1, 1",
        "INT, 8, <i8, 8",
        "UINT, 1, |u1, 1",
        "UINT, 2, <u2, 2",
        "FLOAT, 2, <f2, 2",
        "FLOAT, 16, <f16, 16",
        "COMPLEX, 8, <c8, 4",
        "COMPLEX, 32, <c32, 16",
        "BYTES, 1, |S1, 1",
        "BYTES, 7, |S7, 1",
        "VOID, 1, |V1, 1",
        "VOID, 7, |V7, 1",
        "UNICODE, 4, <U1, 4",
        "UNICODE, 28, <U7, 4",
    })
    void typesAreLittleEndianWhereOrderMatters(DTypeKind kind, long size, String str, int swapUnit) {
        ScalarDType type = ScalarDType.of(kind, size);

        assertThat(type.str()).isEqualTo(str);
        assertThat(type).hasToString(str);
        assertThat(type.descr()).isEqualTo("'" + str + "'");
        assertThat(type.swapUnit()).isEqualTo(swapUnit);
        assertThat(type.isBigEndian()).isFalse();
    }

    @Test
    void timesHaveAUnitAndNothingElseDoes() throws NpzException {
        TimeUnit64 days = TimeUnit64.of(TimeUnit64.Base.DAY);

        assertThat(ScalarDType.datetime(days)).hasToString("<M8[D]").isEqualTo(parse("'<M8[D]'"));
        assertThat(ScalarDType.timedelta(new TimeUnit64(TimeUnit64.Base.SECOND, 25)))
                .hasToString("<m8[25s]");
        assertThat(ScalarDType.datetime(days).swapUnit()).isEqualTo(8);
        assertThat(((ScalarDType) parse("'>M8[D]'")).isBigEndian()).isTrue();
        assertThat(ScalarDType.unicode(3)).hasToString("<U3");
        assertThat(DTypeKind.DATETIME.isTime()).isTrue();
        assertThat(DTypeKind.TIMEDELTA.isTime()).isTrue();
        assertThat(DTypeKind.INT.isTime()).isFalse();
        assertThatThrownBy(() -> new ScalarDType(DTypeKind.INT, ByteOrdering.LITTLE, 8, days))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScalarDType(DTypeKind.DATETIME, ByteOrdering.LITTLE, 8, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimeUnit64(TimeUnit64.Base.DAY, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScalarDType.unicode(1L << 62)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void hashCodesSpread() throws NpzException {
        Set<Integer> hashes = new HashSet<>();
        int types = 0;
        for (String kind : List.of("i", "u")) {
            for (String order : List.of("<", ">")) {
                for (int size : new int[] {2, 4, 8}) {
                    hashes.add(parse("'" + order + kind + size + "'").hashCode());
                    types++;
                }
            }
        }
        for (String unit : List.of("Y", "D", "s", "25s", "ns")) {
            hashes.add(parse("'<M8[" + unit + "]'").hashCode());
            types++;
        }
        assertThat(hashes).hasSize(types);
    }

    @Test
    void recordsAndSubarraysAreTheirDescr() throws NpzException {
        String descr =
                "[(('T', 'a'), '<i4', (2,)), ('', '|V3'), ('b', ('<f8', (2, 3)), (4,)), ('c', '|S1'), ('', '|V1')]";
        StructDType type = (StructDType) parse(descr);

        assertThat(type).hasToString(descr);
        assertThat(type.itemSize()).isEqualTo(8 + 3 + 192 + 1 + 1);
        SubarrayDType outer = (SubarrayDType) type.fields().get(1).dtype();
        assertThat(outer).hasToString("(('<f8', (2, 3)), (4,))");
        assertThat(outer.elements()).isEqualTo(4);
        assertThat(outer.element()).hasToString("('<f8', (2, 3))");
        assertThat(outer.itemSize()).isEqualTo(192);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a | 'a'",
                "`` | ''",
                "it's | \"it's\"",
                "\" | '\"'",
                "'\" | '\\'\"'",
                "' at the start | \"' at the start\"",
                "\"' | '\"\\''",
                "a\\b | 'a\\\\b'",
                "a b | 'a b'",
                "é☃😀 | 'é☃😀'",
                "\u00a0 | '\\xa0'",
                "\u00ad | '\\xad'",
                "\u00ff | 'ÿ'",
                "\u0100 | 'Ā'",
                "\u2028 | '\\u2028'",
                "\ue000 | '\\ue000'",
                "\uffff | '\\uffff'",
                "\uD83F\uDFFF | '\\U0001ffff'",
                "\u0378 | '\\u0378'",
            })
    void stringsAreSpelledAsPythonsRepr(String text, String repr) {
        assertThat(PyText.repr(text)).isEqualTo(repr);
    }

    @Test
    void controlCharactersAreEscapedAsPythonDoes() {
        assertThat(PyText.repr("\t\n\r\0\u0007\u001f\u007f")).isEqualTo("'\\t\\n\\r\\x00\\x07\\x1f\\x7f'");
        assertThat(PyText.repr("\ud800")).isEqualTo("'\\ud800'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "3 | the integer 3",
                "99999999999999999999 | an integer beyond 64 bits",
                "True | True",
                "False | False",
                "(1, 2) | a tuple of 2",
                "[1] | a list of 1",
                "{1: 2, 3: 4} | a dictionary of 2",
                "None | None",
                "1.5 | a float",
                "1.5e3 | a float",
                "2j | a complex number",
                "b'x' | bytes",
                "b'\\x41' | bytes",
                "{1} | a set",
            })
    void valuesAreDescribedInMessages(String literal, String description) throws PySyntaxException {
        PyValue value = PyLiteral.parse(literal, 8, false);
        assertThat(value.describe()).isEqualTo(description);
        if (!(value instanceof PyValue.Int)) {
            assertThat(fault("[('a', '<i4', (" + literal + ",))]").found()).isEqualTo(description);
        }
    }

    @Test
    void textIsQuotedInMessages() throws PySyntaxException {
        assertThat(PyLiteral.parse("'a\\nb'", 8, false).describe()).isEqualTo("'a\\nb'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "alpha | 0 | a name other than True, False and None",
                "zulu | 0 | a name other than True, False and None",
                "Alpha | 0 | a name other than True, False and None",
                "Zulu | 0 | a name other than True, False and None",
                "_x | 0 | a name other than True, False and None",
                "u | 0 | a name other than True, False and None",
                "Truexxxxxxxxx | 0 | a name other than True, False and None",
                "@x | 0 | expected a value",
                "`x | 0 | expected a value",
                "~x | 0 | expected a value",
                "/ | 0 | expected a value",
                ": | 0 | expected a value",
                "x'a' | 0 | a string prefix other than u and b",
                "x\"a\" | 0 | a string prefix other than u and b",
                "-x | 0 | a sign without digits",
                "(1, -) | 4 | a sign without digits",
                "(1, 012) | 4 | an integer with a leading zero",
                "-0 | 0 | an integer with a leading zero",
                "1_0 | 1 | a number is followed by a letter, digit or underscore",
                "1L | 1 | a number is followed by a letter, digit or underscore",
                "1.5x | 3 | a number is followed by a letter, digit or underscore",
                "1.5_ | 3 | a number is followed by a letter, digit or underscore",
                "2jx | 2 | a number is followed by a letter, digit or underscore",
                "2J1 | 2 | a number is followed by a letter, digit or underscore",
                "1e5x | 3 | a number is followed by a letter, digit or underscore",
                ". | 1 | a point without digits",
                "-.x | 2 | a point without digits",
                "1e+ | 3 | an exponent without digits",
                "1ex | 2 | an exponent without digits",
                "(1 2) | 3 | expected ',' or ')'",
                "[1 2) | 3 | expected ',' or ']'",
                "{1: 2 3 | 6 | expected ',' or '}'",
                "{1: 2, 3} | 8 | expected ':'",
                "1 2 | 2 | unexpected text after the literal",
                "'a\\qb' | 3 | an escape that Python's repr never writes",
                "'\\x4g' | 4 | an escape without its hexadecimal digits",
                "'\\ud7fg' | 6 | an escape without its hexadecimal digits",
                "'\\ud800' | 7 | an escape that is no character",
                "'\\udfff' | 7 | an escape that is no character",
                "'\\U00110000' | 11 | an escape that is no character",
            })
    void faultsNameProblemAndPlace(String literal, int position, String problem) {
        PySyntaxException fault =
                catchThrowableOfType(PySyntaxException.class, () -> PyLiteral.parse(literal, 8, false));
        assertThat(fault).isNotNull();
        assertThat(fault.problem()).isEqualTo(problem);
        assertThat(fault.position()).isEqualTo(position);
        assertThat(fault.kind()).isEqualTo(PySyntaxException.Kind.MALFORMED);
    }

    @Test
    void lineBreaksAndNulsInStringsAreNamed() {
        for (String text : List.of("'a\nb'", "'a\\\\\rb'", "'\\\\\0'")) {
            PySyntaxException fault =
                    catchThrowableOfType(PySyntaxException.class, () -> PyLiteral.parse(text, 8, false));
            assertThat(fault.problem())
                    .isEqualTo(text.contains("\0") ? "a NUL character in a string" : "a line break in a string");
            assertThat(fault.position()).isEqualTo(text.length() - (text.contains("\0") ? 2 : 3));
        }
    }

    static Stream<Arguments> escapes() {
        return Stream.of(
                Arguments.of("'\\ud7ff\\ue000\\U0010ffff'", "\ud7ff\ue000\udbff\udfff"),
                Arguments.of("'\\xaF\\xFa\\x09'", "\u00af\u00fa\t"),
                Arguments.of("'\\08\\18\\78'", "\u00008\u00018\u00078"),
                Arguments.of("'\\0'", "\u0000"),
                Arguments.of("'\\00a\\000b\\0001'", "\u0000a\u0000b\u00001"),
                Arguments.of("'\\377\\400'", "\u00ff\u0100"),
                Arguments.of("'\\7/'", "\u0007/"),
                Arguments.of("U'x'", "x"),
                Arguments.of("u\"x\"", "x"));
    }

    @ParameterizedTest
    @MethodSource("escapes")
    void escapesEndWherePythonEndsThem(String literal, String value) throws PySyntaxException {
        PyValue.Text text = (PyValue.Text) PyLiteral.parse(literal, 8, false);
        assertThat(text.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775806, 9223372036854775806, true",
        "9223372036854775807, 9223372036854775807, true",
        "-9223372036854775807, -9223372036854775807, true",
        "-9223372036854775808, -9223372036854775807, false",
        "92233720368547758070, 9223372036854775807, false",
        "10, 10, true",
    })
    void integersAreExactUpToTheLargestLong(String literal, long value, boolean exact) throws PySyntaxException {
        assertThat(PyLiteral.parse(literal, 8, false)).isEqualTo(new PyValue.Int(value, exact));
    }

    @Test
    void itemsAreAsLargeAsNumpyAllows() throws NpzException {
        assertThat(parse("[('a', '|S2147483647')]").itemSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(parse("[('a', '|S1', (2147483647,))]").itemSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(parse("[('a', '|S1', (2147483647, 0))]").itemSize()).isZero();
        assertThat(fault("[('a', '|S1', (2147483648,))]")).hasMessageContaining("exceeds 2147483647 bytes");
        assertThat(fault("[('a', '|S1', (2147483648, 0))]")).hasMessageContaining("exceeds 2147483647 bytes");
        assertThat(fault("[('a', '|S2', (1073741824,))]")).hasMessageContaining("exceeds 2147483647 bytes");
        assertThat(fault("[('a', '|S2147483647'), ('b', '|S1')]")).hasMessageContaining("exceeds 2147483647 bytes");
        String ones = "1, ".repeat(64);
        assertThat(parse("[('a', '<i4', (" + ones + "))]").itemSize()).isEqualTo(4);
        assertThat(fault("[('a', '<i4', (" + ones + "1))]")).hasMessageContaining("more than 64 dimensions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ox", "O8x", "Té", "|O-1", "OO", "<", "ObjectX"})
    void whatOnlyBeginsLikeAnObjectIsUnknown(String spelling) {
        assertThat(fault("'" + spelling + "'").code()).isEqualTo(ErrorCode.DTYPE);
    }

    @Test
    void fieldsWithoutADtypeNamePlaceAndRemedy() {
        NpzException object = fault("'|O8'");
        assertThat(object.code()).isEqualTo(ErrorCode.OBJECT_DTYPE);
        assertThat(object.found()).isEqualTo("'|O8'");
        assertThat(object.remedy()).contains("Save the array again");
        assertThat(fault("'x'").expected()).contains("'<i8'");
        assertThat(fault("[('a', '<i4'), ('a', '<i4')]").found()).isEqualTo("'a'");
    }
}
