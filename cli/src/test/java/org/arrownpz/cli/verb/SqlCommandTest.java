package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.cli.Cli;
import org.arrownpz.cli.console.ExitCodes;
import org.junit.jupiter.api.DisplayName;
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
            assertThat(run.err()).startsWith("arrow-npz: ");
            assertThat(run.err().lines().skip(1).map(line -> line.strip().split("[ :]")[0]))
                    .isSubsetOf("LINE", "^");
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

    @Test
    void readsOneArrayOfAnArchive() throws IOException {
        Path npz = directory.resolve("m.npz");
        Path csv = Files.writeString(directory.resolve("a.csv"), "a,b\n1,0.5\n2,1.5\n");
        assertThat(Cli.run("convert", "--form", "arrays", csv, npz).code()).isZero();
        String column =
                rows(Cli.run("head", "--array", "b", npz)).get(0).fieldNames().next();
        Cli run = Cli.run("sql", "SELECT sum(b.\"" + column + "\") AS s FROM '" + npz + ":b'");
        assertThat(rows(run)).hasToString("[{\"s\":2}]");
        Cli joined = Cli.run(
                "sql", "SELECT count(*) AS n FROM '" + npz + ":a' AS x, '" + npz + ":b' AS y", "--memory-limit", "1g");
        assertThat(rows(joined)).hasToString("[{\"n\":4}]");
        Cli missing = Cli.run("sql", "FROM '" + npz + ":c'");
        assertThat(missing.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(missing.err()).contains("there is no array 'c'; there are a, b");
    }

    @Test
    void readsFilesOfTextWhereItMay() throws IOException {
        table();
        Path json = Files.writeString(directory.resolve("s.json"), "{\"k\":2,\"s\":\"x\"}\n");
        String query = "SELECT name, s FROM '" + directory + "/t.csv' JOIN '" + json + "' USING (k)";
        Cli refused = Cli.run("sql", query);
        assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(refused.err()).contains("--allow-files").hasLineCount(1);
        assertThat(rows(Cli.run("sql", "--allow-files", query))).hasToString("[{\"name\":\"b\",\"s\":\"x\"}]");
    }

    @Test
    void pointsAtThePlaceInTheStatementAsItWasWritten() throws IOException {
        Path npz = table();
        String query = "SELECT k,\n       nam FROM '" + npz + "' WHERE k > 1";
        assertThat(Cli.run("sql", query).err().lines().toList()).satisfies(lines -> {
            assertThat(lines.get(0)).contains("nam").contains("name").doesNotContain("__arrow_npz");
            assertThat(lines.get(1))
                    .startsWith(
                            "LINE 2:        nam FROM '" + directory.toString().substring(0, 5));
            assertThat(lines.get(2)).isEqualTo(" ".repeat("LINE 2:        ".length()) + "^");
        });
        // After the file, where DuckDB sees another statement.
        String later = "SELECT k FROM '" + npz + "' WHERE kk > 1";
        List<String> lines = Cli.run("sql", later).err().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).substring(lines.get(2).indexOf('^'))).startsWith("kk > 1");
        List<String> parsed = Cli.run("sql", "SELECT k FROM '" + npz + "' WHERE k >> > 1")
                .err()
                .lines()
                .toList();
        assertThat(parsed).hasSize(3);
        assertThat(parsed.get(1).substring(parsed.get(2).indexOf('^'))).startsWith(">> > 1");
    }

    @Test
    @DisplayName("C6: statements on one line, DESCRIBE and SUMMARIZE of files, addresses")
    void runsWhatDuckDbUsersType() throws IOException {
        Cli two = Cli.withInput("SELECT 1 AS a; SELECT 2 AS a; -- end".getBytes(StandardCharsets.UTF_8), "sql");
        assertThat(two.err()).isEmpty();
        assertThat(two.out()).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
        Path table = table();
        Cli described = Cli.run("sql", "DESCRIBE '" + table + "'");
        assertThat(described.err()).isEmpty();
        assertThat(described.out())
                .isEqualTo(Cli.run("sql", "DESCRIBE FROM '" + table + "'").out());
        Cli summarized = Cli.run("sql", "SELECT column_name, count FROM (SUMMARIZE '" + table + "') LIMIT 1");
        assertThat(rows(summarized)).hasToString("[{\"column_name\":\"k\",\"count\":3}]");
        assertThat(Cli.run("sql", "DESCRIBE 'none.npz'").err())
                .contains("none.npz")
                .contains("no such file");
        assertThat(Cli.run("sql", "FROM 's3://b/x.parquet'").err())
                .contains("no such file. Addresses are not read by statements");
    }

    @Test
    void runsTheStatementsOfStandardInput() throws IOException {
        String input = "SELECT k\nFROM '" + table() + "'\n WHERE k < 3;\n\n.schema t\nSELECT 7 AS x";
        Cli run = Cli.withInput(input.getBytes(StandardCharsets.UTF_8), "sql", "--table", "t=" + directory + "/t.npz");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .startsWith("{\"k\":1}", "{\"k\":2}")
                .contains("{\"column_name\":\"name\",\"column_type\":\"VARCHAR\"}")
                .endsWith("{\"x\":7}");
        Cli failed = Cli.withInput("SELEC 1;\nSELECT 2;".getBytes(StandardCharsets.UTF_8), "sql");
        assertThat(failed.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(failed.out()).isEmpty();
        assertThat(Cli.run("sql", "-o", directory.resolve("x.npz")).code()).isEqualTo(ExitCodes.USAGE);
    }
}
