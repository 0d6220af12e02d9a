package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters of Arrow's JDBC driver choose the rows that DuckDB chooses for the same values as literals. */
@DisplayName("A12: parameters of JDBC")
class JdbcParametersTest {
    /** A column of each type, with values below, at and beyond those that the cases compare with, and a null. */
    private static final String TABLE =
            "(SELECT n = 2 AS bool, (n * 4 - 3)::TINYINT AS i8, (n * 299 - 298)::SMALLINT AS i16,"
                    + " (n * 4000000 - 7000000)::INTEGER AS i32, (n - 2) * 9223372036854775807::BIGINT AS i64,"
                    + " (n * 85)::UTINYINT AS u8, (n * 300)::USMALLINT AS u16, (n * 2000000000::BIGINT - 2000000000)::UINTEGER AS u32,"
                    + " (9223372036854775807 * (n - 1)::HUGEINT + n // 3)::UBIGINT AS u64,"
                    + " 9223372036854775808 * n::HUGEINT AS huge, (n / 10)::FLOAT AS f32, n / 10::DOUBLE AS f64,"
                    + " (123456789012345678901234567890.10 + n * 0.01)::DECIMAL(38, 2) AS dec, ['', 'ä''; --', 'b'][n] AS s,"
                    + " ['\\x00'::BLOB, '\\x00\\xFF'::BLOB, 'z'::BLOB][n] AS bytes, DATE '2024-02-28' + n::INTEGER AS d,"
                    + " TIME '11:34:56' + to_hours(n - 1) AS t, TIMESTAMP '2024-02-29 11:34:56.789' + to_hours(n - 1) AS ts,"
                    + " (TIMESTAMP '2024-02-29 12:34:54' + to_seconds(n))::TIMESTAMP_S AS ts_s,"
                    + " (TIMESTAMP '2024-02-29 12:34:56.787' + to_milliseconds(n))::TIMESTAMP_MS AS ts_ms,"
                    + " (TIMESTAMP '2024-02-29 12:34:56.788998' + to_microseconds(n))::TIMESTAMP_NS AS ts_ns,"
                    + " TIMESTAMPTZ '2024-02-29 11:34:56+00' + to_hours(n - 1) AS tz,"
                    + " ('00000000-0000-0000-0000-00000000000' || n)::UUID AS id, to_days(n::INTEGER) AS span,"
                    + " ['a', 'b', 'c'][n]::ENUM('a', 'b', 'c') AS choice, [n, 2] AS list"
                    + " FROM (VALUES (1), (2), (3), (NULL)) v(n))";

    private static final Timestamp NOON = Timestamp.valueOf("2024-02-29 12:34:56.789");

    private static JdbcServer jdbc;

    @BeforeAll
    static void start(@TempDir Path empty) throws Exception {
        jdbc = new JdbcServer(empty);
    }

    @AfterAll
    static void stop() throws Exception {
        jdbc.close();
    }

    private interface Setter {
        void set(PreparedStatement statement, int number) throws SQLException;
    }

    /** A value for a column, and how DuckDB writes it. */
    private record Case(String column, String literal, Setter setter) {
        @Override
        public String toString() {
            return column + " " + literal;
        }
    }

    private static Case of(String column, String literal, Setter setter) {
        return new Case(column, literal, setter);
    }

    private static Case decimal(String column, String value) {
        return of(column, value, (s, i) -> s.setBigDecimal(i, new BigDecimal(value)));
    }

