package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path events;

    @BeforeEach
    void copyEvents() {
        events = Cli.sample("events.csv", directory);
    }

    /** What framezip makes of the same table; it leaves times as text, or marks them. */
    private static List<JsonNode> golden(String name) throws IOException {
        try (InputStream input =
                Objects.requireNonNull(EventsTest.class.getResourceAsStream("/samples/" + name), name)) {
            String text = new String(input.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("\\{\"\\$ts\": (\"[^\"]*\")}", "$1")
                    .replaceAll("(2025-07-30) (\\d\\d:)", "$1T$2");
            return text.lines().map(EventsTest::parse).toList();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static List<JsonNode> rows(Cli run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run.out().lines().map(EventsTest::parse).toList();
    }

    @Test
    void printsWhatFramezipMakesOfOneKey() throws IOException {
        assertThat(rows(Cli.run("pack", events, "--by", "GroupID"))).isEqualTo(golden("seed_packed_by_GroupID.jsonl"));
    }

    @Test
    void printsThePackedTableOnATerminal() {
        Cli run = Cli.onTerminal("pack", events, "--by", "GroupID", "--pack", "Timestamp,EventID");
        assertThat(run.out()).isEqualTo("""
            GroupID  Timestamp                                 EventID
            text     list<timestamp[s]>                        list<text>
            ───────  ────────────────────────────────────────  ────────────────────────
            G001     ["2025-07-30 09:15:23", "2025-07-30 09:…  ["E101", "E102", "E103"]
            G002     ["2025-07-30 10:02:11", "2025-07-30 10:…  ["E201", "E202", "E203"]
            G003     ["2025-07-30 11:20:14", "2025-07-30 11:…  ["E301", "E302", "E303"]
            3 rows, 3 columns
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p.npz", "p.feather", "p.arrows", "p.parquet", "p.json", "p/"})
    void writesWhatFramezipMakesOfTwoKeys(String name) throws IOException {
        String target = directory + "/" + name;
        Cli run = Cli.run(
                "pack", events, target, "--by", "GroupID,UserID", "--pack", "Timestamp,EventID,EventName,Details");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(rows(Cli.run("cat", target))).isEqualTo(golden("seed_packed_by_GroupID_UserID.jsonl"));
    }

    @Test
    void unpacksWhatItPacked() {
        Path packed = directory.resolve("p.npz");
        Path again = directory.resolve("again.csv");
        Cli.run("pack", events, packed, "--by", "0", "--rest");
        assertThat(Cli.run("unpack", packed, again, "--by", "GroupID").code()).isZero();
        assertThat(Cli.run("diff", events, again))
                .extracting(Cli::code, Cli::out)
                .containsExactly(0, "");
        assertThat(rows(Cli.run("unpack", packed, "--explode", "1,2,3,4,-1", "--ordinal", "place")))
                .extracting(row -> row.get("place").asInt())
                .containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    }

    @Test
    void carriesConstantsAndRefusesOthers() {
        Cli run = Cli.run("pack", events, "--by", "GroupID", "--carry", "UserID", "--pack", "EventID");
        assertThat(rows(run).get(2))
                .hasToString("{\"GroupID\":\"G003\",\"UserID\":\"U003\",\"EventID\":[\"E301\",\"E302\",\"E303\"]}");
        Cli bad = Cli.run("pack", events, "--by", "GroupID", "--carry", "EventID", "--rest");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err()).hasLineCount(1);
    }

    @Test
    void breaksSessionsAtGaps() {
        Cli run = Cli.run(
                "pack", events, "--by", "UserID", "--session", "2m30s", "--time", "Timestamp", "--pack", "EventID");
        assertThat(rows(run))
                .extracting(row -> row.get("session_count").asInt())
                .containsExactly(2, 1, 1, 1, 1, 1, 2);
        assertThat(Cli.run("pack", events, "--by", "UserID", "--session", "2m").code())
                .isEqualTo(2);
        assertThat(Cli.run("pack", events, "--by", "UserID", "--time", "Timestamp", "--session", "soon")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void sortsUnsortedRowsAndSaysSo() throws IOException {
        Path csv = Files.writeString(directory.resolve("x.csv"), "k,v\n2,1\n1,2\n2,3\n,4\n");
        Cli sorted = Cli.run("pack", csv, "--by", "k");
        assertThat(rows(sorted)).hasToString("[{\"k\":1,\"v\":[2]}, {\"k\":2,\"v\":[1,3]}]");
        assertThat(sorted.err()).contains("sorted, because").contains("1 row without key dropped");
        Cli runs = Cli.run("pack", csv, "--by", "k", "--order", "runs", "--null-keys", "keep");
        assertThat(rows(runs)).extracting(row -> row.get("k").asText()).containsExactly("2", "1", "2", "null");
        assertThat(Cli.run("pack", csv, "--by", "k", "--null-keys", "error").code())
                .isEqualTo(1);
        assertThat(rows(Cli.run("pack", csv, "--by", "k", "--layout", "list_of_struct", "--order", "sort")))
                .hasToString("[{\"k\":1,\"events\":[{\"v\":2}]}, {\"k\":2,\"events\":[{\"v\":1},{\"v\":3}]}]");
    }

    @Test
    void unpacksJsonWithEmptyLists() throws IOException {
        Path json = Files.writeString(directory.resolve("x.json"), "{\"k\":1,\"v\":[5,6]}\n{\"k\":2,\"v\":[]}\n");
        assertThat(rows(Cli.run("unpack", json)))
                .hasToString("[{\"k\":1,\"v\":5}, {\"k\":1,\"v\":6}, {\"k\":2,\"v\":null}]");
        assertThat(rows(Cli.run("unpack", json, "--empty", "drop"))).hasSize(2);
    }

    @Test
    void refusesToOverwriteAndUnknownColumns() throws IOException {
        Path target = Files.writeString(directory.resolve("p.npz"), "precious");
        assertThat(Cli.run("pack", events, target, "--by", "GroupID").code()).isEqualTo(2);
        assertThat(target).hasContent("precious");
        assertThat(Cli.run("pack", events, target, "--by", "GroupID", "--force").code())
                .isZero();
        Cli unknown = Cli.run("pack", events, "--by", "None");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("None");
        assertThat(Cli.run("pack", events).code()).isEqualTo(2);
    }
}
