package org.arrownpz.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.ipc.cdata.ExportScope;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.sql.TextTables;
import org.arrownpz.testing.GeneratedSection;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The second part of {@code docs/types.md} says what comes back from where. It is written from what is observed here:
 * {@code mvn -pl arrow-bridge/all -am test -Dtest=FidelityTest -Dsurefire.failIfNoSpecifiedTests=false -Darrownpz.regenerate=true},
 * or by {@code clients/run --fidelity}, which asks real clients, too.
 */
@ExtendWith(LeakCheck.class)
class FidelityTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "types.md");
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    Path directory;

    /** Sends a frame somewhere and compares what comes back. */
    private interface Route {
        String take(BufferAllocator allocator, Frame frame) throws Exception;
    }

    @Test
    @Tag("nightly")
    void documentSaysWhatComesBack(BufferAllocator allocator) throws Exception {
        Map<String, Map<String, List<String>>> exceptions = new LinkedHashMap<>();
        Map<String, Map<String, List<String>>> texts = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        StringBuilder extensions = new StringBuilder("## Extension types\n\n"
                + "Arrow's canonical ones. NPZ keeps their names and storage; from other formats they come back as follows:\n\n"
                + "| name | stored as | ");
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
            routes.put("C data", this::cData);
            routes.put("Flight", (a, frame) -> flight(client, frame));
            routes.put("DuckDB", this::duckdb);
            Path file = directory.resolve("column.npz");
            extensions
                    .append(String.join(" | ", routes.keySet()))
                    .append(" | CSV read as | JSON read as |\n| --- | --- |")
                    .append(" --- |".repeat(routes.size() + 2));
            for (Column column : Column.extensions()) {
                extensions.append(extension(column, routes, allocator, file, wrong));
            }
            // Of one width or another, all are treated alike.
            Set<String> small = new HashSet<>();
            for (SmallFloat type : SmallFloat.values()) {
                small.add(extension(Column.of(type), routes, allocator, file, wrong));
            }
            assertThat(small).hasSize(1);
            extensions.append(small.iterator().next());
            for (Column column : Column.all()) {
                Files.deleteIfExists(file);
                column.maker().write(allocator, file);
                for (String form : List.of("csv", "json")) {
                    try (Frame frame = Frames.open(allocator, file)) {
                        add(
                                texts.computeIfAbsent(text(allocator, frame, form), key -> new LinkedHashMap<>()),
                                form,
                                GeneratedSection.typeName(column.name()));
                    }
                }
                for (Map.Entry<String, Route> route : routes.entrySet()) {
                    String outcome = outcome(column, route, allocator, file, wrong);
                    add(
                            exceptions.computeIfAbsent(route.getKey(), key -> new LinkedHashMap<>()),
                            outcome,
                            GeneratedSection.typeName(column.name()));
                }
                try (Frame frame = Frames.open(allocator, file)) {
                    clients.add(column.name(), frame);
                }
            }
        }
        assertThat(wrong).isEmpty();
        StringBuilder text = new StringBuilder("\n## Through other formats\n\n");
        for (Map.Entry<String, Map<String, List<String>>> route : exceptions.entrySet()) {
            List<String> equal = new ArrayList<>();
            equal.addAll(route.getValue().getOrDefault("equal", List.of()));
            equal.addAll(route.getValue().getOrDefault("equal values and type", List.of()));
            route.getValue().keySet().removeAll(List.of("equal", "equal values and type"));
            text.append("**")
                    .append(route.getKey())
                    .append("**: ")
                    .append(equal.size())
                    .append(" of ");
            text.append(Column.all().size()).append(" columns equal");
            appendGroups(text, route.getValue());
        }
        appendTexts(text, texts);
        text.append(extensions).append("\n\n");
        appendClients(text, clients.answers(Boolean.getBoolean("arrownpz.regenerate")));
        GeneratedSection.check(DOCUMENT, FidelityTest.class, text.toString());
    }

    /** One row of the table of extensions. */
    private String extension(
            Column column, Map<String, Route> routes, BufferAllocator allocator, Path file, List<String> wrong)
            throws Exception {
        StringBuilder row = new StringBuilder("\n| " + GeneratedSection.typeName(column.name()) + " |");
        Files.deleteIfExists(file);
        column.maker().write(allocator, file);
        for (Map.Entry<String, Route> route : routes.entrySet()) {
            String outcome = outcome(column, route, allocator, file, wrong);
            row.append(" ").append(GeneratedSection.typeName(outcome)).append(" |");
        }
        for (String form : List.of("csv", "json")) {
            try (Frame frame = Frames.open(allocator, file)) {
                row.append(" ").append(text(allocator, frame, form)).append(" |");
            }
        }
        return row.toString();
    }

    /** The tables are of all that there is: the next type of Arrow or of NumPy is missed here. */
    @Test
    void tablesNameEveryType(BufferAllocator allocator) throws Exception {
        Set<ArrowType.ArrowTypeID> types = EnumSet.noneOf(ArrowType.ArrowTypeID.class);
        Set<String> kinds = new HashSet<>();
        Path file = directory.resolve("column.npz");
        for (Column column : Column.all()) {
            Files.deleteIfExists(file);
            column.maker().write(allocator, file);
            try (Frame frame = Frames.open(allocator, file)) {
                add(types, frame.schema().getFields().get(0));
            }
            if (column.name().startsWith("`\\|") || column.name().matches("`[<>].*")) {
                kinds.add(column.name().replaceAll("`(?:\\\\\\||[<>])(\\w).*", "$1"));
            }
        }
        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(ArrowType.ArrowTypeID.NONE)));
        assertThat(kinds).containsExactlyInAnyOrder("b", "i", "u", "f", "c", "M", "m", "S", "U", "V");
        assertThat(Column.extensions()).hasSize(8);
    }

    private static void add(Set<ArrowType.ArrowTypeID> types, Field field) {
        types.add(field.getType().getTypeID());
        field.getChildren().forEach(child -> add(types, child));
    }

    private static String outcome(
            Column column, Map.Entry<String, Route> route, BufferAllocator allocator, Path file, List<String> wrong)
            throws Exception {
        String outcome;
        try (Frame frame = Frames.open(allocator, file)) {
            outcome = route.getValue().take(allocator, frame);
        } catch (NpzException | IllegalArgumentException | UnsupportedOperationException e) {
            outcome = "*refused*";
        }
        if (outcome.startsWith("WRONG")) {
            wrong.add(column.name() + " " + route.getKey() + " " + outcome);
        }
        return outcome;
    }

    /** The rest of a sentence, and a table of what is not equal. */
    private static void appendGroups(StringBuilder text, Map<String, List<String>> groups) {
        if (groups.isEmpty()) {
            text.append(".\n\n");
            return;
        }
        text.append(", but for:\n\n| outcome | columns |\n| --- | --- |\n");
        groups.forEach((outcome, columns) -> text.append("| ")
                .append(GeneratedSection.typeName(outcome))
                .append(" | ")
                .append(String.join(", ", columns))
                .append(" |\n"));
        text.append("\n");
    }

    private static void appendTexts(StringBuilder text, Map<String, Map<String, List<String>>> texts) {
        text.append(
                "## Through text\n\nText has no types. CSV and JSON lines of these columns are read back as follows, their values "
                        + "telling it ([how values are written](cli-reference.md#csv-and-json)):\n\n| read as | CSV | JSON |\n| --- | --- | --- |\n");
        texts.forEach((type, forms) -> text.append("| ")
                .append(type)
                .append(" | ")
                .append(String.join(", ", forms.getOrDefault("csv", List.of())))
                .append(" | ")
                .append(String.join(", ", forms.getOrDefault("json", List.of())))
                .append(" |\n"));
        text.append("\n");
    }

    private String text(BufferAllocator allocator, Frame frame, String form) throws Exception {
        Path file = directory.resolve("column." + form);
        try {
            TextTables.write(frame, file, Durability.RENAME_ONLY);
        } catch (NpzException | IllegalArgumentException e) {
            return "*refused*";
        }
        try (Frame back = Tables.read(allocator, file)) {
            assertThat(back.rowCount()).isEqualTo(frame.rowCount());
            return GeneratedSection.typeName(
                    "`" + Columns.text(back.root().getVector(0).getField()) + "`");
        }
    }

    private static void appendClients(StringBuilder text, JsonNode answers) {
        text.append("## What clients see\n\n"
                + "The same columns in Feather and Parquet files of this library, as real clients open them "
                + "(`clients/run --fidelity` asks them). Not listed is what has the client's own type and values that mean "
                + "the same; *without its values* is what pyarrow, which compares, cannot read out.\n\n"
                + "* Columns of Parquet files, and what is within them, are nullable. Views of texts, of bytes and of "
                + "lists are plain texts, bytes and lists there, decimals of more than 38 digits are their digits, seconds are "
                + "milliseconds, and a fixed-size list is a list where one of the column is null, since pyarrow fails at the "
                + "declared type. This library restores all of them. Unions, and structs with parts of one name, are not written "
                + "to Parquet. A dictionary's entry that is null is a null there.\n"
                + "* Months (`numpy.timedelta64`) are Int64 in Arrow files. Index levels of float16 and complex numbers are "
                + "columns to pandas, which has no index of them.\n"
                + "* An NPZ frame does not keep that a NumPy array was a record array, nor the bytes between its fields: its "
                + "fields stay, as columns. Neither does a Flight server, which keeps frames.\n"
                + "* INTERVAL in Parquet files of DuckDB is `fixed_size_binary[12]`, as pyarrow sees it. VARIANT in Parquet "
                + "files is the struct that it is stored as.\n\n");
        for (String client : ClientColumns.NAMES) {
            Map<String, List<String>> groups = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> row : answers.path("rows").properties()) {
                String[] seen = row.getValue().path(client).asText().split("; Parquet: ", 2);
                String column = GeneratedSection.typeName(row.getKey());
                String parquet = seen[seen.length - 1];
                if (loses(seen[0]) && seen[0].equals(parquet)) {
                    add(groups, seen[0], column);
                    continue;
                }
                if (loses(seen[0])) {
                    add(groups, "Feather: " + seen[0], column);
                }
                if (loses(parquet)) {
                    add(groups, "Parquet: " + parquet, column);
                }
            }
            String version = answers.path("versions").path(client).asText();
            text.append("**").append(client).append(" ").append(version).append("** sees all");
            appendGroups(text, groups);
        }
    }

    private static void add(Map<String, List<String>> groups, String outcome, String column) {
        groups.computeIfAbsent(outcome, key -> new ArrayList<>()).add(column);
    }

    private static boolean loses(String seen) {
        return seen.startsWith("*refused*") || seen.contains("values") || seen.contains("`object`");
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

    private String cData(BufferAllocator allocator, Frame frame) throws Exception {
        try (ArrowReader reader = frame.interchangeReader(1_000);
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Data.exportArrayStream(new ExportScope(allocator, "exports").allocator(), reader, stream);
            try (ArrowReader back = Data.importArrayStream(allocator, stream)) {
                assertThat(back.loadNextBatch()).isTrue();
                try (Frame read = Frame.of(back.getVectorSchemaRoot(), back)) {
                    return compare(frame, List.of(read.root().getVector(0)));
                }
            }
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