    private static final List<Case> CASES = List.of(
            of("bool", "true", (s, i) -> s.setBoolean(i, true)),
            of("bool", "false", (s, i) -> s.setObject(i, false)),
            of("i8", "5", (s, i) -> s.setByte(i, (byte) 5)),
            of("i8", "261", (s, i) -> s.setInt(i, 261)),
            of("i8", "4294967301", (s, i) -> s.setLong(i, 4294967301L)),
            of("i16", "300", (s, i) -> s.setShort(i, (short) 300)),
            of("i16", "65836", (s, i) -> s.setInt(i, 65836)),
            of("i32", "1000000", (s, i) -> s.setInt(i, 1_000_000)),
            of("i32", "4295967296", (s, i) -> s.setLong(i, 4295967296L)),
            of("i32", "1000000", (s, i) -> s.setObject(i, 1_000_000)),
            of("i64", "9223372036854775807", (s, i) -> s.setLong(i, Long.MAX_VALUE)),
            of("i64", "-9223372036854775807", (s, i) -> s.setObject(i, -Long.MAX_VALUE)),
            of("u8", "170", (s, i) -> s.setInt(i, 170)),
            of("u8", "-2", (s, i) -> s.setByte(i, (byte) -2)),
            of("u16", "600", (s, i) -> s.setLong(i, 600)),
            of("u32", "4000000000", (s, i) -> s.setLong(i, 4_000_000_000L)),
            of("u32", "-294967296", (s, i) -> s.setInt(i, -294967296)),
            decimal("u64", "9223372036854775807"),
            decimal("u64", "18446744073709551615"),
            decimal("u64", "18446744073709551616"),
            decimal("u64", "-1"),
            decimal("huge", "18446744073709551616"),
            of(
                    "huge",
                    "18446744073709551616",
                    (s, i) -> s.setObject(i, BigDecimal.valueOf(2).pow(64))),
            of("f32", "0.2", (s, i) -> s.setFloat(i, 0.2f)),
            of("f32", "0.2", (s, i) -> s.setDouble(i, 0.2)),
            of("f64", "0.2", (s, i) -> s.setDouble(i, 0.2)),
            decimal("f64", "0.2"),
            of("f64", "1", (s, i) -> s.setInt(i, 1)),
            decimal("dec", "123456789012345678901234567890.12"),
            decimal("dec", "-0.01"),
            of("s", "'ä''; --'", (s, i) -> s.setString(i, "ä'; --")),
            of("s", "'b'", (s, i) -> s.setObject(i, "b")),
            of("bytes", "'\\x00\\xFF'::BLOB", (s, i) -> s.setBytes(i, new byte[] {0, -1})),
            of("d", "DATE '2024-03-01'", (s, i) -> s.setDate(i, Date.valueOf("2024-03-01"))),
            of("d", "DATE '1969-12-31'", (s, i) -> s.setObject(i, Date.valueOf("1969-12-31"))),
            of("t", "TIME '12:34:56'", (s, i) -> s.setTime(i, Time.valueOf("12:34:56"))),
            of("t", "TIME '12:34:56'", (s, i) -> s.setObject(i, Time.valueOf("12:34:56"))),
            of("ts", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setTimestamp(i, NOON)),
            of("ts", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setObject(i, NOON)),
            of(
                    "ts",
                    "TIMESTAMP '1812-06-24 01:02:03.004'",
                    (s, i) -> s.setTimestamp(i, Timestamp.valueOf("1812-06-24 01:02:03.004"))),
            of(
                    "ts",
                    "TIMESTAMP '2024-02-29 13:34:56.789'",
                    (s, i) -> s.setTimestamp(
                            i,
                            Timestamp.from(Instant.parse("2024-02-29T13:34:56.789Z")),
                            Calendar.getInstance(TimeZone.getTimeZone("UTC")))),
            of(
                    "ts_s",
                    "TIMESTAMP '2024-02-29 12:34:56'",
                    (s, i) -> s.setTimestamp(i, Timestamp.valueOf("2024-02-29 12:34:56"))),
            of("ts_ms", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setTimestamp(i, NOON)),
            of("ts_ns", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setTimestamp(i, NOON)),
            of("tz", "TIMESTAMPTZ '2024-02-29 13:34:56+01'", (s, i) -> s.setString(i, "2024-02-29 13:34:56+01")),
            of(
                    "id",
                    "'00000000-0000-0000-0000-000000000002'::UUID",
                    (s, i) -> s.setString(i, "00000000-0000-0000-0000-000000000002")),
            of("span", "INTERVAL 2 DAYS", (s, i) -> s.setString(i, "2 days")),
            of("choice", "'b'::ENUM('a', 'b', 'c')", (s, i) -> s.setString(i, "b")),
            of("list", "[2, 2]", (s, i) -> s.setString(i, "[2, 2]")));

