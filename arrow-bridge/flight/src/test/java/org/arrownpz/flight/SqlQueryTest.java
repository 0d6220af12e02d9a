package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class SqlQueryTest {
    private static final int ROWS = 10_000;

    /** For tests that change nothing of it. */
    private static BufferAllocator sharedAllocator;

    private static NpzFlightServer shared;

    @TempDir
    Path parent;

    private Path directory;

    @BeforeAll
    static void startShared(@TempDir Path directory) throws Exception {
        sharedAllocator = new RootAllocator();
        file(directory.resolve("prices.npz"), sharedAllocator);
        shared = NpzFlightServer.start(sharedAllocator, directory, options());
    }

    @AfterAll
    static void endShared() {
        shared.close();
        sharedAllocator.close();
    }

    private static ServerOptions options() {
        return ServerOptions.defaults().withSql(256 << 20);
    }

    private NpzFlightServer start(BufferAllocator allocator, ServerOptions options) throws Exception {
        directory = Files.createDirectories(parent.resolve("served"));
        file(directory.resolve("prices.npz"), allocator);
        return NpzFlightServer.start(allocator, directory, options);
    }

    private static void file(Path file, BufferAllocator allocator) throws Exception {
        BigIntVector key = new BigIntVector("key", allocator);
        VarCharVector text = new VarCharVector("text", allocator);
        for (int i = 0; i < ROWS; i++) {
            key.setSafe(i, i);
            text.setSafe(i, ("t" + i).getBytes(StandardCharsets.UTF_8));
        }
        List<FieldVector> vectors = List.of(key, text);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
    }

    private static List<Object> first(FlightClient client, String sql) throws Exception {
        List<Object> values = new ArrayList<>();
        try (FlightStream stream = client.getStream(new SqlQuery(sql).toTicket())) {
            while (stream.next()) {
                FieldVector column = stream.getRoot().getVector(0);
                for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
                    Object value = column.getObject(i);
                    values.add(value instanceof Long ? value : String.valueOf(value));
                }
            }
        }
        return values;
    }

    @Test
    void answersOverTheServersFilesByName(BufferAllocator allocator) throws Exception {
        try (FlightClient client = client(shared, allocator)) {
            FlightInfo info = client.getInfo(new SqlQuery("SELECT key, text AS name FROM prices").toDescriptor());
            assertThat(info.getSchema().getFields()).extracting(Field::getName).containsExactly("key", "name");
            assertThat(info.getRecords()).isEqualTo(-1);
            try (FlightStream stream =
                    client.getStream(info.getEndpoints().get(0).getTicket())) {
                assertThat(stream.getSchema().getFields())
                        .extracting(Field::getName)
                        .containsExactly("key", "name");
                int rows = 0;
                while (stream.next()) {
                    rows += stream.getRoot().getRowCount();
                }
                assertThat(rows).isEqualTo(ROWS);
            }
            assertThat(first(client, "SELECT max(key) FROM 'prices.npz'")).containsExactly(ROWS - 1L);
            assertThat(first(client, "SELECT a.text FROM prices a JOIN prices b ON a.key = b.key - 9999"))
                    .containsExactly("t0");
            assertThat(first(client, "SELECT key FROM prices WHERE key < 0")).isEmpty();
            assertThat(first(client, "SELECT 'a'::ENUM('a', 'b') FROM prices LIMIT 2"))
                    .hasSize(2);
            byte[] bare = "{\"sql\":\"SELECT 1::BIGINT\"}".getBytes(StandardCharsets.UTF_8);
            try (FlightStream stream = client.getStream(new Ticket(bare))) {
                assertThat(stream.next()).isTrue();
            }
        }
    }

    @Test
    void sendsBatchesOfTheGivenSize(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, options().withBatchBytes(8000));
                FlightClient client = client(server, allocator);
                FlightStream stream = client.getStream(new SqlQuery("SELECT key FROM prices").toTicket())) {
            int rows = 0;
            while (stream.next()) {
                assertThat(stream.getRoot().getRowCount()).isLessThanOrEqualTo(1000);
                rows += stream.getRoot().getRowCount();
            }
            assertThat(rows).isEqualTo(ROWS);
        }
    }

    private static final List<String> REACHING_OUT = List.of(
            "SELECT * FROM 'SECRET'",
            "SELECT * FROM '../secret.npz'",
            "SELECT * FROM 'link.npz'",
            "SELECT * FROM link",
            "SELECT * FROM '.hidden.npz'",
            "SELECT * FROM \".hidden\"",
            "SELECT * FROM 'SERVED/prices.npz'",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM read_blob('SECRET')",
            "SELECT * FROM glob('/etc/*')",
            "SELECT * FROM '/etc/passwd'",
            "COPY prices TO 'SERVED/stolen.csv'",
            "COPY (SELECT 1) TO '/tmp/arrow-npz-stolen.csv'",
            "EXPORT DATABASE 'SERVED/dump'",
            "ATTACH 'SERVED/x.db'",
            "SET enable_external_access = true",
            "SET temp_directory = 'SERVED'",
            "RESET memory_limit",
            "PRAGMA memory_limit = '100GB'",
            "INSTALL httpfs",
            "LOAD 'SECRET'",
            "SELECT getenv('HOME')",
            "COPY (SELECT range i FROM range(1000)) TO 'HERE/:memory:.wal' (FORMAT csv)",
            "SELECT * FROM read_csv('HERE/:memory:.wal')",
            "SELECT 1; SELECT 2",
            "SELECT 1; COPY prices TO 'SERVED/stolen.csv'",
            "FROM query('SELECT 1')",
            "FROM enable_logging(storage = 'stdout')",
            "FROM duckdb_extensions()",
            "SELECT cast(text AS INTEGER) FROM prices",
            "SELECT * FROM nowhere",
            "SELEC",
            "");

    @Test
    void reachesNothingElse(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, options());
                FlightClient client = client(server, allocator)) {
            Path secret = Files.copy(directory.resolve("prices.npz"), parent.resolve("secret.npz"));
            Files.copy(secret, directory.resolve(".hidden.npz"));
            Files.createSymbolicLink(directory.resolve("link.npz"), secret);
            String here = Path.of("").toAbsolutePath().toString();
            for (String statement : REACHING_OUT) {
                String sql = statement
                        .replace("SECRET", secret.toString())
                        .replace("SERVED", directory.toString())
                        .replace("HERE", here);
                fails(FlightStatusCode.INVALID_ARGUMENT, () -> first(client, sql));
                List<String> places =
                        new ArrayList<>(List.of(here, parent.toString(), System.getProperty("user.home")));
                places.removeIf(sql::contains);
                assertThatThrownBy(() -> first(client, sql))
                        .as(sql)
                        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(places));
            }
            assertThat(directory.toFile().list()).containsExactlyInAnyOrder("prices.npz", ".hidden.npz", "link.npz");
            assertThat(first(client, "SELECT count(*) FROM prices")).containsExactly((long) ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sql\":1}", "{\"v\":2,\"sql\":\"SELECT 1\"}", "{\"sql\":\"SELECT 1\",\"x\":1}"})
    void refusesQueriesThatAreNone(String json, BufferAllocator allocator) throws Exception {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (FlightClient client = client(shared, allocator)) {
            fails(
                    FlightStatusCode.INVALID_ARGUMENT,
                    () -> client.getStream(new Ticket(bytes)).next());
            fails(FlightStatusCode.INVALID_ARGUMENT, () -> client.getInfo(FlightDescriptor.command(bytes)));
        }
    }

    @Test
    void answersNoneUnlessToldTo(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.UNIMPLEMENTED, () -> first(client, "SELECT 1"));
            fails(FlightStatusCode.UNIMPLEMENTED, () -> client.getInfo(new SqlQuery("SELECT 1").toDescriptor()));
        }
    }

    @Test
    void staysWithinItsMemory(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, options().withSql(16 << 20));
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.RESOURCE_EXHAUSTED,
                    () -> first(client, "SELECT * FROM range(50000000) ORDER BY range % 1000, range"));
            // The schema is told without rows.
            assertThat(client.getInfo(new SqlQuery("SELECT count(*) FROM range(100000000000) a, range(100000000000) b")
                                    .toDescriptor())
                            .getSchema()
                            .getFields())
                    .hasSize(1);
            // The result may be longer: it is not held.
            try (FlightStream stream =
                    client.getStream(new SqlQuery("SELECT range, range AS other FROM range(10000000)").toTicket())) {
                long rows = 0;
                while (stream.next()) {
                    rows += stream.getRoot().getRowCount();
                }
                assertThat(rows).isEqualTo(10_000_000);
            }
        }
    }

    @Test
    void endsQueriesOfClientsThatGo(BufferAllocator allocator) throws Exception {
        ServerOptions watched = options().withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (NpzFlightServer server = start(allocator, watched);
                FlightClient client = client(server, allocator)) {
            // More than there are places: they come free only when queries end.
            for (int i = 0; i < 6; i++) {
                FlightStream stream = client.getStream(new SqlQuery(FlightCalls.ENDLESS_QUERY).toTicket());
                Gauges.await(server, "arrownpz_queries 1");
                stream.cancel("enough", null);
            }
            assertThat(first(client, "SELECT count(*) FROM prices")).containsExactly((long) ROWS);
            // And those of clients that stay end with the server.
            client.getStream(new SqlQuery(FlightCalls.ENDLESS_QUERY).toTicket());
        }
    }

    @Test
    void sweepsWhatAKilledServerLeftAndServesNoneOfIt(BufferAllocator allocator) throws Exception {
        directory = Files.createDirectories(parent.resolve("served"));
        String dead = "00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000.npz";
        file(directory.resolve(".prices." + dead), allocator);
        Files.createFile(directory.resolve("..x.y." + dead + ".999999999-ab12.arrownpz-tmp"));
        String used = ".prices.4711-00000000-0000-0000-0000-000000000000.npz";
        file(directory.resolve(used), allocator);
        file(directory.resolve(".mine.npz"), allocator);
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            assertThat(directory.toFile().list()).containsExactlyInAnyOrder("prices.npz", used, ".mine.npz");
            assertThat(client.listFlights(Criteria.ALL))
                    .extracting(info -> info.getDescriptor().getPath().get(0))
                    .containsExactly("prices");
            fails(
                    FlightStatusCode.NOT_FOUND,
                    () -> client.getInfo(FlightDescriptor.path(used.substring(0, used.length() - 4))));
        }
    }

    @Test
    void sweepsNoPutThatIsUnderWay(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerOptions.defaults());
                FlightClient client = client(server, allocator);
                BigIntVector key = new BigIntVector("key", allocator)) {
            key.setSafe(0, 5);
            key.setValueCount(1);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of((FieldVector) key));
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("new"), root, new AsyncPutListener());
            put.putNext();
            // Another server over the same directory starts meanwhile.
            NpzFlightServer.start(allocator, directory, ServerOptions.defaults())
                    .close();
            put.putNext();
            put.completed();
            put.getResult();
            assertThat(client.getInfo(FlightDescriptor.path("new")).getRecords())
                    .isEqualTo(2);
        }
    }
}
