package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Statements give by Arrow's JDBC driver what they give by DuckDB's own. */
@ExtendWith(LeakCheck.class)
class JdbcResultsTest {
    private static final String TABLE =
            "SELECT range AS key, range * 2 AS twice, CASE WHEN range % 3 <> 1 THEN 'n' || range END AS name"
                    + " FROM range(100)";
    private static final List<String> STATEMENTS = List.of(
            "SELECT * FROM prices ORDER BY key",
            "SELECT key FROM prices WHERE key > 90 ORDER BY key DESC",
            "SELECT count(*), count(name) FROM prices",
            "SELECT sum(key), min(key), max(key), avg(key) FROM prices",
            "SELECT key % 7 AS k, sum(twice) FROM prices GROUP BY k ORDER BY k",
            "SELECT key % 7 AS k, count(*) FROM prices GROUP BY k HAVING count(*) > 14 ORDER BY k",
            "SELECT a.key, b.twice FROM prices a JOIN prices b ON a.key = b.twice ORDER BY 1",
            "SELECT a.key, b.key FROM prices a LEFT JOIN prices b ON a.key = b.twice ORDER BY 1 LIMIT 20",
            "SELECT count(*) FROM prices a, prices b",
            "SELECT key FROM prices WHERE name IS NULL ORDER BY key",
            "SELECT coalesce(name, 'none') FROM prices ORDER BY key LIMIT 5",
            "SELECT upper(name), length(name) FROM prices ORDER BY key LIMIT 5",
            "SELECT key FROM prices WHERE name LIKE 'n1%' ORDER BY key",
            "SELECT key FROM prices WHERE key IN (SELECT twice FROM prices) ORDER BY key LIMIT 10",
            "SELECT DISTINCT key % 4 AS k FROM prices ORDER BY k",
            "SELECT key, sum(key) OVER (ORDER BY key) FROM prices ORDER BY key LIMIT 10",
            "SELECT key, row_number() OVER (PARTITION BY key % 2 ORDER BY key) FROM prices ORDER BY 1 LIMIT 10",
            "WITH x AS (SELECT key + 1 AS k FROM prices) SELECT max(k) FROM x",
            "SELECT key FROM prices UNION ALL SELECT twice FROM prices ORDER BY 1 LIMIT 30",
            "SELECT key FROM prices EXCEPT SELECT twice FROM prices ORDER BY 1 LIMIT 10",
            "SELECT key FROM prices INTERSECT SELECT twice FROM prices ORDER BY 1 LIMIT 10",
            "SELECT key FROM prices ORDER BY key LIMIT 5 OFFSET 10",
            "SELECT key FROM prices WHERE false",
            "SELECT key FROM prices WHERE key BETWEEN 3 AND 5 OR twice = 40 ORDER BY key",
            "SELECT median(key), stddev_pop(key) FROM prices",
            "SELECT string_agg(name, ',' ORDER BY key) FROM prices WHERE key < 10",
            "SELECT 1, 'a', NULL, true, false",
            "SELECT CAST(1 AS TINYINT), CAST(-2 AS SMALLINT), CAST(3 AS INTEGER), CAST(-4 AS BIGINT)",
            "SELECT CAST(127 AS TINYINT), CAST(-32768 AS SMALLINT), CAST(-2147483648 AS INTEGER)",
            "SELECT CAST(9223372036854775807 AS BIGINT), CAST(-9223372036854775808 AS BIGINT)",
            "SELECT CAST(1.5 AS REAL), CAST(-2.25 AS DOUBLE), CAST(1e300 AS DOUBLE)",
            "SELECT CAST('NaN' AS DOUBLE), CAST('Infinity' AS DOUBLE), CAST('-Infinity' AS DOUBLE)",
            "SELECT CAST(1.23 AS DECIMAL(10, 2)), CAST(-0.001 AS DECIMAL(18, 3))",
            "SELECT CAST(12345678901234567890.123 AS DECIMAL(38, 3))",
            "SELECT DATE '2024-02-29', DATE '1969-12-31', DATE '1970-01-01'",
            "SELECT TIMESTAMP '2024-02-29 12:34:56'",
            "SELECT 'ä€😀', '', ' ', 'a''b', 'tab\tx'",
            "SELECT repeat('x', 100000)",
            "SELECT key / 3, key // 3, key % 3 FROM prices ORDER BY key LIMIT 5",
            "SELECT round(key / 7, 3), floor(key / 7), ceil(key / 7) FROM prices ORDER BY key LIMIT 10",
            "SELECT CASE WHEN key < 2 THEN 'low' ELSE 'high' END FROM prices ORDER BY key LIMIT 4",
            "SELECT year(DATE '2024-02-29'), month(DATE '2024-02-29')",
            "SELECT DATE '2024-02-29' + 1",
            "SELECT date_diff('day', DATE '2024-01-01', DATE '2024-03-01')",
            "SELECT * FROM range(5000) ORDER BY range",
            "SELECT range, range::VARCHAR FROM range(3) ORDER BY 1",
            "VALUES (1, 'a'), (2, NULL), (3, 'c')",
            "SELECT \"key\" AS \"a b\", twice AS \"Ü\" FROM prices ORDER BY key LIMIT 2",
            "SELECT key AS a, key AS a FROM prices ORDER BY key LIMIT 2",
            "SELECT hash FROM (SELECT md5(name) AS hash, key FROM prices) ORDER BY key LIMIT 3",
            "SELECT bool_and(key >= 0), bool_or(key > 98) FROM prices",
            "SELECT (SELECT max(key) FROM prices), (SELECT min(key) FROM prices)",
            "SELECT key FROM prices WHERE EXISTS (SELECT 1 FROM prices p WHERE p.twice = prices.key) ORDER BY 1",
            "SELECT greatest(key, 50), least(key, 50) FROM prices ORDER BY key LIMIT 3 OFFSET 49");

    @TempDir
    Path directory;

    private static List<String> results(Connection connection, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData about = result.getMetaData();
            StringBuilder names = new StringBuilder();
            for (int i = 1; i <= about.getColumnCount(); i++) {
                names.append(about.getColumnLabel(i)).append('|');
            }
            while (result.next()) {
                if (rows.isEmpty()) {
                    // Where there are no rows the driver lists its columns twice.
                    rows.add(names.toString());
                }
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= about.getColumnCount(); i++) {
                    row.append(text(result.getObject(i))).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** Values alone: the drivers give some of them as other classes of Java. */
    private static String text(Object value) {
        if (value instanceof java.time.LocalDate date) {
            return java.sql.Date.valueOf(date).toString();
        }
        if (value instanceof java.time.LocalDateTime time) {
            return java.sql.Timestamp.valueOf(time).toString();
        }
        return String.valueOf(value);
    }

    @Test
    void areThoseOfDuckDb(BufferAllocator allocator) throws Exception {
        FlightCalls.write(directory.resolve("prices.npz"), 100, allocator);
        assertThat(STATEMENTS).hasSizeGreaterThanOrEqualTo(50);
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(256 << 20));
                Connection flight = JdbcDriver.load().connect(server);
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            try (Statement statement = duck.createStatement()) {
                statement.execute("CREATE VIEW prices AS " + TABLE);
            }
            for (String sql : Effort.some(18, STATEMENTS)) {
                List<String> expected = results(duck, sql);
                try {
                    all.assertThat(results(flight, sql)).as(sql).isEqualTo(expected);
                } catch (java.sql.SQLException e) {
                    all.fail(sql, e);
                }
            }
        }
        all.assertAll();
    }
}
