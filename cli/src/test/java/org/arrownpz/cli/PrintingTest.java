package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** head, tail, cat and schema. */
class PrintingTest {
    @TempDir
    Path directory;

    @Test
    void printsOneObjectPerRowWithIndexLevelsFirst() {
        Cli run = Cli.run("cat", Cli.sample("prices.npz", directory));
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(60);
        List<String> keys = new ArrayList<>();
        run.lines().get(0).fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .containsExactly(
                        "ticker",
                        "date",
                        "open",
                        "high",
                        "low",
                        "close",
                        "volume",
                        "vwap",
                        "halted",
                        "last_trade",
                        "rating");
        assertThat(run.lines().get(7).get("high").asText()).isEqualTo("NaN");
        assertThat(run.lines().get(13).get("last_trade").isNull()).isTrue();
    }

    @Test
    void printsEveryKindOfValueAsDocumented() {
        Cli run = Cli.run("cat", "--json", Cli.sample("values.npz", directory));
        assertThat(run.out()).isEqualTo("""
            {"u8":0,"f4":0.1,"f2":0.1,"d":"2020-01-31","t":"2020-01-31T09:30:00.000001","dt":"PT1H30M",\
            "ps":1,"z":[1.0,2.0],"b":true,"s":"YQE=","u":"x","r":{"k":1,"v":2.5},"l":[1,2]}
            {"u8":18446744073709551615,"f4":"NaN","f2":65500.0,"d":null,"t":null,"dt":null,"ps":null,\
            "z":["NaN",0.0],"b":false,"s":"","u":"\u00e9\ud834\udd1e","r":{"k":3,"v":4.5},"l":[3,4]}
            {"u8":7,"f4":"-Infinity","f2":6.0E-8,"d":"-0001-03-01","t":"1969-12-31T23:59:59.999999",\
            "dt":"PT-1S","ps":3,"z":[0.0,0.0],"b":true,"s":"/w==","u":"a\\u001B[31m\\"",\
            "r":{"k":5,"v":"Infinity"},"l":[5,6]}
            """);
    }

    @Test
    void printsArrowTypesThatNumpyLacks() {
        Cli run = Cli.run("cat", Cli.sample("types.feather", directory));
        List<JsonNode> rows = run.lines();
        assertThat(run.out())
                .startsWith("{\"dec\":1.23,\"d32\":\"1970-01-02\",\"t64\":\"00:00:00.000001\",\"bin\":\"YQA=\","
                        + "\"fsb\":\"YWJjZA==\",\"u64\":18446744073709551615,\"h\":1.5,\"lu\":\"xxx\","
                        + "\"fsl\":[1.0,2.0],\"m\":[{\"key\":\"k\",\"value\":1}],\"sv\":\"short\",\"ree\":\"a\"}");
        assertThat(rows.get(2).get("m")).isEmpty();
        assertThat(rows.get(1).get("m").isNull()).isTrue();
    }

    @Test
    void printsNonFiniteFloatsAndNegativeZeroOfAPlainArray() {
        assertThat(Cli.run("cat", Cli.sample("grid.npy", directory)).out())
                .isEqualTo("{\"0\":0.1,\"1\":\"NaN\"}\n{\"0\":\"Infinity\",\"1\":\"-Infinity\"}\n"
                        + "{\"0\":-0.0,\"1\":1.0E300}\n");
    }

    @Test
    void takesRowsFromBothEnds() {
        Path prices = Cli.sample("prices.npz", directory);
        List<JsonNode> all = Cli.run("cat", prices).lines();
        assertThat(Cli.run("head", prices).lines()).isEqualTo(all.subList(0, 10));
        assertThat(Cli.run("head", "-n", 3, prices).lines()).isEqualTo(all.subList(0, 3));
        assertThat(Cli.run("tail", "-n", 3, prices).lines()).isEqualTo(all.subList(57, 60));
        assertThat(Cli.run("tail", "-n", 1000, prices).lines()).isEqualTo(all);
        assertThat(Cli.run("head", "-n", 0, prices).out()).isEmpty();
    }

    @Test
    void selectsColumnsInTheOrderGiven() {
        Cli run = Cli.run("head", "-n", 1, "-c", "close,open", Cli.sample("prices.npz", directory));
        List<String> keys = new ArrayList<>();
        run.lines().get(0).fieldNames().forEachRemaining(keys::add);
        assertThat(keys).containsExactly("ticker", "date", "close", "open");
    }

    @Test
    void takesAnUnknownColumnForMisuse() {
        Cli run = Cli.run("head", "-c", "clsoe", Cli.sample("prices.npz", directory));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("arrow-npz: ").contains("clsoe").hasLineCount(1);
    }

    @Test
    void readsOneArrayOfAnArchiveThatIsNoTable() {
        Path uneven = Cli.sample("uneven.npz", directory);
        Cli whole = Cli.run("cat", uneven);
        assertThat(whole.code()).isEqualTo(1);
        assertThat(whole.err()).contains("FRAME_SHAPE").contains("--array");
        assertThat(Cli.run("head", "-n", 1, "--array", "b", uneven).out())
                .isEqualTo("{\"0\":0.0,\"1\":1.0,\"2\":2.0,\"3\":3.0}\n");
    }

