package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.names;
import static org.arrownpz.flight.FlightCalls.put;
import static org.arrownpz.flight.FlightCalls.read;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused: names outside the directory, tickets that are none, puts, calls without the token. */
@ExtendWith(LeakCheck.class)
class FlightAccessTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "..",
                ".",
                "",
                "/etc/passwd",
                "a/b",
                "a\\b",
                ".hidden",
                "link",
                "none",
                "a\u0000b",
                "c:x",
            })
    void neverLeavesTheDirectory(String name, BufferAllocator allocator) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("data"));
        write(directory.resolve("secret.npz"), 3, allocator);
        write(directory.resolve(".hidden.npz"), 3, allocator);
        Files.createSymbolicLink(outside.resolve("link.npz"), directory.resolve("secret.npz"));
        try (NpzFlightServer server = NpzFlightServer.start(allocator, outside, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.NOT_FOUND,
                    () -> read(client, NpzTicket.of(name).toTicket()));
            fails(FlightStatusCode.NOT_FOUND, () -> client.getInfo(FlightDescriptor.path(name)));
            assertThat(names(client, Criteria.ALL)).isEmpty();
            if (!List.of("link", "none").contains(name)) {
                fails(FlightStatusCode.INVALID_ARGUMENT, () -> put(client, FlightDescriptor.path(name), 3, allocator));
            }
        }
        assertThat(outside.toFile().list()).containsExactly("link.npz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "[]",
                "{\"v\":2,\"name\":\"a\"}",
                "{\"v\":1}",
                "{\"v\":1,\"name\":\"a\",\"x\":1}",
                "{\"v\":1,\"name\":\"a\",\"offset\":-1}",
                "{\"v\":1,\"name\":\"a\",\"limit\":1.5}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[1]}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[\"b\"]}",
                "{\"v\":1,\"name\":\"a\",\"columns\":[\"key\",\"key\"]}",
                "{\"v\":1,\"name\":\"a\"} {}",
            })
    void refusesTicketsThatAreNoTickets(String json, BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 3, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            fails(
                    FlightStatusCode.INVALID_ARGUMENT,
                    () -> read(client, new Ticket(json.getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Test
    void takesNoPutsWhenReadOnlyAndNoMessagesThatAreTooLong(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().readOnly());
                FlightClient client = client(server, allocator)) {
            fails(FlightStatusCode.UNAUTHORIZED, () -> put(client, FlightDescriptor.path("a"), 10, allocator));
        }
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withMaxMessageBytes(10_000));
                FlightClient client = client(server, allocator)) {
            assertThatThrownBy(() -> put(client, FlightDescriptor.path("a"), 10_000, allocator))
                    .isInstanceOf(FlightRuntimeException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void asksForTheToken(BufferAllocator allocator) throws Exception {
        write(directory.resolve("a.npz"), 5, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(
                        allocator, directory, ServerOptions.defaults().withToken("s3cret"));
                FlightClient client = client(server, allocator)) {
            Ticket ticket = NpzTicket.of("a").toTicket();
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, ticket));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> read(client, ticket, token("s3cre")));
            fails(FlightStatusCode.UNAUTHENTICATED, () -> client.getInfo(FlightDescriptor.path("a"), token("x")));
            assertThat(read(client, ticket, token("s3cret"))[0]).isEqualTo(5);
        }
    }
}
