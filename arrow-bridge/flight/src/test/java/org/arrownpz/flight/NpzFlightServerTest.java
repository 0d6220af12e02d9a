package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.names;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.root;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.Label;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are listed, described, streamed and put. */
@ExtendWith(LeakCheck.class)
class NpzFlightServerTest {
    private static final int ROWS = 100_003;

    @TempDir
    Path directory;

    @Test
    void listsDescribesAndStreamsFiles(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), ROWS, allocator);
        write(directory.resolve("other.npz"), 3, allocator);
        Files.writeString(directory.resolve("notes.txt"), "no");
        Files.writeString(directory.resolve("broken.npz"), "no");
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            assertThat(names(client, Criteria.ALL)).containsExactly("other", "prices");
            assertThat(names(client, new Criteria("pr".getBytes(StandardCharsets.UTF_8))))
                    .containsExactly("prices");
            FlightInfo info = client.getInfo(FlightDescriptor.path("prices"));
            assertThat(info.getRecords()).isEqualTo(ROWS);
            assertThat(info.getBytes()).isEqualTo(Files.size(directory.resolve("prices.npz")));
            assertThat(info.getSchema().getFields()).extracting(Field::getName).containsExactly("key", "twice", "name");
            assertThat(info.getSchema().getCustomMetadata()).containsKeys("arrow_npz", "pandas");
            long[] result = read(client, info.getEndpoints().get(0).getTicket());
            assertThat(result[0]).isEqualTo(ROWS);
            assertThat(result[1]).isEqualTo((long) ROWS * (ROWS - 1));
        }
    }

    /** The calls that ClickHouse makes for {@code arrowFlight('host:port', 'prices')}: schema and information by path. */
    @Test
    void answersTheCallsOfClickHouse(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), 10, allocator);
        FlightDescriptor table = FlightDescriptor.path("prices");
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            Schema schema = client.getSchema(table).getSchema();
            FlightInfo info = client.getInfo(table);
            assertThat(schema.getFields()).isEqualTo(info.getSchema().getFields());
            assertThat(info.getEndpoints()).hasSize(1);
            try (FlightStream stream =
                    client.getStream(info.getEndpoints().get(0).getTicket())) {
                assertThat(stream.getSchema().getFields()).isEqualTo(schema.getFields());
                assertThat(stream.next()).isTrue();
                assertThat(stream.getRoot().getRowCount()).isEqualTo(10);
            }
        }
    }

    @Test
    void streamsColumnsAndRowsAskedForInBatchesOfTheGivenSize(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), ROWS, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withBatchBytes(80_000));
                FlightClient client = client(server, allocator)) {
            NpzTicket all = NpzTicket.of("prices").withColumns("twice");
            long[] result = read(client, all.toTicket());
            assertThat(result[0]).isEqualTo(ROWS);
            assertThat(result[2]).isBetween(10L, 12L);
            long[] part = read(client, all.withRows(50_000, 3).toTicket());
            assertThat(part).containsExactly(3, 300_006, 1);
            assertThat(read(client, all.withRows(ROWS + 5L, 3).toTicket())[0]).isZero();
            try (FlightStream stream = client.getStream(
                    NpzTicket.of("prices").withColumns("name", "key").toTicket())) {
                assertThat(stream.getSchema().getFields())
                        .extracting(Field::getName)
                        .containsExactly("name", "key");
                assertThat(stream.next()).isTrue();
                assertThat(stream.getRoot().getVector("name").getObject(2)).hasToString("n2");
            }
        }
    }

    @Test
    void putsWholeFilesAndReplacesOnlyWhenTold(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(client, FlightDescriptor.path("new"), 10, allocator);
            fails(FlightStatusCode.ALREADY_EXISTS, () -> put(client, FlightDescriptor.path("new"), 20, allocator));
            try (Frame frame = Frames.open(allocator, directory.resolve("new.npz"))) {
                assertThat(frame.rowCount()).isEqualTo(20);
                assertThat(frame.name()).isEqualTo(Label.of("put"));
                assertThat(frame.indexLevels()).isEqualTo(1);
            }
            put(client, new PutCommand("new", true).toDescriptor(), 7, allocator);
            assertThat(client.getInfo(FlightDescriptor.path("new")).getRecords())
                    .isEqualTo(14);
        }
        assertThat(directory.toFile().list()).containsExactly("new.npz");
    }

    @Test
    void givesBackEveryTypeThatWasPut(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withBatchBytes(4000));
                FlightClient client = client(server, allocator)) {
            List<FieldVector> vectors = new ArrayList<>();
            TypeZoo.fields().forEach(field -> vectors.add(TypeZoo.vector(field, 20, allocator)));
            try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(TypeZoo.fields()), vectors, 20)) {
                FlightClient.ClientStreamListener put =
                        client.startPut(FlightDescriptor.path("zoo"), root, new AsyncPutListener());
                put.putNext();
                put.completed();
                put.getResult();
                int row = 0;
                try (FlightStream stream = client.getStream(NpzTicket.of("zoo").toTicket())) {
                    while (stream.next()) {
                        VectorSchemaRoot batch = stream.getRoot();
                        for (int i = 0; i < vectors.size(); i++) {
                            FieldVector column = vectors.get(i);
                            assertThat(batch.getVector(i).getField().getType())
                                    .isEqualTo(column.getField().getType());
                            for (int at = 0; at < batch.getRowCount(); at++) {
                                assertThat(text(batch.getVector(i), at))
                                        .as(column.getName())
                                        .isEqualTo(text(column, row + at));
                            }
                        }
                        row += batch.getRowCount();
                    }
                }
                assertThat(row).isEqualTo(20);
            }
        }
    }

    private static String text(FieldVector vector, int row) {
        Object value = vector.getObject(row);
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }

    @Test
    void leavesNothingOfAPutThatIsCancelled(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(1000, allocator)) {
            FlightClient.ClientStreamListener stream =
                    client.startPut(FlightDescriptor.path("half"), root, new AsyncPutListener());
            stream.putNext();
            stream.error(new IllegalStateException("changed my mind"));
            // The lock is the server's, which goes with it.
            Await.until(
                    () -> directory.toFile().list((place, name) -> !name.endsWith(".lock")).length == 0,
                    () -> "files in " + directory);
            assertThat(names(client, Criteria.ALL)).isEmpty();
        }
        assertThat(directory).isEmptyDirectory();
    }
}