    @Test
    void readsOneFrameOfABus() {
        Path bus = Cli.sample("bus.zip", directory);
        Cli whole = Cli.run("cat", bus);
        assertThat(whole.code()).isEqualTo(2);
        assertThat(whole.err()).contains("--frame").contains("f1, f2");
        assertThat(Cli.run("info", bus).lines().get(0).get("frames").toString()).isEqualTo("[\"f1\",\"f2\"]");
        assertThat(Cli.run("cat", "--frame", "f2", bus).lines()).isNotEmpty();
        assertThat(Cli.run("cat", "--frame", "f3", bus).code()).isEqualTo(2);
    }

    @Test
    void readsStreamsFromStandardInput() throws IOException {
        byte[] stream = Files.readAllBytes(Cli.sample("batches.arrows", directory));
        assertThat(Cli.withInput(stream, "tail", "-n", 1, "-").out()).isEqualTo("{\"a\":9,\"d\":\"a\"}\n");
    }

    @Test
    void printsAnAlignedTableOnATerminal() {
        Cli run = Cli.onTerminal("head", "-n", 2, "-c", "close,rating", Cli.sample("prices.npz", directory));
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo("ticker  date          close  rating");
        assertThat(lines.get(1)).isEqualTo("text    date        float64  text");
        assertThat(lines.get(3)).startsWith("AAPL    2024-01-02  ").endsWith("hold");
        assertThat(lines.get(5)).isEqualTo("2 of 60 rows, 4 columns");
    }

    @Test
    void printsAShortTableOfEachOfSeveralFiles() throws IOException {
        Cli.sample("prices.npz", directory);
        Files.writeString(directory.resolve("x.csv"), "a\n1\n2\n3\n4\n");
        Cli run = Cli.onTerminal("head", directory);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith(directory + "/prices.npz\nticker")
                .contains("3 of 60 rows")
                .contains("\n\n" + directory + "/x.csv\n    a\n")
                .endsWith("3 of 4 rows, 1 column\n\n");
        assertThat(Cli.run("head", "-n", 2, directory).lines()).hasSize(4);
    }

    @Test
    void printsTimestampsAsPeopleWriteThem() {
        Cli run = Cli.onTerminal("head", "-n", 1, Cli.sample("events.csv", directory));
        assertThat(run.out().lines().toList().get(3)).contains("  2025-07-30 09:15:23  ");
        assertThat(Cli.run("head", "-n", 1, directory.resolve("events.csv")).out())
                .contains("\"2025-07-30T09:15:23\"");
    }

    @Test
    void leavesOutColumnsThatDoNotFitTheTerminal() {
        Cli run = Cli.onTerminal("head", "-n", 1, Cli.sample("values.npz", directory));
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(lines.size() - 1)).matches("1 of 3 rows, \\d+ of 13 columns");
        assertThat(lines).allMatch(line -> line.length() <= 100);
    }

    @Test
    void escapesControlCharactersOnATerminal() {
        Cli run = Cli.onTerminal("cat", "-c", "u", Cli.sample("values.npz", directory));
        assertThat(run.out()).doesNotContain("\u001b").contains("a\\u001b[31m");
    }

    @Test
    void printsJsonOnATerminalWhenAsked() {
        Cli run = Cli.onTerminal("head", "--json", "-n", 1, "-c", "rating", Cli.sample("prices.npz", directory));
        assertThat(run.out()).isEqualTo("{\"ticker\":\"AAPL\",\"date\":\"2024-01-02\",\"rating\":\"hold\"}\n");
    }

    @Test
    @DisplayName("A2: schema shows the type of a dictionary's values")
    void printsTheTypeOfADictionarysValues() {
        Path types = Cli.sample("types.feather", directory);
        assertThat(Cli.run("schema", types).out()).contains("ree: Utf8 dictionary by Int(32, true)\n");
        assertThat(Cli.run("schema", "--json", types).out())
                .contains("{\"name\":\"ree\",\"nullable\":true,\"type\":{\"name\":\"utf8\"},\"dictionary\":");
    }

    @Test
    void printsTheSchemaInBothForms() {
        Path prices = Cli.sample("prices.npz", directory);
        assertThat(Cli.run("schema", prices).out())
                .startsWith("ticker: Utf8\n  -- numpy.dtype = <U4\ndate: Date(DAY)\n");
        JsonNode schema = Cli.run("schema", "-F", "json", prices).lines().get(0);
        assertThat(schema.get("fields")).hasSize(11);
        assertThat(Cli.run("schema", "--json", prices).lines()).containsExactly(schema);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "head", "tail", "schema"})
    void reportsFilesThatAreNotThere(String verb) {
        Cli run = Cli.run(verb, directory.resolve("none.npz"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("arrow-npz: ").contains("none.npz").hasLineCount(1);
    }

    @Test
    void endsSilentlyWhenNobodyReadsAnyMore() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        String prices = Cli.sample("prices.npz", directory).toString();
        for (String[] args : new String[][] {{"cat", prices}, {"convert", prices, "-"}, {"info", prices}}) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = Main.run(args, new ByteArrayInputStream(new byte[0]), closed, err);
            assertThat(code).isZero();
            assertThat(err.size()).isZero();
        }
    }

    @Test
    void saysWhenTheDiskIsFull() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] args = {"cat", Cli.sample("prices.npz", directory).toString()};
        assertThat(Main.run(args, new ByteArrayInputStream(new byte[0]), full, err))
                .isEqualTo(1);
        assertThat(err.toString()).contains("No space left");
    }
}
