package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.access.Seals;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a caller who may only read must not get, with the code of each refusal; after all of them the server serves on. */
@ExtendWith(LeakCheck.class)
class HostileCallsTest {
    private static final CallOption ANN = token("aaaa");
    private static final CallOption BOB = token("bbbb");
    private static final FlightStatusCode INVALID = FlightStatusCode.INVALID_ARGUMENT;

    /** DIR is the served directory, OUT one beside it with secret.csv, secret.npz and secret.parquet. */
    private static final List<String> STATEMENTS = List.of(
            // Write.
            "CREATE TABLE x (a INT)",
            "CREATE TABLE x AS SELECT * FROM prices",
            "CREATE OR REPLACE TABLE prices AS SELECT 1",
            "CREATE TEMP TABLE x (a INT)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE OR REPLACE VIEW prices AS SELECT 1",
            "CREATE SCHEMA s",
            "CREATE SEQUENCE s",
            "CREATE TYPE t AS ENUM ('a')",
            "CREATE MACRO m(a) AS a",
            "CREATE FUNCTION m(a) AS TABLE SELECT a",
            "CREATE INDEX i ON prices (key)",
            "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
            "INSERT INTO prices VALUES (1, 2, 'x')",
            "INSERT INTO prices SELECT * FROM prices",
            "UPDATE prices SET key = 1",
            "DELETE FROM prices",
            "TRUNCATE prices",
            "DROP TABLE prices",
            "DROP VIEW prices",
            "DROP SCHEMA main",
            "ALTER TABLE prices ADD COLUMN x INT",
            "ALTER VIEW prices RENAME TO x",
            "COMMENT ON TABLE prices IS 'x'",
            "MERGE INTO prices USING prices p ON prices.key = p.key WHEN MATCHED THEN DELETE",
            "WITH x AS (SELECT 1) INSERT INTO prices SELECT 1, 2, 'x' FROM x",
            "SELECT 1; DROP VIEW prices",
            "SELECT 1; COPY prices TO 'OUT/new.csv'",
            "/* SELECT */ DROP VIEW prices",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "CHECKPOINT",
            "FORCE CHECKPOINT",
            "VACUUM",
            "ANALYZE",
            // Copy, export, attach.
            "COPY prices TO 'OUT/new.csv'",
            "COPY (SELECT 1) TO 'OUT/new.parquet' (FORMAT parquet)",
            "COPY prices FROM 'OUT/secret.csv'",
            "EXPORT DATABASE 'OUT/new'",
            "IMPORT DATABASE 'OUT/new'",
            "ATTACH 'OUT/new.db'",
            "ATTACH 'OUT/new.db' AS x (READ_ONLY)",
            "ATTACH ':memory:' AS x",
            "DETACH memory",
            "USE memory",
            // Install and load.
            "INSTALL httpfs",
            "FORCE INSTALL httpfs",
            "LOAD httpfs",
            "LOAD 'OUT/evil.duckdb_extension'",
            "UPDATE EXTENSIONS",
            // Other files.
            "SELECT * FROM 'OUT/secret.csv'",
            "SELECT * FROM 'OUT/secret.parquet'",
            "SELECT * FROM \"OUT/secret.csv\"",
            "SELECT * FROM 'OUT/secret.npz'",
            "SELECT * FROM '../secret.npz'",
            "SELECT * FROM read_csv('OUT/secret.csv')",
            "SELECT * FROM read_csv_auto('OUT/secret.csv')",
            "SELECT * FROM sniff_csv('OUT/secret.csv')",
            "SELECT * FROM read_text('OUT/secret.csv')",
            "SELECT * FROM read_blob('OUT/secret.csv')",
            "SELECT * FROM read_parquet('OUT/secret.parquet')",
            "SELECT * FROM parquet_scan('OUT/secret.parquet')",
            "SELECT * FROM parquet_metadata('OUT/secret.parquet')",
            "SELECT * FROM parquet_schema('OUT/secret.parquet')",
            "SELECT * FROM read_json('OUT/secret.csv')",
            "SELECT * FROM read_json_auto('OUT/secret.csv')",
            "SELECT * FROM read_ndjson('OUT/secret.csv')",
            "SELECT * FROM glob('OUT/*')",
            "SELECT (SELECT count(*) FROM read_text('OUT/secret.csv'))",
            "SELECT * FROM prices WHERE key IN (SELECT 1 FROM read_text('OUT/secret.csv'))",
            "WITH x AS (SELECT * FROM read_text('OUT/secret.csv')) SELECT * FROM x",
            "SELECT * FROM query('SELECT * FROM read_text(''OUT/secret.csv'')')",
            "SELECT * FROM query_table('OUT/secret.csv')",
            "SELECT * FROM 'https://localhost/secret.csv'",
            "SELECT * FROM 's3://bucket/secret.parquet'",
            "SELECT getenv('HOME')",
            // Options and the inside.
            "SET threads = 1",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "SET GLOBAL memory_limit = '1TB'",
            "SET SESSION search_path = 'x'",
            "SET VARIABLE x = 1",
            "RESET threads",
            "RESET enable_external_access",
            "PRAGMA database_list",
            "PRAGMA enable_profiling",
            "PRAGMA profiling_output = 'OUT/new'",
            "PRAGMA threads = 1",
            "CALL pragma_version()",
            "CALL dbgen(sf = 1)",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "DEALLOCATE p",
            "EXPLAIN ANALYZE DELETE FROM prices",
            // No statements.
            "",
            ";",
            "-- nothing",
            "SELEC 1",
            "SELECT",
            "SELECT * FROM none",
            "SELECT none FROM prices",
            "SELECT 'open",
            "SELECT 1; SELECT 2",
            "SELECT \0 1");

