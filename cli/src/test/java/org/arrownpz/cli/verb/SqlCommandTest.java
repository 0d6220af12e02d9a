package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCommandTest {
    @TempDir
    Path directory;

    private Path table() throws IOException {
        Path csv = Files.writeString(directory.resolve("t.csv"), "k,name,v\n1,a,0.5\n2,b,1.5\n3,\"c,d\",\n");
        Path npz = directory.resolve("t.npz");
        assertThat(Cli.run("convert", csv, npz).code()).isZero();
        return npz;
    }

    private static List<JsonNode> rows(Cli run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run.lines();
    }

    @Test
    void printsRowsOfAFileAsJsonTableAndCsv() throws IOException {
        String query = "SELECT k, name FROM '" + table() + "' WHERE k > 1 ORDER BY k";
        assertThat(rows(Cli.run("sql", query))).hasToString("[{\"k\":2,\"name\":\"b\"}, {\"k\":3,\"name\":\"c,d\"}]");
        assertThat(Cli.run("sql", query, "--csv").out()).isEqualTo("k,name\n2,b\n3,\"c,d\"\n");
        assertThat(Cli.onTerminal("sql", query).out()).isEqualTo("""
                k  name
            int64  text
            ─────  ────
                2  b
                3  c,d
            2 rows, 2 columns
            """);
        assertThat(rows(Cli.onTerminal("sql", query, "--json"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"o.npz", "o.npy", "o.feather", "o.arrows", "o.parquet", "o.csv", "o.json", "o/"})
    void writesResultsInEveryFormat(String name) throws IOException {
        String query = "SELECT k, k * 2 AS twice FROM '" + table() + "'";
        String target = directory + "/" + name;
        Cli run = Cli.run("sql", query, "-o", target);
        assertThat(run.code()).as(run.err()).isZero();
        // An array has no names.
        String column = name.equals("o.npy") ? "1" : "twice";
        assertThat(rows(Cli.run("cat", target)))
                .extracting(row -> row.get(column).asInt())
                .containsExactly(2, 4, 6);
        assertThat(Cli.run("sql", query, "-o", target).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(Cli.run("sql", query, "-o", target, "--force").code()).isZero();
    }

    @Test
    void writesAnArrowStreamAndReadsOne() throws IOException {
        Cli stream = Cli.run("sql", "SELECT k, name FROM '" + table() + "'", "-o", "-");
        assertThat(stream.code()).as(stream.err()).isZero();
        Cli again = Cli.withInput(stream.bytes(), "sql", "SELECT max(k) AS m FROM s", "--table", "s=-");
        assertThat(rows(again)).hasToString("[{\"m\":3}]");
    }

    @Test
    void joinsNamedTablesOfSeveralFormats() throws IOException {
        Path npz = table();
        Path csv = Files.writeString(directory.resolve("s.csv"), "name,sector\na,x\nb,y\n");
        Cli run = Cli.run(
                "sql",
                "SELECT sector, sum(v) AS v FROM p JOIN s USING (name) GROUP BY ALL ORDER BY ALL",
                "--table",
                "p=" + npz,
                "--table",
                "s=" + csv);
        assertThat(rows(run)).hasToString("[{\"sector\":\"x\",\"v\":0.5}, {\"sector\":\"y\",\"v\":1.5}]");
    }

    @Test
    void tellsWrongStatementsFromUnreadableFiles() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.npz"), "no");
        for (String wrong : List.of(
                "SELEC 1",
                "SELECT x FROM '" + table() + "'",
                "COPY (SELECT 1) TO 'x.csv'",
                "SELECT 1; SELECT 2",
                "SELECT * FROM 'x.csv'")) {
            Cli run = Cli.run("sql", wrong);
            assertThat(run.code()).as(wrong).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err()).startsWith("arrow-npz: ").hasLineCount(1);
            assertThat(run.out()).isEmpty();
        }
        for (String file : List.of(broken.toString(), directory + "/none.npz")) {
            Cli run = Cli.run("sql", "SELECT * FROM '" + file + "'");
            assertThat(run.code()).as(file).isEqualTo(ExitCodes.DATA);
            assertThat(run.err()).contains(file).hasLineCount(1);
        }
        assertThat(Cli.run("sql", "SELECT 1", "--csv", "--json").code()).isEqualTo(ExitCodes.USAGE);
        assertThat(Cli.run("sql", "SELECT 1", "--table", "=x").code()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void staysWithinTheMemoryLimit() {
        Cli run = Cli.run(
                "sql", "--memory-limit", "32m", "SELECT list(range) AS l FROM range(20000000) GROUP BY range % 7");
        assertThat(run.code()).isEqualTo(ExitCodes.DATA);
        assertThat(run.err()).contains("LIMIT").hasLineCount(1);
    }
}
