package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.root;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Names, tokens and rights from a file, by bearer token and by user and password. */
@ExtendWith(LeakCheck.class)
class LoginTest {
    private static final Ticket TICKET = NpzTicket.of("a").toTicket();

    @TempDir
    Path directory;

    @TempDir
    Path secrets;

    private ServerOptions options(String... lines) throws Exception {
        return ServerOptions.defaults().withAccess(ServerOptions.Access.open().withTokens(tokens(lines)));
    }

    private Path tokens(String... lines) throws Exception {
        return Files.write(secrets.resolve("tokens"), java.util.List.of(lines));
    }

    @Test
    void letsInByNameAndRight(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, options("# who", "ann read aaaa", "", "bob  write\tbbbb"));
                FlightClient client = client(server, allocator);
                VectorSchemaRoot root = root(3, allocator)) {
            assertThat(read(client, TICKET, token("aaaa"))[0]).isEqualTo(5);
            assertThat(read(client, TICKET, token("bbbb"))[0]).isEqualTo(5);
            for (String wrong : new String[] {"aaa", "aaaaa", "cccc", "ann", ""}) {
                fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, TICKET, token(wrong)));
            }
            fails(
                    FlightStatusCode.UNAUTHORIZED,
                    () -> client.startPut(FlightDescriptor.path("b"), root, new AsyncPutListener(), token("aaaa"))
                            .getResult());
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("b"), root, new AsyncPutListener(), token("bbbb"));
            put.putNext();
            put.completed();
            put.getResult();
        }
    }

    @Test
    void readsTheFileAgainWhenItChanges(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options("ann read aaaa"));
                FlightClient client = client(server, allocator)) {
            CredentialCallOption login =
                    client.authenticateBasicToken("ann", "aaaa").orElseThrow();
            assertThat(read(client, TICKET, login)[0]).isEqualTo(5);
            tokens("ann read other-token", "eve read eeee");
            assertThat(read(client, TICKET, token("eeee"))[0]).isEqualTo(5);
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, TICKET, token("aaaa")));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, TICKET, login));
            tokens("what is this");
            assertThat(read(client, TICKET, token("eeee"))[0]).isEqualTo(5);
        }
    }

    @Test
    void givesLoginsThatAreGoodAtAllServersOfTheTokens(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        ServerOptions options = options("ann read aaaa");
        try (NpzFlightServer one = NpzFlightServer.start(allocator, directory, options);
                NpzFlightServer two = NpzFlightServer.start(allocator, directory, options);
                FlightClient first = client(one, allocator);
                FlightClient second = client(two, allocator)) {
            CredentialCallOption login =
                    first.authenticateBasicToken("ann", "aaaa").orElseThrow();
            assertThat(read(second, TICKET, login)[0]).isEqualTo(5);
            fails(FlightStatusCode.UNAUTHENTICATED, () -> first.authenticateBasicToken("ann", "bbbb"));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> first.authenticateBasicToken("bob", "aaaa"));
        }
    }

    @Test
    void slowsDownTooManyWrongTokensAndNoRightOnes(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options("ann read aaaa"));
                FlightClient client = client(server, allocator)) {
            for (int i = 0; i < 12; i++) {
                fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, TICKET, token("wrong")));
            }
            long start = System.nanoTime();
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, TICKET, token("wrong")));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
            // On a busy machine any call may be held up; all of them only where they are slowed down.
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                start = System.nanoTime();
                assertThat(read(client, TICKET, token("aaaa"))[0]).isEqualTo(5);
                least = Math.min(least, System.nanoTime() - start);
            }
            assertThat(Duration.ofNanos(least)).isLessThan(Duration.ofMillis(500));
        }
    }

    @Test
    void refusesFilesThatAreNoTokensOrNoKeys(BufferAllocator allocator) throws Exception {
        for (String line : new String[] {"ann aaaa", "ann all aaaa", "a:b read aaaa", "ann read aaaa bbbb"}) {
            assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, options(line)))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("line 1")
                    .hasMessageNotContaining("aaaa");
        }
        assertThatThrownBy(() -> NpzFlightServer.start(allocator, directory, options("a read x", "a read y")))
                .isInstanceOf(NpzException.class);
        Path key = Files.write(secrets.resolve("key"), new byte[31]);
        assertThatThrownBy(() -> NpzFlightServer.start(
                        allocator,
                        directory,
                        ServerOptions.defaults()
                                .withAccess(ServerOptions.Access.open().withTicketKey(key))))
                .isInstanceOf(NpzException.class);
    }
}