    @TempDir
    Path directory;

    @TempDir
    Path other;

    @BeforeEach
    void files(BufferAllocator allocator) throws IOException {
        write(directory.resolve("prices.npz"), 10, allocator);
        write(other.resolve("secret.npz"), 10, allocator);
        Files.writeString(other.resolve("secret.csv"), "a,b\n1,2\n");
        Files.writeString(other.resolve("secret.parquet"), "PAR1");
    }

    private NpzFlightServer start(BufferAllocator allocator) throws IOException {
        Path tokens = Files.writeString(other.resolve("tokens"), "ann read aaaa\nbob write bbbb\n");
        Path key = Files.writeString(other.resolve("key"), "0123456789abcdef0123456789abcdef");
        return NpzFlightServer.start(
                allocator,
                directory,
                ServerOptions.defaults()
                        .withSql(256 << 20)
                        .withAccess(ServerAccess.open().withTokens(tokens).withTicketKey(key)));
    }

    /** The files there, with their sizes and times. */
    private static Map<String, String> state(Path directory) throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    state.put(file.getFileName().toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            }
        }
        return state;
    }

    private static void refused(SoftAssertions all, String what, FlightStatusCode code, ThrowingCallable call) {
        all.assertThatThrownBy(call).as(what).isInstanceOfSatisfying(FlightRuntimeException.class, e -> {
            all.assertThat(e.status().code()).as(what + ": " + e).isEqualTo(code);
            all.assertThat(e.getMessage()).as(what).doesNotContain("org.arrownpz", "java.");
        });
    }

    @Test
    void statementsThatDoMoreThanReadAreRefused(BufferAllocator allocator) throws Exception {
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = start(allocator);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator));
                FlightClient raw = client(server, allocator)) {
            Map<String, String> served = state(directory);
            Map<String, String> beside = state(other);
            for (String statement : STATEMENTS) {
                String sql = statement.replace("OUT", other.toString());
                refused(all, sql, INVALID, () -> client.execute(sql, ANN));
                refused(all, sql, INVALID, () -> client.prepare(sql, ANN));
                refused(all, sql, INVALID, () -> FlightCalls.read(raw, new SqlQuery(sql).toTicket(), ANN));
            }
            all.assertThat(state(directory)).isEqualTo(served);
            all.assertThat(state(other)).isEqualTo(beside);
            all.assertThat(FlightCalls.read(raw, NpzTicket.of("prices").toTicket(), ANN)[0])
                    .isEqualTo(10);
        }
        all.assertAll();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void commandsAndTicketsThatAreNoneAreRefused(BufferAllocator allocator) throws Exception {
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = start(allocator);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator));
                FlightClient raw = client(server, allocator)) {
            Map<String, byte[]> commands = new TreeMap<>();
            for (String text : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "1",
                    "\"prices\"",
                    "{}",
                    "{\"v\":1}",
                    "{\"v\":2,\"name\":\"prices\"}",
                    "{\"v\":true,\"name\":\"prices\"}",
                    "{\"v\":1,\"v\":1,\"name\":\"prices\"}",
                    "{\"v\":1,\"name\":7}",
                    "{\"v\":1,\"name\":\"prices\",\"x\":1}",
                    "{\"v\":1,\"name\":\"prices\",\"columns\":\"key\"}",
                    "{\"v\":1,\"name\":\"prices\",\"columns\":[1]}",
                    "{\"v\":1,\"name\":\"prices\",\"columns\":[\"none\"]}",
                    "{\"v\":1,\"name\":\"prices\",\"offset\":-1}",
                    "{\"v\":1,\"name\":\"prices\",\"offset\":1.5}",
                    "{\"v\":1,\"name\":\"prices\",\"limit\":\"3\"}",
                    "{\"v\":1,\"name\":\"prices\",\"limit\":99999999999999999999}",
                    "{\"v\":1,\"name\":\"prices\"} x",
                    "{\"sql\":7}",
                    "{\"sql\":\"SELECT 1\",\"name\":\"prices\"}",
                    "{\"v\":3,\"sql\":\"SELECT 1\"}")) {
                commands.put(text, ascii(text));
            }
            commands.put("deep", ascii("[".repeat(100_000)));
            commands.put("long", ascii("{\"sql\":\"" + "x".repeat(1 << 20) + "\"}"));
            commands.put("bytes", new byte[] {1, 2, 3, -1});
            commands.put(
                    "unknown",
                    Any.newBuilder()
                            .setTypeUrl("type.googleapis.com/arrow.flight.protocol.sql.CommandNone")
                            .build()
                            .toByteArray());
            commands.put(
                    "cut",
                    Any.newBuilder()
                            .setTypeUrl("type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery")
                            .setValue(ByteString.copyFrom(new byte[] {10, 100, 'x'}))
                            .build()
                            .toByteArray());
            commands.put(
                    "handle",
                    Any.pack(CommandPreparedStatementQuery.newBuilder()
                                    .setPreparedStatementHandle(ByteString.copyFromUtf8("forged"))
                                    .build())
                            .toByteArray());
            commands.put(
                    "update",
                    Any.pack(CommandStatementUpdate.newBuilder()
                                    .setQuery("DROP VIEW prices")
                                    .build())
                            .toByteArray());
            commands.forEach((name, bytes) -> {
                refused(all, "describe " + name, INVALID, () -> raw.getInfo(FlightDescriptor.command(bytes), ANN));
                refused(all, "get " + name, INVALID, () -> FlightCalls.read(raw, new Ticket(bytes), ANN));
            });
            refused(
                    all,
                    "transaction",
                    FlightStatusCode.UNIMPLEMENTED,
                    () -> raw.getInfo(
                            FlightDescriptor.command(Any.pack(CommandStatementQuery.newBuilder()
                                            .setQuery("SELECT 1")
                                            .setTransactionId(ByteString.copyFromUtf8("x"))
                                            .build())
                                    .toByteArray()),
                            ANN));
            for (String name : List.of("../secret", "/etc/passwd", "..", ".", "a/b", "a\\b", "none", "CON", "x\0")) {
                refused(
                        all,
                        "path " + name,
                        FlightStatusCode.NOT_FOUND,
                        () -> raw.getInfo(FlightDescriptor.path(name), ANN));
            }
            for (String type :
                    List.of("", "none", "CreatePreparedStatement", "ClosePreparedStatement", "CancelQuery")) {
                refused(
                        all,
                        "action " + type,
                        INVALID,
                        () -> raw.doAction(new Action(type, new byte[] {1, 2, 3}), ANN)
                                .forEachRemaining(result -> {}));
            }
            refused(all, "begin", FlightStatusCode.UNIMPLEMENTED, () -> client.beginTransaction(ANN));
            refused(all, "put", FlightStatusCode.UNAUTHORIZED, () -> putAsReader(raw, allocator));
            all.assertThat(FlightCalls.read(raw, NpzTicket.of("prices").toTicket(), ANN)[0])
                    .isEqualTo(10);
        }
        all.assertAll();
    }

    private static void putAsReader(FlightClient client, BufferAllocator allocator) {
        try (VectorSchemaRoot root = FlightCalls.root(3, allocator)) {
            FlightClient.ClientStreamListener stream = client.startPut(
                    FlightDescriptor.path("new"), root, new org.apache.arrow.flight.AsyncPutListener(), ANN);
            stream.completed();
            stream.getResult();
        }
    }

    @Test
    void ticketsAreForTheirCallerTheirTimeAndTheirPurpose(BufferAllocator allocator) throws Exception {
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = start(allocator);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator));
                FlightClient raw = client(server, allocator)) {
            byte[] good = client.execute("SELECT 1 AS twice", ANN)
                    .getEndpoints()
                    .get(0)
                    .getTicket()
                    .getBytes();
            byte[] content = Seals.of(other.resolve("key")).open("ticket", "ann", good);
            Seals same = Seals.of(other.resolve("key"));
            Duration life = Duration.ofMinutes(1);
            Map<String, byte[]> tickets = new TreeMap<>();
            tickets.put("of another", same.seal("ticket", "bob", content, life));
            tickets.put("of nobody", same.seal("ticket", "", content, life));
            tickets.put("of another key", Seals.of(null).seal("ticket", "ann", content, life));
            tickets.put("expired", same.seal("ticket", "ann", content, Duration.ofSeconds(-1)));
            tickets.put("a handle", same.seal("prepared statement", "ann", content, life));
            tickets.put("a session", same.seal("session", "ann", content, life));
            tickets.put("empty", same.seal("ticket", "ann", new byte[0], life));
            tickets.put("of no kind", same.seal("ticket", "ann", new byte[] {'X', 1, 2}, life));
            tickets.put("a cut query", same.seal("ticket", "ann", java.util.Arrays.copyOf(content, 18), life));
            tickets.put("cut", java.util.Arrays.copyOf(good, good.length - 1));
            tickets.put("longer", java.util.Arrays.copyOf(good, good.length + 1));
            tickets.put("zero", new byte[1]);
            tickets.put("zeros", new byte[100]);
            tickets.put(
                    "the standard's",
                    Any.pack(TicketStatementQuery.newBuilder()
                                    .setStatementHandle(ByteString.copyFromUtf8("SELECT 1"))
                                    .build())
                            .toByteArray());
            for (int i = 0; i < good.length; i++) {
                byte[] forged = good.clone();
                forged[i] ^= (byte) (i == 0 ? 0x80 : 1);
                tickets.put("bit " + i, forged);
            }
            tickets.forEach(
                    (name, bytes) -> refused(all, name, INVALID, () -> FlightCalls.read(raw, new Ticket(bytes), ANN)));
            refused(all, "another's", INVALID, () -> FlightCalls.read(raw, new Ticket(good), BOB));
            refused(all, "nobody's", FlightStatusCode.UNAUTHENTICATED, () -> FlightCalls.read(raw, new Ticket(good)));
            refused(
                    all,
                    "a stranger's",
                    FlightStatusCode.UNAUTHENTICATED,
                    () -> FlightCalls.read(raw, new Ticket(good), token("cccc")));
        }
        all.assertAll();
    }

    @Test
    void parametersThatDoNotFitAreRefused(BufferAllocator allocator) throws Exception {
        List<Field> bad = new ArrayList<>();
        for (ArrowType type : List.of(
                new ArrowType.Duration(TimeUnit.SECOND),
                new ArrowType.Interval(IntervalUnit.DAY_TIME),
                new ArrowType.Interval(IntervalUnit.YEAR_MONTH),
                new ArrowType.FixedSizeBinary(3),
                new ArrowType.FloatingPoint(FloatingPointPrecision.HALF))) {
            bad.add(Field.nullable("p", type));
        }
        bad.add(new Field(
                "p",
                FieldType.nullable(new ArrowType.List()),
                List.of(Field.nullable("item", new ArrowType.Int(32, true)))));
        bad.add(new Field(
                "p",
                FieldType.nullable(new ArrowType.Struct()),
                List.of(Field.nullable("a", new ArrowType.Int(32, true)))));
        SoftAssertions all = new SoftAssertions();
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withSql(256 << 20));
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            Field number = Field.nullable("p", new ArrowType.Int(64, true));
            for (Field field : bad) {
                refused(all, field.toString(), INVALID, () -> execute(client, allocator, 1, field));
            }
            refused(all, "no row", INVALID, () -> execute(client, allocator, 0, number));
            refused(all, "two rows", INVALID, () -> execute(client, allocator, 2, number));
            refused(all, "two for one", INVALID, () -> execute(client, allocator, 1, number, number));
            refused(all, "none for one", INVALID, () -> execute(client, allocator, 1));
            execute(client, allocator, 1, number);
            execute(client, allocator, 1, Field.nullable("p", new ArrowType.Date(DateUnit.DAY)));
        }
        all.assertAll();
    }

    /** With nulls of these types as parameters. */
    private static void execute(FlightSqlClient client, BufferAllocator allocator, int rows, Field... fields)
            throws Exception {
        try (FlightSqlClient.PreparedStatement prepared = client.prepare("SELECT ? AS p");
                VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(fields)), allocator)) {
            root.allocateNew();
            root.setRowCount(rows);
            prepared.setParameters(root);
            client.getStream(prepared.execute().getEndpoints().get(0).getTicket())
                    .close();
        }
    }

    @Test
    void listsMoreThanEightyStatements() {
        assertThat(STATEMENTS).hasSizeGreaterThan(80).doesNotHaveDuplicates();
    }
}
