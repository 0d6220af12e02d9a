package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.testing.Views;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A1: views of 0, 1, 11, 12, 13 and more bytes, in several buffers, through all verbs that look at values. */
class ViewsTest {
    private static final Field TEXT = Field.nullable("k", new ArrowType.Utf8View());

    @TempDir
    Path directory;

    private final BufferAllocator allocator = new RootAllocator();
    private List<byte[]> values;
    private Path file;

    @BeforeEach
    void writeAFile() throws Exception {
        values = new ArrayList<>(Views.values());
        values.add(3, null);
        file = write("views.arrow", values);
    }

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    /** The texts, and before each its row. */
    private Path write(String name, List<byte[]> texts) throws Exception {
        Path path = directory.resolve(name);
        BigIntVector rows = new BigIntVector("row", allocator);
        for (int i = 0; i < texts.size(); i++) {
            rows.setSafe(i, i);
        }
        rows.setValueCount(texts.size());
        FieldVector views = Views.of(TEXT, allocator, texts);
        try (VectorSchemaRoot root = VectorSchemaRoot.of(rows, views);
                Frame frame = Frame.of(root)) {
            Ipc.write(frame, path, IpcOptions.defaults());
        }
        return path;
    }

    private List<String> texts() {
        return values.stream().map(ViewsTest::text).toList();
    }

    private static String text(byte[] value) {
        return value == null ? "null" : new String(value, StandardCharsets.US_ASCII);
    }

    private static List<JsonNode> lines(Cli run) {
        assertThat(run.lines()).as(run.err()).isNotEmpty();
        return run.lines();
    }

    @Test
    void diffFindsEachChangeAndNoOther() throws Exception {
        assertThat(Cli.run("diff", file, write("same.arrow", values)))
                .extracting(Cli::code, Cli::out, Cli::err)
                .containsExactly(0, "", "");
        for (int row = 0; row < values.size(); row++) {
            byte[] value = values.get(row);
            List<byte[]> changed = new ArrayList<>(values);
            byte[] other = value == null || value.length == 0 ? new byte[] {'-'} : value.clone();
            other[other.length - 1] ^= 1;
            changed.set(row, other);
            JsonNode line = lines(Cli.run("diff", file, write("changed.arrow", changed)))
                    .get(0);
            assertThat(line.get("rows").asInt()).isEqualTo(1);
            assertThat(line.get("first").get(0).get("row").asInt()).isEqualTo(row);
        }
    }

    @Test
    void diffLooksThroughTurnedBuffers() throws Exception {
        List<byte[]> turned = new ArrayList<>(values);
        Collections.reverse(turned);
        // An odd number of rows: the middle one stays.
        int differing = values.size() / 2 * 2;
        assertThat(lines(Cli.run("diff", file, write("turned.arrow", turned)))
                        .get(0)
                        .get("rows")
                        .asInt())
                .isEqualTo(differing);
    }

    @Test
    void statsMeasuresAndTellsThemApart() {
        JsonNode stats = lines(Cli.run("stats", file)).get(1);
        assertThat(stats.get("min_length").asInt()).isZero();
        assertThat(stats.get("max_length").asInt()).isEqualTo(200);
        assertThat(stats.get("mean_length").asDouble())
                .isEqualTo(values.stream()
                        .filter(value -> value != null)
                        .mapToInt(value -> value.length)
                        .average()
                        .orElseThrow());
        assertThat(stats.get("nulls").asInt()).isEqualTo(1);
        assertThat(stats.get("distinct").asInt()).isEqualTo(values.size() - 1);
    }

    @Test
    void sqlReadsThem() {
        List<JsonNode> rows = lines(Cli.run("sql", "SELECT k, length(k) AS n FROM '" + file + "' ORDER BY row"));
        assertThat(rows).extracting(row -> row.get("k").asText()).isEqualTo(texts());
        assertThat(lines(Cli.run("sql", "SELECT k FROM '" + file + "' WHERE length(k) = 12")))
                .hasSize(4);
        assertThat(lines(Cli.run("sql", "SELECT count(DISTINCT k) AS n FROM '" + file + "'"))
                        .get(0)
                        .get("n")
                        .asInt())
                .isEqualTo(values.size() - 1);
    }

    @Test
    void packGroupsAndHoldsThem() throws Exception {
        List<byte[]> twice = new ArrayList<>(values);
        twice.addAll(values);
        Path doubled = write("twice.arrow", twice);
        List<JsonNode> groups = lines(Cli.run("pack", "--by", "k", "--null-keys", "keep", doubled));
        assertThat(groups).hasSize(values.size());
        assertThat(groups).extracting(group -> group.get("k").asText()).containsExactlyInAnyOrderElementsOf(texts());
        assertThat(groups).allSatisfy(group -> {
            List<JsonNode> rows = new ArrayList<>();
            group.get("row").forEach(rows::add);
            assertThat(rows).hasSize(2);
            assertThat(rows.get(1).asInt() - rows.get(0).asInt()).isEqualTo(values.size());
            assertThat(group.get("k").asText())
                    .isEqualTo(texts().get(rows.get(0).asInt()));
        });
        assertThat(lines(Cli.run("pack", "--by", "row", file)))
                .extracting(group -> group.get("k").get(0).asText())
                .isEqualTo(texts());
    }

    @Test
    void takePicksThem() throws Exception {
        long[] rows = IntStream.range(0, values.size())
                .mapToLong(i -> values.size() - 1 - i)
                .toArray();
        List<String> expected = new ArrayList<>(texts());
        Collections.reverse(expected);
        try (Frame frame = Tables.read(allocator, file);
                Frame taken = frame.take(rows)) {
            assertThat(RandomVectors.values(taken.root().getVector("k")))
                    .map(String::valueOf)
                    .isEqualTo(expected);
        }
    }
}
