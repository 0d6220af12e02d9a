package org.arrownpz.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.Clients;

/**
 * What real clients see in our Feather and Parquet files of each column. They answer where there are any, see
 * {@link Clients}; their answers are kept beside this test, so that builds without clients have them, too.
 */
final class ClientColumns {
    static final List<String> NAMES = List.of("pyarrow", "pandas", "Polars", "DuckDB");

    private static final Path KEPT = Path.of("src", "test", "resources", "fidelity", "clients.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path directory;
    private final boolean asked = Clients.exist();
    private final List<String> columns = new ArrayList<>();

    /** @param directory for the files, empty */
    ClientColumns(Path directory) {
        this.directory = directory;
    }

    /** Takes a column into account; the frame is as opened from NPZ. */
    void add(String column, Frame frame) throws IOException {
        String name = String.format("%04d", columns.size());
        columns.add(column);
        if (!asked) {
            return;
        }
        Path truth = directory.resolve(name + ".truth.arrow");
        try (FileChannel out = FileChannel.open(truth, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(frame.root(), frame.dictionaries(), out)) {
            writer.writeBatch();
        }
        Ipc.write(frame, directory.resolve(name + ".feather"), IpcOptions.defaults());
        Path parquet = directory.resolve(name + ".parquet");
        try {
            Parquet.write(frame, parquet, ParquetOptions.defaults());
        } catch (NpzException | IllegalArgumentException | UnsupportedOperationException e) {
            // The column of Parquet says so.
            Files.deleteIfExists(parquet);
        }
    }

    /**
     * The clients' answers by column and client, and their versions.
     *
     * @param regenerate whether to keep what the clients answer now
     */
    JsonNode answers(boolean regenerate) throws IOException, InterruptedException {
        if (asked) {
            JsonNode observed = observed();
            if (regenerate) {
                Files.createDirectories(KEPT.getParent());
                Files.writeString(KEPT, JSON.writeValueAsString(observed) + "\n");
            }
            assertThat(JSON.readTree(KEPT.toFile()))
                    .as("%s is not what the clients answer: clients/run --fidelity writes it", KEPT)
                    .isEqualTo(observed);
        }
        JsonNode kept = JSON.readTree(KEPT.toFile());
        assertThat(kept.path("rows").properties().stream().map(Map.Entry::getKey))
                .as("%s is of other columns: clients/run --fidelity writes it", KEPT)
                .containsExactlyElementsOf(columns);
        for (String column : columns) {
            for (String client : NAMES) {
                assertThat(kept.path("rows").path(column).path(client).asText())
                        .as("what %s sees of %s, in %s", client, column, KEPT)
                        .isNotEmpty();
            }
        }
        return kept;
    }

    private JsonNode observed() throws IOException, InterruptedException {
        Clients.Answer answer = Clients.run(directory, "fidelity.py", directory.toString());
        assertThat(answer.code()).as(answer.output()).isZero();
        JsonNode said = JSON.readTree(answer.output().lines().reduce("", (line, next) -> next));
        ObjectNode rows = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> row : said.path("rows").properties()) {
            // The others have limits of their own, such as microseconds; pyarrow reads all that Arrow has.
            assertThat(row.getValue().path("pyarrow").asText())
                    .as("what pyarrow sees of %s", columns.get(Integer.parseInt(row.getKey())))
                    .doesNotContain("other values");
            rows.set(columns.get(Integer.parseInt(row.getKey())), row.getValue());
        }
        ObjectNode observed = JSON.createObjectNode();
        observed.set("versions", said.path("versions"));
        observed.set("rows", rows);
        return observed;
    }
}
