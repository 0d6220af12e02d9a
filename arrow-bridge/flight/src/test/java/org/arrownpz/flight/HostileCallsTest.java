package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.token;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.flight.internal.access.Seals;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Commands, names, actions and tickets that must be refused, with the code of each refusal; the server serves on. */
class HostileCallsTest extends HostileCalls {
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
}
