package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One id leads from what a client was told to the server's logs. */
@ExtendWith(LeakCheck.class)
class CallIdsTest {
    private static final String ANY_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private JsonNode logged(Path log, String text) throws Exception {
        Await.until(() -> Files.readString(log).contains(text), () -> "no line with " + text);
        String line = Files.readAllLines(log).stream()
                .filter(one -> one.contains(text))
                .findFirst()
                .orElseThrow();
        return new ObjectMapper().readTree(line);
    }

    @Test
    void areInErrorsAndInTheAccessLog(BufferAllocator allocator) throws Exception {
        Path log = other.resolve("log");
        ServerOptions options =
                ServerOptions.defaults().withWatch(ServerOptions.Watch.none().withAccessLog(log));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            FlightRuntimeException refused = catchThrowableOfType(
                    FlightRuntimeException.class, () -> client.getInfo(FlightDescriptor.path("none")));
            assertThat(refused.status().metadata().get("query-id"))
                    .matches(ANY_ID)
                    .isEqualTo(logged(log, "NOT_FOUND").get("id").textValue());
            assertThat(refused).hasMessageNotContaining("call ");
        }
    }

    @Test
    void areInWordsWhereTheServersLogHasMore(BufferAllocator allocator) throws Exception {
        FaultyFileSystem system = new FaultyFileSystem((operation, number) -> operation.equals("write"));
        try (ServerLogLines lines = new ServerLogLines()) {
            FlightRuntimeException failed;
            try (NpzFlightServer server =
                            NpzFlightServer.start(allocator, system.path(directory), ServerOptions.defaults());
                    FlightClient client = client(server, allocator)) {
                failed = catchThrowableOfType(
                        FlightRuntimeException.class, () -> put(client, FlightDescriptor.path("a"), 5, allocator));
            }
            String id = failed.status().metadata().get("query-id");
            assertThat(failed).hasMessageEndingWith(" (call " + id + ")");
            assertThat(lines.lines()).singleElement().asString().endsWith(" (call " + id + ")");
        }
    }

    @Test
    void areInEachAnswerOfHttp() throws Exception {
        Path log = other.resolve("log");
        try (WebCalls calls = new WebCalls(
                directory,
                ServerOptions.defaults().withWatch(ServerOptions.Watch.none().withAccessLog(log)))) {
            HttpResponse<byte[]> refused = calls.get("/tables/none");
            String id = refused.headers().firstValue("Query-Id").orElseThrow();
            assertThat(id)
                    .matches(ANY_ID)
                    .isEqualTo(WebCalls.JSON.readTree(refused.body()).get("id").textValue())
                    .isEqualTo(logged(log, "NOT_FOUND").get("id").textValue());
            assertThat(calls.get("/tables").headers().firstValue("Query-Id").orElseThrow())
                    .matches(ANY_ID)
                    .isNotEqualTo(id);
        }
    }

    @Test
    void leadFromASlowQueryToItsCall(BufferAllocator allocator) throws Exception {
        FlightCalls.write(directory.resolve("prices.npz"), 100, allocator);
        Path log = other.resolve("log");
        Path tokens = Files.writeString(
                other.resolve("tokens"), ServerOptions.Access.tokenLine("ann", "read", "s3cret", null));
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withAccess(ServerOptions.Access.open().withTokens(tokens))
                .withWatch(ServerOptions.Watch.none().withAccessLog(log).withSlowQueries(Duration.ofNanos(1)));
        try (ServerLogLines lines = new ServerLogLines();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            SqlQuery query = new SqlQuery("SELECT twice FROM prices WHERE name <> 's3ntinel' AND key < 60");
            assertThat(read(client, query.toTicket(), token("s3cret"))[0]).isPositive();
            String id = logged(log, "\"OK\"").get("id").textValue();
            Await.until(() -> !lines.lines().isEmpty(), () -> "no line of a slow query");
            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .matches("slow query " + id + " of 'ann': \\d+ ms, of which it waited \\d+, \\d+ rows, \\d+ bytes: "
                            + "SELECT twice FROM prices WHERE name <> \\? AND key < \\?");
        }
    }

    @Test
    void areNotToldOfQueriesThatAreFast(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withWatch(ServerOptions.Watch.none().withSlowQueries(Duration.ofHours(1)));
        try (ServerLogLines lines = new ServerLogLines();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = client(server, allocator)) {
            read(client, new SqlQuery("SELECT 1::BIGINT AS twice").toTicket());
            assertThat(lines.lines()).isEmpty();
        }
    }
}
