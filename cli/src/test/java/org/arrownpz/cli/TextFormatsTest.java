package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV and JSON lines. */
class TextFormatsTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void quotesCellsWhereNeededAndTellsNullFromEmptyText() throws IOException {
        Path json = file("x.json", """
                {"t":"a,b","n":1,"l":[1,null]}
                {"t":"say \\"hi\\"","n":null,"l":[]}
                {"t":"","n":3,"l":null}
                {"t":null,"n":4,"l":[2]}
                {"t":"two\\nlines","n":5,"l":[2]}
                """);
        Path csv = directory.resolve("x.csv");
        assertThat(Cli.run("convert", json, csv).code()).isZero();
        assertThat(csv).hasContent("""
                        t,n,l
                        "a,b",1,"[1,null]"
                        "say ""hi""\",,[]
                        "",3,
                        ,4,[2]
                        "two
                        lines",5,[2]
                        """);
    }

    @Test
    void writesTheJsonThatCatPrintsButForTimes() {
        Path prices = Cli.sample("prices.npz", directory);
        Path json = directory.resolve("x.json");
        assertThat(Cli.run("convert", prices, json).code()).isZero();
        String printed = Cli.run("cat", prices).out().replaceAll("(\\d)T(\\d\\d:)", "$1 $2");
        assertThat(json).hasContent(printed.replaceAll("(\\.\\d*?)0+\"", "$1\""));
    }

    @Test
    void guessesTypes() throws IOException {
        Path csv = file("x.csv", "i,f,b,d,t,s\n1,1.5,true,2020-01-31,2020-01-31 09:30:00,x\n,,,,,\n");
        assertThat(Cli.run("schema", csv).out()).isEqualTo("""
                        i: Int(64, true)
                        f: FloatingPoint(DOUBLE)
                        b: Bool
                        d: Date(DAY)
                        t: Timestamp(SECOND, null)
                        s: Utf8
                        """);
        assertThat(Cli.run("cat", csv).lines().get(1).get("i").isNull()).isTrue();
        assertThat(Cli.run("cat", "-c", "s,i", csv).lines().get(0)).hasToString("{\"s\":\"x\",\"i\":1}");
    }

    @Test
    void readsMoreThanOneBatch() throws IOException {
        StringBuilder text = new StringBuilder("i,s\n");
        for (int i = 0; i < 200_000; i++) {
            text.append(i).append(",s").append(i).append('\n');
        }
        Path csv = file("x.csv", text.toString());
        assertThat(Cli.run("info", csv).lines().get(0).get("rows").asLong()).isEqualTo(200_000);
        assertThat(Cli.run("tail", "-n", 1, csv).lines().get(0)).hasToString("{\"i\":199999,\"s\":\"s199999\"}");
        assertThat(Cli.run("info", csv).lines().get(0).get("kind").asText()).isEqualTo("csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1\n", "a,a\n1,2\n", ""})
    void saysInOneLineWhatIsWrongWithACsvFile(String text) throws IOException {
        Path csv = file("x.csv", text);
        Cli run = Cli.run("cat", csv);
        assertThat(run.code()).as(run.out()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1).startsWith("arrow-npz: ").contains("x.csv");
        assertThat(Cli.run("verify", csv).code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":\n", "[1,2]\n"})
    void saysInOneLineWhatIsWrongWithAJsonFile(String text) throws IOException {
        Path json = file("x.json", text);
        Cli run = Cli.run("cat", json);
        assertThat(run.code()).as(run.out()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1).startsWith("arrow-npz: ").contains("x.json");
    }

    @Test
    void verifiesTextFiles() throws IOException {
        Path csv = file("x.csv", "a\n1\n");
        assertThat(Cli.run("verify", csv).lines().get(0).get("kind").asText()).isEqualTo("csv");
        assertThat(Cli.run("verify", csv).code()).isZero();
    }
}