    /** A statement that counts the rows of each comparison, with a parameter where none is given. */
    private static String statement(List<Case> cases, boolean literals) {
        return cases.stream()
                .map(one -> {
                    String value = literals ? one.literal() : "?";
                    return "[count(*) FILTER (" + one.column() + " = " + value + "), count(*) FILTER (" + one.column()
                            + " < " + value + "), count(*) FILTER (" + one.column() + " > " + value + ")]::VARCHAR";
                })
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + TABLE));
    }

    /** The columns of the one row, each with what it is. */
    private static List<String> row(ResultSet rows, List<Case> cases) throws SQLException {
        List<String> texts = new ArrayList<>();
        assertThat(rows.next()).isTrue();
        for (int i = 0; i < cases.size(); i++) {
            texts.add(cases.get(i) + ": " + rows.getString(i + 1));
        }
        return texts;
    }

    private static List<String> literals(List<Case> cases) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(statement(cases, true))) {
            return row(rows, cases);
        }
    }

    private static List<String> parameters(List<Case> cases) throws SQLException {
        try (PreparedStatement statement = jdbc.connection().prepareStatement(statement(cases, false))) {
            for (int i = 0; i < 3 * cases.size(); i++) {
                cases.get(i / 3).setter().set(statement, i + 1);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return row(rows, cases);
            }
        }
    }

    @Test
    void chooseTheRowsOfTheirLiterals() throws SQLException {
        List<String> expected = literals(CASES);
        assertThat(parameters(CASES)).isEqualTo(expected);
        // Each type has a value that is in a row, so that a parameter that became another one shows.
        assertThat(expected.stream().filter(text -> text.contains("[1, ")).map(text -> text.split(" ")[0]))
                .containsAll(CASES.stream().map(Case::column).toList());
    }

    @Test
    void chooseNothingWhereTheyAreNull() throws SQLException {
        List<Case> nulls = CASES.stream()
                .map(Case::column)
                .distinct()
                .map(column -> of(column, "NULL", (s, i) -> {
                    if (i % 2 == 0) {
                        s.setNull(i, Types.OTHER);
                    } else {
                        s.setObject(i, null);
                    }
                }))
                .toList();
        assertThat(parameters(nulls))
                .hasSize(26)
                .isEqualTo(literals(nulls))
                .allMatch(text -> text.endsWith("[0, 0, 0]"));
    }

    /** What the driver cannot send for a column of the type, by setters that would change it. */
    private static List<Case> refused() {
        return List.of(
                of("bool", "1", (s, i) -> s.setInt(i, 1)),
                of("i64", "'1'", (s, i) -> s.setString(i, "1")),
                of("u64", "1", (s, i) -> s.setLong(i, 1)),
                of("huge", "1", (s, i) -> s.setLong(i, 1)),
                of("f64", "'1'", (s, i) -> s.setString(i, "1")),
                of("dec", "0.1", (s, i) -> s.setDouble(i, 0.1)),
                of("s", "1", (s, i) -> s.setInt(i, 1)),
                of("bytes", "'a'", (s, i) -> s.setString(i, "a")),
                of("d", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setTimestamp(i, NOON)),
                of("ts", "DATE '2024-02-29'", (s, i) -> s.setDate(i, Date.valueOf("2024-02-29"))),
                of("tz", "TIMESTAMP '2024-02-29 12:34:56.789'", (s, i) -> s.setTimestamp(i, NOON)));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Case wrong) throws SQLException {
        try (PreparedStatement statement =
                jdbc.connection().prepareStatement("SELECT " + wrong.column() + " = ? FROM " + TABLE)) {
            wrong.setter().set(statement, 1);
            assertThatThrownBy(statement::executeQuery)
                    .isInstanceOf(SQLException.class)
                    .hasRootCauseInstanceOf(UnsupportedOperationException.class);
        }
    }

    /** What docs/serving.md says that the driver cuts, and how the whole value gets through. */
    @Test
    void arrowsDriverItselfCutsFractionsOfWholeNumbersAndMilliseconds() throws SQLException {
        Timestamp fine = Timestamp.valueOf("2024-02-29 12:34:56.123456");
        try (PreparedStatement statement = jdbc.connection()
                .prepareStatement("SELECT ?::BIGINT = 1, ?::DOUBLE = 1.5,"
                        + " ?::TIMESTAMP = TIMESTAMP '2024-02-29 12:34:56.123',"
                        + " (?::VARCHAR)::TIMESTAMP = TIMESTAMP '2024-02-29 12:34:56.123456', ? = 'any'")) {
            statement.setDouble(1, 1.5);
            statement.setDouble(2, 1.5);
            statement.setTimestamp(3, fine);
            statement.setString(4, fine.toString());
            statement.setString(5, "any");
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                for (int i = 1; i <= 5; i++) {
                    assertThat(row.getBoolean(i)).as("parameter %d", i).isTrue();
                }
            }
        }
    }
}
