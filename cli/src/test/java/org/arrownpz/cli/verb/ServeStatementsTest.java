package org.arrownpz.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.SqlQuery;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Statements by SQL that the command serves. */
class ServeStatementsTest extends ServeProcess {
    @Test
    void servesUntilToldToStopAndFinishesWhatRuns() throws Exception {
        int rows = 4_000_000;
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", rows, allocator);
            Files.writeString(
                    directory.resolve(
                            ".b.00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000.npz"),
                    "left over");
            try (Server server = start("--sql")) {
                String location = server.line();
                assertThat(location).startsWith("grpc://localhost:");
                try (FlightClient client = client(location, allocator)) {
                    assertThat(client.listFlights(Criteria.ALL))
                            .extracting(info -> info.getDescriptor().getPath())
                            .containsExactly(List.of("a"));
                    try (FlightStream answer = client.getStream(new SqlQuery("SELECT max(key) FROM a").toTicket())) {
                        assertThat(answer.next()).isTrue();
                        assertThat(answer.getRoot().getVector(0).getObject(0)).isEqualTo(rows - 1L);
                    }
                    try (FlightStream running =
                            client.getStream(NpzTicket.of("a").toTicket())) {
                        assertThat(running.next()).isTrue();
                        long first = sumOfBatch(running);
                        server.terminate();
                        assertThat(first + sum(running)).isEqualTo(rows * (rows - 1L) / 2);
                    }
                }
                assertThat(server.exitCode()).isZero();
                assertThat(Files.readString(server.err())).isEmpty();
                assertThat(server.line()).isNull();
            }
        }
        assertThat(files(directory)).containsExactly("a.npz");
        assertThat(files(other.resolve("tmp"))).isEmpty();
    }

    @Test
    void takesFlagsFromAFileWhereTheCommandLineHasNone() throws Exception {
        Path config = Files.writeString(
                other.resolve("serve.properties"),
                "# as flags\nport = 70000\nsql = true\nread-only=false\nquery-rows: 2\nhost = localhost\n");
        try (BufferAllocator allocator = new RootAllocator()) {
            file("a.npz", 3, allocator);
            try (Server server = start("--config", config.toString());
                    FlightClient client = client(server.line(), allocator)) {
                try (FlightStream answer = client.getStream(new SqlQuery("SELECT key FROM a LIMIT 2").toTicket())) {
                    assertThat(sum(answer)).isEqualTo(1);
                }
                assertThatThrownBy(() -> {
                            try (FlightStream answer = client.getStream(new SqlQuery("SELECT key FROM a").toTicket())) {
                                sum(answer);
                            }
                        })
                        .isInstanceOfSatisfying(
                                FlightRuntimeException.class,
                                e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED));
                server.terminate();
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    @Test
    @DisplayName("B13: SIGTERM ends statements that run, and the command as it should")
    void endsCleanlyWhileStatementsRun() throws Exception {
        SqlQuery endless = new SqlQuery(
                "SELECT count(*) FROM range(100000000000) a, range(1000000) b" + " WHERE a.range + b.range = -1");
        try (BufferAllocator allocator = new RootAllocator();
                Server server = start("--sql", "--queries", "1", "--grace", "0", "--metrics", "0");
                FlightClient client = client(server.line(), allocator)) {
            // One runs, one waits for its place: neither can end by itself.
            List<FlightInfo> infos =
                    List.of(client.getInfo(endless.toDescriptor()), client.getInfo(endless.toDescriptor()));
            List<CompletableFuture<?>> calls = infos.stream()
                    .map(info -> CompletableFuture.runAsync(
                            () -> {
                                try (FlightStream rows = client.getStream(
                                        info.getEndpoints().get(0).getTicket())) {
                                    rows.next();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            // The common pool has one thread on two cores.
                            call -> new Thread(call).start()))
                    .<CompletableFuture<?>>map(call -> call)
                    .toList();
            String told = "";
            while (!told.contains("arrownpz_calls_running 2") || !told.contains("arrownpz_queries 1")) {
                told = metrics(server);
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(Files.readString(server.err())).hasLineCount(1).startsWith("arrow-npz: metrics are at ");
            assertThat(calls)
                    .allMatch(call ->
                            call.handle((none, failure) -> failure != null).join());
        }
    }
}
