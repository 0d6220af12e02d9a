package org.arrownpz.flight.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log of slow statements shows of them. */
class StatementShapesTest {
    @Test
    void keepNamesAndWords() {
        assertThat(ServerLog.shape(
                        "SELECT max(close)\n  FROM \"eu/desk\".fx WHERE day > '2026-01-01' AND n=17 LIMIT 5"))
                .isEqualTo("SELECT max(close) FROM \"eu/desk\".fx WHERE day > ? AND n=? LIMIT ?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 's3ntinel'",
                "SELECT 'it''s s3ntinel'",
                "SELECT 'a' || 's3ntinel",
                "SELECT E'\\'s3ntinel', 'x'",
                "SELECT e'\\\\' || 's3ntinel'",
                "SELECT $$ ' s3ntinel $$",
                "SELECT $a$ $$ s3ntinel $a$",
                "SELECT $a$ s3ntinel",
                "SELECT 1 -- s3ntinel",
                "SELECT 1 /* /* a */ s3ntinel */",
                "SELECT '/*' || 's3ntinel'",
                "SELECT \"a\"\"b\" || 's3ntinel'",
                "SELECT \"--\" || 's3ntinel'",
                "SELECT 0xs3ntinel",
                "SELECT '--', 's3ntinel' --'",
            })
    void hideLiterals(String statement) {
        assertThat(ServerLog.shape(statement)).startsWith("SELECT").doesNotContain("s3ntinel");
    }

    /** Neither the stack nor time is spent on a statement made for that. */
    @Test
    void areMadeOfLongStatements() {
        assertThat(ServerLog.shape("SELECT " + "''".repeat(500_000))).isEqualTo("SELECT ?");
        assertThat(ServerLog.shape("SELECT " + "$a$ ".repeat(100_000))).startsWith("SELECT ?");
        assertThat(ServerLog.shape("SELECT E'" + "\\'".repeat(500_000))).isEqualTo("SELECT ?");
    }
}
