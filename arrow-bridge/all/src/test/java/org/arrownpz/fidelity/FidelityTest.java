package org.arrownpz.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Durability;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code FIDELITY.md} says what comes back from where. It is written from what is observed here:
 * {@code mvn -pl arrow-bridge/all -am test -Dtest=FidelityTest -Dsurefire.failIfNoSpecifiedTests=false -Darrownpz.regenerate=true},
 * or by {@code clients/run --fidelity}, which asks real clients, too.
 */
@ExtendWith(LeakCheck.class)
class FidelityTest {
    private static final Path DOCUMENT = Path.of("..", "..", "FIDELITY.md");
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    /** Sends a frame somewhere and compares what comes back. */
    private interface Route {
        String take(BufferAllocator allocator, Frame frame) throws Exception;
    }

    @Test
    void documentSaysWhatComesBack(BufferAllocator allocator) throws Exception {
        StringBuilder text = new StringBuilder("# Fidelity\n\n"
                + "Written by `FidelityTest` from what it observes; `-Darrownpz.regenerate=true` rewrites it.\n\n"
                + "Each row is a column with nulls (or NaT) of that NumPy dtype or Arrow type, in an NPZ file that goes to "
                + "the format and comes back. **equal**: the same values, the same type, the same field metadata, and in "
                + "the columns that end in NPZ the file that is written again opens to the same. Other entries name what "
                + "the column becomes; *refused* is an exception that says why, before anything is written or read. DuckDB "
                + "keeps no field metadata. What is *converted* means the same, value by value: as numbers, texts, instants, "
                + "local times, times of day, or months, days and nanoseconds.\n\n"
                + "| column | → Feather → NPZ | → IPC stream → NPZ | → Parquet → NPZ | → Flight put, get | → DuckDB → Arrow |\n"
                + "| --- | --- | --- | --- | --- | --- |\n");
        List<String> wrong = new ArrayList<>();
        ClientColumns clients = new ClientColumns(Files.createDirectory(directory.resolve("clients")));
        Path served = Files.createDirectory(directory.resolve("served"));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, served, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build()) {
            Map<String, Route> routes = new LinkedHashMap<>();
            routes.put("Feather", this::feather);
            routes.put("IPC stream", this::stream);
            routes.put("Parquet", this::parquet);
            routes.put("Flight", (a, frame) -> flight(client, frame));
            routes.put("DuckDB", this::duckdb);
            Path file = directory.resolve("column.npz");
            for (Column column : Column.all()) {
                Files.deleteIfExists(file);
                column.maker().write(allocator, file);
                text.append("| ").append(column.name());
                for (Map.Entry<String, Route> route : routes.entrySet()) {
                    String outcome;
                    try (Frame frame = Frames.open(allocator, file)) {
                        outcome = route.getValue().take(allocator, frame);
                    } catch (NpzException | IllegalArgumentException | UnsupportedOperationException e) {
                        outcome = "*refused*";
                    }
                    if (outcome.startsWith("WRONG")) {
                        wrong.add(column.name() + " " + route.getKey() + " " + outcome);
                    }
                    text.append(" | ").append(outcome);
                }
                text.append(" |\n");
                try (Frame frame = Frames.open(allocator, file)) {
                    clients.add(column.name(), frame);
                }
            }
        }
        assertThat(wrong).isEmpty();
        boolean regenerate = Boolean.getBoolean("arrownpz.regenerate");
        appendClients(text, clients.answers(regenerate));
        if (regenerate) {
            Files.writeString(DOCUMENT, text);
        }
        assertThat(Files.readString(DOCUMENT))
                .as("FIDELITY.md is stale: run this test with -Darrownpz.regenerate=true")
                .isEqualTo(text.toString());
    }

    private static void appendClients(StringBuilder text, JsonNode answers) {
        List<String> seers = new ArrayList<>();
        for (String client : ClientColumns.NAMES) {
            seers.add(client + " " + answers.path("versions").path(client).asText());
        }
        text.append("\n## What clients see\n\n"
                + "The same columns in our Feather files, as real clients open them; and in our Parquet files, where they "
                + "see something else there. **equal**: the Arrow type that the column has here. *as*: the client's own "
                + "type, with values that mean the same; **other values** where it loses something, such as the unit or "
                + "the nanoseconds. *refused*: the client's words; *none*: we write no such file. `clients/run --fidelity` "
                + "asks them again.\n\n"
                + "What this library restores, but others see otherwise, whatever the column's type:\n\n"
                + "* Columns of our Parquet files, and what is within them, are nullable. Views of texts, of bytes and of "
                + "lists are plain texts, bytes and lists there, decimals of more than 38 digits are their digits, and a "
                + "fixed-size list is a list where one of the column is null, since pyarrow fails at the declared type.\n"
                + "* Months (`numpy.timedelta64`) are Int64 in Arrow files. Index levels of float16 and complex numbers are "
                + "columns to pandas, which has no index of them.\n\n"
                + "What is lost:\n\n"
                + "* That a NumPy array was a record array, and the bytes between its fields, where it goes through a frame in "
                + "an NPZ, as a Flight server keeps what is put: its fields stay, as columns.\n"
                + "* INTERVAL in Parquet files of DuckDB is `fixed_size_binary[12]`, as pyarrow sees it.\n\n");
        text.append("| column | ").append(String.join(" | ", seers)).append(" |\n| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<String, JsonNode> row : answers.path("rows").properties()) {
            text.append("| ").append(row.getKey());
            for (String client : ClientColumns.NAMES) {
                text.append(" | ").append(row.getValue().path(client).asText());
            }
            text.append(" |\n");
        }
    }

    private String feather(BufferAllocator allocator, Frame frame) throws Exception {
        Path file = directory.resolve("column.feather");
        Ipc.write(frame, file, IpcOptions.defaults());
        try (IpcFile back = Ipc.read(allocator, file);
                Frame read = back.frame()) {
            return again(allocator, frame, read);
        }
    }

    private String stream(BufferAllocator allocator, Frame frame) throws Exception {
        Path file = directory.resolve("column.arrows");
        try (OutputStream out = Files.newOutputStream(file)) {
            Ipc.writeStream(frame, out, IpcOptions.defaults());
        }
        try (IpcFile back = Ipc.readStream(allocator, Channels.newChannel(Files.newInputStream(file)), "stream");
                Frame read = back.frame()) {
            return again(allocator, frame, read);
        }
    }

    private String parquet(BufferAllocator allocator, Frame frame) throws Exception {
        Path file = directory.resolve("column.parquet");
        Parquet.write(frame, file, ParquetOptions.defaults());
        try (ParquetFile back = Parquet.read(allocator, file);
                Frame read = back.frame()) {
            return again(allocator, frame, read);
        }
    }

    private String again(BufferAllocator allocator, Frame before, Frame read) throws Exception {
        Path file = directory.resolve("again.npz");
        Frames.write(read, file, FAST);
        try (Frame after = Frames.open(allocator, file)) {
            return compare(before, List.of(after.root().getFieldVectors().get(0)));
        }
    }

    private String flight(FlightClient client, Frame frame) throws Exception {
        FlightDescriptor descriptor = FlightDescriptor.path("column");
        Files.deleteIfExists(directory.resolve("served/column.npz"));
        FlightClient.ClientStreamListener put =
                client.startPut(descriptor, frame.interchangeRoot(), frame.dictionaries(), new AsyncPutListener());
        put.putNext();
        put.completed();
        put.getResult();
        try (FlightStream stream = client.getStream(NpzTicket.of("column").toTicket())) {
            assertThat(stream.next()).isTrue();
            try (Frame read = Frame.of(stream.getRoot(), stream.getDictionaryProvider())) {
                return compare(frame, List.of(read.root().getVector(0)));
            }
        }
    }

    private String duckdb(BufferAllocator allocator, Frame frame) throws Exception {
        try (Sql sql = Sql.open(allocator).with("t", frame);
                ArrowReader reader = sql.query("SELECT * FROM t")) {
            assertThat(reader.loadNextBatch()).isTrue();
            return compare(frame, List.of(reader.getVectorSchemaRoot().getVector(0)));
        } catch (IOException e) {
            if (e.getCause() instanceof NpzException) {
                return "*refused*";
            }
            throw e;
        }
    }

    private static String compare(Frame before, List<FieldVector> after) throws NpzException {
        FieldVector expected = before.root().getFieldVectors().get(0);
        String difference = Columns.difference(expected, before.dictionaries(), after);
        return difference == null
                ? "WRONG " + RandomVectors.values(expected) + " is now "
                        + RandomVectors.values(after.toArray(FieldVector[]::new))
                : difference;
    }
}
