package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
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
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What one caller takes of a server, and what all may put into its directory. */
@ExtendWith(LeakCheck.class)
class CallerLimitsTest {
    private static final Ticket QUERY =
            new Ticket("{\"sql\":\"SELECT range AS twice FROM range(20000000)\"}".getBytes(StandardCharsets.UTF_8));
    private static final Ticket SHORT =
            new Ticket("{\"sql\":\"SELECT 1::BIGINT AS twice\"}".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    @TempDir
    Path other;

    private NpzFlightServer start(BufferAllocator allocator, ServerLimits limits) throws Exception {
        Path tokens = Files.writeString(
                other.resolve("tokens"),
                ServerOptions.Access.tokenLine("ann", "write", "a", null) + "\n"
                        + ServerOptions.Access.tokenLine("bob", "write", "b", null) + "\n");
        return NpzFlightServer.start(
                allocator,
                directory,
                ServerOptions.defaults()
                        .withLimits(limits)
                        .withSql(256 << 20)
                        .withAccess(ServerOptions.Access.open().withTokens(tokens)));
    }

    @Test
    void leaveOthersTheirShareOfStreamsAndQueries(BufferAllocator allocator) throws Exception {
        ServerLimits limits = ServerLimits.defaults().withCallers(1, 1, 2);
        CallOption ann = token("a");
        try (NpzFlightServer server = start(allocator, limits);
                FlightClient client = client(server, allocator)) {
            try (FlightStream running = client.getStream(QUERY, ann)) {
                assertThat(running.next()).isTrue();
                fails(FlightStatusCode.UNAVAILABLE, () -> read(client, SHORT, ann));
                assertThat(read(client, SHORT, token("b"))[1]).isEqualTo(1);
                running.cancel("enough", null);
            }
            org.arrownpz.testing.Await.until(() -> answers(client, ann), () -> "the share is not given back");
        }
    }

    private static boolean answers(FlightClient client, CallOption caller) {
        try {
            return read(client, SHORT, caller)[1] == 1;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void boundTheBytesOfPutsThatRun(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = start(allocator, ServerLimits.defaults().withCallerBytes(20_000));
                FlightClient client = client(server, allocator)) {
            for (int i = 0; i < 3; i++) {
                // One after the other they are no more than one.
                put(client, FlightDescriptor.path("a" + i), 100, allocator, token("a"));
            }
            assertThatThrownBy(() -> put(client, FlightDescriptor.path("b"), 10_000, allocator, token("a")))
                    .hasMessageContaining("LIMIT: this server allows one caller 20000 bytes of puts that run");
        }
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("a0.npz", "a1.npz", "a2.npz");
    }

    @Test
    void countAPutAsAStream(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server =
                        start(allocator, ServerLimits.defaults().withCallers(1, Integer.MAX_VALUE, Integer.MAX_VALUE));
                FlightClient client = client(server, allocator)) {
            try (FlightStream running = client.getStream(QUERY, token("a"))) {
                assertThat(running.next()).isTrue();
                fails(
                        FlightStatusCode.UNAVAILABLE,
                        () -> put(client, FlightDescriptor.path("a"), 1, allocator, token("a")));
                put(client, FlightDescriptor.path("b"), 1, allocator, token("b"));
                running.cancel("enough", null);
            }
        }
    }

    @Test
    void boundTheFilesAndTheirBytes(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        CallOption ann = token("a");
        ServerLimits limits = ServerLimits.defaults().withPuts(100_000, 2);
        try (NpzFlightServer server = start(allocator, limits);
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.RESOURCE_EXHAUSTED,
                    () -> put(client, FlightDescriptor.path("b"), 10_000, allocator, ann));
            put(client, FlightDescriptor.path("b"), 5, allocator, ann);
            fails(
                    FlightStatusCode.RESOURCE_EXHAUSTED,
                    () -> put(client, FlightDescriptor.path("c"), 1, allocator, ann));
            FlightDescriptor again = FlightDescriptor.command(
                    "{\"v\":1,\"name\":\"b\",\"overwrite\":true}".getBytes(StandardCharsets.UTF_8));
            put(client, again, 9, allocator, ann);
        }
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("a.npz", "b.npz");
    }

    @Test
    void endAPutThatGrowsBeyondThem(BufferAllocator allocator) throws Exception {
        ServerLimits limits = ServerLimits.defaults().withPuts(1_000, 10);
        try (NpzFlightServer server = start(allocator, limits);
                FlightClient client = client(server, allocator)) {
            assertThatThrownBy(() -> put(client, FlightDescriptor.path("b"), 200_000, allocator, token("a")))
                    .hasMessageContaining("LIMIT: with this put the files have more bytes");
        }
        assertThat(directory).isEmptyDirectory();
    }
}
