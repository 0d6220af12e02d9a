package org.arrownpz.internal.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.arrownpz.internal.python.PySyntaxException.Kind;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyLiteralTest {
    private static final int NESTING = 32;

    @Test
    void readsBlanksBetweenAllTokens() throws PySyntaxException {
        PyValue value = parse("\n {\t'a'\r\n:\f( 1 , ) ,\t} \n");

        assertThat(value)
                .isEqualTo(new PyValue.Dict(
                        List.of(new PyValue.Entry(text("a"), new PyValue.Tuple(List.of(integer(1)))))));
    }

    @Test
    void tellsTuplesFromParentheses() throws PySyntaxException {
        assertThat(parse("()")).isEqualTo(new PyValue.Tuple(List.of()));
        assertThat(parse("(3)")).isEqualTo(integer(3));
        assertThat(parse("((3))")).isEqualTo(integer(3));
        assertThat(parse("(3,)")).isEqualTo(new PyValue.Tuple(List.of(integer(3))));
        assertThat(parse("((3,))")).isEqualTo(new PyValue.Tuple(List.of(integer(3))));
        assertThat(parse("(3, 4)")).isEqualTo(new PyValue.Tuple(List.of(integer(3), integer(4))));
        assertThat(parse("[3]")).isEqualTo(new PyValue.Sequence(List.of(integer(3))));
        assertThat(parse("[]")).isEqualTo(new PyValue.Sequence(List.of()));
        assertThat(parse("{}")).isEqualTo(new PyValue.Dict(List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "3.0", "3.", ".5", "1e3", "1.5E-3", "-2.5", "3j", "b'x'", "{3}", "{3,}", "{1, 2}"})
    void readsOtherLiteralsWithoutTheirValue(String source) throws PySyntaxException {
        assertThat(parse(source)).isInstanceOf(PyValue.Other.class);
    }

    @Test
    void readsBothTruthValues() throws PySyntaxException {
        assertThat(parse("True")).isEqualTo(new PyValue.Bool(true));
        assertThat(parse("(False)")).isEqualTo(new PyValue.Bool(false));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true",
        "-1, -1, true",
        "9223372036854775807, 9223372036854775807, true",
        "9223372036854775808, 9223372036854775807, false",
        "18446744073709551619, 9223372036854775807, false",
        "9223372036854775807000000000000, 9223372036854775807, false",
        "-18446744073709551619, -9223372036854775807, false",
    })
    void readsIntegersByValueAndNeverTruncated(String source, long value, boolean exact) throws PySyntaxException {
        assertThat(parse(source)).isEqualTo(new PyValue.Int(value, exact));
    }

    @Test
    void readsPython2LongsOnlyWhereAsked() throws PySyntaxException {
        assertThat(PyLiteral.parse("(3L, -4L)", NESTING, true))
                .isEqualTo(new PyValue.Tuple(List.of(integer(3), integer(-4))));
        assertThat(fault("(3L,)").kind()).isEqualTo(Kind.MALFORMED);
        PySyntaxException lowerCase =
                catchThrowableOfType(PySyntaxException.class, () -> PyLiteral.parse("3l", NESTING, true));
        assertThat(lowerCase).isNotNull();
    }

    static List<Arguments> strings() {
        return List.of(
                Arguments.of("u'x'", "x"),
                Arguments.of("\"it's\"", "it's"),
                Arguments.of("'a\\nb\\t\\r'", "a\nb\t\r"),
                Arguments.of("'\\\\ \\' \\\"'", "\\ ' \""),
                Arguments.of("'\\xe9\\u2603\\U0001F600'", "é☃😀"),
                Arguments.of("'\\101\\0601\\7'", "A01\u0007"),
                Arguments.of("'\\a\\b\\f\\v'", "\u0007\b\f\u000b"));
    }

    @ParameterizedTest
    @MethodSource("strings")
    void resolvesEscapesAsPythonDoes(String source, String value) throws PySyntaxException {
        assertThat(((PyValue.Text) parse(source)).value()).isEqualTo(value);
    }

    @Test
    void remembersWhetherAStringWasEscaped() throws PySyntaxException {
        assertThat(parse("'\\x3ci4'")).isEqualTo(new PyValue.Text("<i4", true));
        assertThat(parse("'<i4'")).isEqualTo(new PyValue.Text("<i4", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03",
                "0x3",
                "0_3",
                "+3",
                "-0",
                "--3",
                "-",
                "- 3",
                "3 4",
                "3**2",
                "3a",
                "1e",
                ".",
                "...",
                "00",
                "true",
                "false",
                "null",
                "nan",
                "dict()",
                "x",
                "_",
                "TRUE",
                "Truer",
                "int",
                "r'x'",
                "f'x'",
                "rb'x'",
                "ur'x'",
                "'''x'''",
                "'a' 'b'",
                "'a' + 'b'",
                "'\\q'",
                "'\\N{DASH}'",
                "'\\xg0'",
                "'\\ud800'",
                "'\\U00110000'",
                "'\\Uffffffff'",
                "'a\nb'",
                "'a\rb'",
                "'a\0b'",
                "'\\\nb'",
                "(,)",
                "(3,,)",
                "(3 4)",
                "[3)",
                "(3]",
                "{1: 2, 3}",
                "{1: 2 3: 4}",
                "{1, 2: 3}",
                "{:}",
                "{1:}",
                "{k: v for k in []}",
                "3 # no",
                "3;",
                "{},",
                "\u00a03",
                "3\u00a0",
                "\ufeff3",
                "\u0663",
                "３",
                "\0",
                "1 if True else 2",
                "lambda: 1",
                "`1`",
                "\u000b3"
            })
    void refusesEverythingElse(String source) {
        assertThat(fault(source).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  \n", "(", "(3", "(3,", "[", "{", "{'a'", "{'a':", "{'a': 1", "{'a': 1,", "'a", "'a\\"})
    void tellsACutText(String source) {
        PySyntaxException fault = fault(source);

        assertThat(fault.kind()).isEqualTo(Kind.INCOMPLETE);
        assertThat(fault.position()).isEqualTo(source.length());
    }

    @Test
    void tellsThePositionOfTheFault() {
        assertThat(fault("{'a': 1, 'b': x}").position()).isEqualTo(14);
    }

    @Test
    void boundsNesting() throws PySyntaxException {
        assertThat(parse("(".repeat(NESTING) + "3" + ")".repeat(NESTING))).isEqualTo(integer(3));
        assertThat(fault("(".repeat(NESTING + 1) + "3" + ")".repeat(NESTING + 1))
                        .kind())
                .isEqualTo(Kind.TOO_DEEP);
        assertThat(fault("{1:".repeat(100_000)).kind()).isEqualTo(Kind.TOO_DEEP);
        assertThat(fault("[".repeat(1_000_000)).kind()).isEqualTo(Kind.LISTS_TOO_DEEP);
        assertThat(fault("([], " + "(".repeat(1000)).kind()).isEqualTo(Kind.TOO_DEEP);
        assertThat(fault("-".repeat(1_000_000)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void needsLittleStackAtTheDeepestLimit() throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        PyLiteral.parse("({1: [".repeat(85) + "3" + "]})".repeat(85), 256, false);
                    } catch (Throwable e) {
                        thrown[0] = e;
                    }
                },
                "small stack",
                512 << 10);
        small.start();
        small.join();

        assertThat(thrown[0]).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "(1, 1),", "'\\x41',", "'a',", "    ", "{1: 2},", "0.5,"})
    void takesTimeLinearInTheText(String unit) {
        String source = "[" + unit.repeat((4 << 20) / unit.length()) + "]";

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThat(parse(source)).isInstanceOf(PyValue.Sequence.class));
    }

    private static PyValue parse(String source) throws PySyntaxException {
        return PyLiteral.parse(source, NESTING, false);
    }

    private static PySyntaxException fault(String source) {
        PySyntaxException fault = catchThrowableOfType(PySyntaxException.class, () -> parse(source));
        assertThat(fault).as(source).isNotNull();
        return fault;
    }

    private static PyValue.Text text(String value) {
        return new PyValue.Text(value, false);
    }

    private static PyValue.Int integer(long value) {
        return new PyValue.Int(value, true);
    }
}
