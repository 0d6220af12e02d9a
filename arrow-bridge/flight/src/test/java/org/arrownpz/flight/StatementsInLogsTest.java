package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients are told what is wrong with their statements, in their own words; those who run the server see none of them. */
@ExtendWith(LeakCheck.class)
class StatementsInLogsTest {
    private static final String SECRET = "s3ntinel";
    private static final List<String> REFUSED = List.of(
            "SELECT " + SECRET + " FROM prices",
            "SELECT 1 FROM '" + SECRET + ".npz'",
            "SELECT 1 AS x '" + SECRET + "'",
            "SELECT CAST('" + SECRET + "' AS INTEGER)",
            "SELECT CAST(name || '" + SECRET + "' AS INTEGER) FROM prices",
            "DROP TABLE " + SECRET);

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private static void read(FlightSqlClient client, Ticket ticket) throws Exception {
        try (FlightStream stream = client.getStream(ticket)) {
            while (stream.next()) {
                assertThat(stream.getRoot().getRowCount()).isNotNegative();
            }
        }
    }

    private static void fails(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(FlightRuntimeException.class);
    }

    @Test
    @DisplayName("B12: no log repeats what statements hold, however they fail")
    void holdNothingOfStatements(BufferAllocator allocator) throws Exception {
        write(directory.resolve("prices.npz"), 10, allocator);
        Path log = other.resolve("log");
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withWatch(ServerOptions.Watch.none().withAccessLog(log));
        try (ServerLogLines lines = new ServerLogLines()) {
            try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                    FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
                for (String statement : REFUSED) {
                    SqlQuery query = new SqlQuery(statement);
                    fails(() -> read(client, query.toTicket()));
                    fails(() -> read(client, ticket(server, allocator, query)));
                    fails(() -> read(
                            client,
                            client.execute(statement).getEndpoints().get(0).getTicket()));
                    fails(() -> read(
                            client,
                            client.prepare(statement)
                                    .execute()
                                    .getEndpoints()
                                    .get(0)
                                    .getTicket()));
                }
                putParameter(allocator, client);
            }
            assertThat(lines.lines()).noneMatch(line -> line.contains(SECRET));
        }
        assertThat(Files.readAllLines(log))
                .hasSizeGreaterThan(4 * REFUSED.size())
                .noneMatch(line -> line.contains(SECRET))
                .filteredOn(line -> !line.contains("\"code\":\"OK\""))
                .allMatch(line -> line.contains("\"error\":\"the statement failed\""));
    }

    /** The ticket that a command gives, where it gives one. */
    private static Ticket ticket(NpzFlightServer server, BufferAllocator allocator, SqlQuery query) throws Exception {
        try (FlightClient client = client(server, allocator)) {
            return client.getInfo(query.toDescriptor()).getEndpoints().get(0).getTicket();
        }
    }

    private static void putParameter(BufferAllocator allocator, FlightSqlClient client) throws Exception {
        try (FlightSqlClient.PreparedStatement prepared =
                        client.prepare("SELECT CAST(name || ? AS INTEGER) FROM prices");
                VectorSchemaRoot root = VectorSchemaRoot.create(prepared.getParameterSchema(), allocator)) {
            ((VarCharVector) root.getVector(0)).setSafe(0, SECRET.getBytes(StandardCharsets.UTF_8));
            root.setRowCount(1);
            prepared.setParameters(root);
            fails(() -> read(client, prepared.execute().getEndpoints().get(0).getTicket()));
        }
    }
}
