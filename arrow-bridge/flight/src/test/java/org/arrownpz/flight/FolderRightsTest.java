package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A token that may read some folders does not learn of the others, by whatever call. */
@ExtendWith(LeakCheck.class)
class FolderRightsTest {
    @TempDir
    Path directory;

    private ServerOptions options = ServerOptions.defaults();

    @BeforeEach
    void servesTwoFolders(BufferAllocator allocator) throws Exception {
        Path served = Files.createDirectories(directory.resolve("served"));
        write(served.resolve("top.npz"), 3, allocator);
        for (String folder : List.of("eu", "eu/desk", "us")) {
            write(Files.createDirectories(served.resolve(folder)).resolve("fx.npz"), 4, allocator);
        }
        Path tokens = Files.writeString(
                directory.resolve("tokens"),
                ServerOptions.Access.tokenLine("ann", "read:eu/**", "a", null) + "\n"
                        + ServerOptions.Access.tokenLine("bob", "read:eu/*,write:*", "b", null) + "\n");
        options = ServerOptions.defaults()
                .withSql(256L << 20)
                .withAccess(ServerOptions.Access.open().withTokens(tokens));
    }

    private static List<String> tables(FlightSqlClient client, CallOption token) throws Exception {
        FlightInfo info = client.getTables(null, null, null, null, false, token);
        List<String> tables = new ArrayList<>();
        try (FlightStream rows = client.getStream(info.getEndpoints().get(0).getTicket(), token)) {
            while (rows.next()) {
                var schemas = (VarCharVector) rows.getRoot().getVector("db_schema_name");
                var names = (VarCharVector) rows.getRoot().getVector("table_name");
                for (int i = 0; i < rows.getRoot().getRowCount(); i++) {
                    tables.add(schemas.getObject(i) + "." + names.getObject(i));
                }
            }
        }
        return tables;
    }

    private static Ticket sql(String statement) {
        return new Ticket(("{\"sql\":\"" + statement + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsItsFoldersAlone(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory.resolve("served"), options);
                FlightClient client = FlightCalls.client(server, allocator);
                FlightSqlClient sql = new FlightSqlClient(client)) {
            CallOption ann = token("a");
            assertThat(tables(sql, ann)).containsExactly("eu.fx", "eu/desk.fx");
            assertThat(client.listFlights(Criteria.ALL, ann)).isEmpty();
            assertThat(read(client, sql("SELECT * FROM eu.fx"), ann)[0]).isEqualTo(4);
            for (String hidden : List.of("us.fx", "top", "main.top")) {
                assertThatThrownBy(() -> read(client, sql("SELECT * FROM " + hidden), ann))
                        .isInstanceOf(FlightRuntimeException.class)
                        .hasMessageNotContaining("us.fx.npz");
            }
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path("top"), ann));
            fails(
                    FlightStatusCode.NOT_FOUND,
                    () -> read(client, NpzTicket.of("top").toTicket(), ann));
            fails(FlightStatusCode.UNAUTHORIZED, () -> put(client, FlightDescriptor.path("new"), 1, allocator, ann));
        }
    }

    @Test
    void putsWhereItMayWrite(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory.resolve("served"), options);
                FlightClient client = FlightCalls.client(server, allocator);
                FlightSqlClient sql = new FlightSqlClient(client)) {
            CallOption bob = token("b");
            put(client, FlightDescriptor.path("new"), 1, allocator, bob);
            assertThat(tables(sql, bob)).containsExactly("eu.fx", "main.new", "main.top");
        }
    }
}
