package org.arrownpz.sql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT * FROM 'a.npz' | SELECT * FROM \"f0\" AS \"a\"",
                "FROM 'd/a.b.NPZ' x | FROM \"f0\" x",
                "FROM 'a.npz' AS x JOIN 'b.parquet' ON 1 | FROM \"f0\" AS x JOIN \"f1\" AS \"b\" ON 1",
                "FROM 'a.npz' x, 'b.npz' WHERE 1 | FROM \"f0\" x, \"f1\" AS \"b\" WHERE 1",
                "FROM 'a.npz','a.npz' AS y,t,'c.npz' | FROM \"f0\" AS \"a\",\"f1\" AS y,t,\"f2\" AS \"c\"",
                "FROM t JOIN u ON f(t.a, 'n.npz'), 'a.npz' GROUP BY 1, 'n.npz' | FROM t JOIN u ON f(t.a, 'n.npz'), \"f0\""
                        + " AS \"a\" GROUP BY 1, 'n.npz'",
                "SELECT (SELECT 1 FROM 'a.npz'), 'n.npz' FROM 'b.npz' | SELECT (SELECT 1 FROM \"f0\" AS \"a\"), 'n.npz'"
                        + " FROM \"f1\" AS \"b\"",
                "FROM/* FROM 'n.npz' /* nested */ */'it''s.npz' -- FROM 'b.npz' | FROM/* FROM 'n.npz' /* nested */ */"
                        + "\"f0\" AS \"it's\" -- FROM 'b.npz'",
                "SELECT 'FROM ''a.npz''' | SELECT 'FROM ''a.npz'''",
                "SELECT $$ FROM 'a.npz' $$, $x$ FROM 'b.npz' $x$ | SELECT $$ FROM 'a.npz' $$, $x$ FROM 'b.npz' $x$",
                "SELECT \"from\" 'a.npz' | SELECT \"from\" 'a.npz'",
                "SELECT x IS DISTINCT FROM 'a.npz' | SELECT x IS DISTINCT FROM 'a.npz'",
                "SELECT 1 FROM t WHERE n IN ('a.npz', 'b.npz') | SELECT 1 FROM t WHERE n IN ('a.npz', 'b.npz')",
                "SELECT trim(both FROM 'abc') | SELECT trim(both FROM 'abc')",
                "SELECT E'\\' FROM \\'a.npz' | SELECT E'\\' FROM \\'a.npz'",
                "FROM 'open.npz | FROM \"f0\" AS \"open\"",
                "FROM 'a.csv' | FROM 'a.csv'",
            })
    void replacesFilesAndNothingElse(String sql, String expected) {
        assertThat(new SqlText(sql).withFiles(i -> "f" + i)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT * FROM T, true",
        "SELECT * FROM \"t\", true",
        "SELECT 't', false",
        "SELECT 1 -- t, false",
        "SELECT tt, false",
    })
    void findsNamesOutsideQuotesAndComments(String sql, boolean expected) {
        assertThat(new SqlText(sql).mentions(TableName.of("t"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT 1", "/* why */ with x as (select 1) from x ;", "(FROM t)", "SELECT ';', \"a;b\" -- ;"})
    void tellsQueriesThatMeanTheSameWhateverRowsThereAre(String sql) {
        assertThat(new SqlText(sql).isQuery()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; SELECT 2",
                "PIVOT t ON x",
                "FROM (UNPIVOT t ON x)",
                "CREATE TABLE x AS SELECT 1",
                "DESCRIBE t",
                "-- nothing",
                "",
            })
    void isNotSureOfOthers(String sql) {
        assertThat(new SqlText(sql).isQuery()).isFalse();
    }
}
