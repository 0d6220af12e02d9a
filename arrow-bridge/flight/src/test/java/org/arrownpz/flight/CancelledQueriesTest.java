package org.arrownpz.flight;

import static java.util.stream.Collectors.joining;
import static org.arrownpz.flight.FlightCalls.client;
import static org.arrownpz.flight.FlightCalls.fails;
import static org.arrownpz.flight.FlightCalls.token;
import static org.arrownpz.flight.FlightCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.CancelResult;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Queries that run, in the one place that there is, and are ended by whoever asked for them. */
@ExtendWith(LeakCheck.class)
class CancelledQueriesTest {
    private static final CallOption ANN = token("aaaa");
    private static final CallOption BOB = token("bbbb");
    /** 10^20 rows, where the table has ten. */
    private static final String CROSS =
            IntStream.range(0, 20).mapToObj(i -> "prices t" + i).collect(joining(", "));
    /** Runs for ever; its schema, which is found without the rows of tables, takes no time. */
    private static final String ENDLESS = "SELECT count(*) FROM " + CROSS;
    /** The same with 80 MB of DuckDB's memory. */
    private static final String LARGE =
            "WITH m AS MATERIALIZED (SELECT range r FROM range(10000000))" + " SELECT count(m.r) FROM m, " + CROSS;

    private static final int ROUNDS = 12;
    /** Far less than that many large queries hold. */
    private static final long MOST_BYTES = 500L << 20;

    private static BufferAllocator own;
    private static NpzFlightServer server;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path other) throws Exception {
        own = new RootAllocator();
        write(directory.resolve("prices.npz"), 10, own);
        Path tokens = Files.writeString(other.resolve("tokens"), "ann read aaaa\nbob read bbbb\n");
        server = NpzFlightServer.start(
                own,
                directory,
                ServerOptions.defaults()
                        .withLimits(ServerLimits.defaults()
                                .withQueries(1, 512 << 20)
                                .withStall(Duration.ofHours(1))
                                .withResults(1000, 1 << 20, Duration.ofHours(1)))
                        .withSql(512 << 20)
                        .withAccess(ServerOptions.Access.open().withTokens(tokens))
                        .withWatch(ServerOptions.Watch.none().withMetrics(0)));
    }

    @AfterAll
    static void end() {
        server.close();
        own.close();
    }

    private static Ticket ticket(FlightInfo info) {
        return info.getEndpoints().get(0).getTicket();
    }

    /** Asks for the result of a query, and waits until it runs. */
    private static FlightStream run(FlightSqlClient client, FlightInfo info) throws Exception {
        FlightStream stream = client.getStream(ticket(info), ANN);
        Gauges.await(server, "arrownpz_queries 1", "arrownpz_streams 1");
        return stream;
    }

    /** The place is free, nothing is held, and the next query is answered. */
    private static void goesOn(FlightSqlClient client) throws Exception {
        Gauges.await(server, "arrownpz_queries 0", "arrownpz_streams 0", "arrownpz_allocated_bytes 0");
        FlightInfo info = client.execute("SELECT twice FROM prices", ANN);
        try (FlightStream stream = client.getStream(ticket(info), ANN)) {
            assertThat(stream.next()).isTrue();
            assertThat(stream.getRoot().getRowCount()).isEqualTo(10);
        }
    }

    @Test
    void endByCancelFlightInfo(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            FlightInfo info = client.execute(ENDLESS, ANN);
            try (FlightStream stream = run(client, info)) {
                assertThat(client.cancelFlightInfo(new CancelFlightInfoRequest(info), ANN)
                                .getStatus())
                        .isEqualTo(CancelStatus.CANCELLED);
                fails(FlightStatusCode.CANCELLED, stream::next);
            }
            goesOn(client);
            assertThat(client.cancelFlightInfo(new CancelFlightInfoRequest(info), ANN)
                            .getStatus())
                    .isEqualTo(CancelStatus.NOT_CANCELLABLE);
        }
    }

    @Test
    @SuppressWarnings("deprecation") // Drivers that are older than CancelFlightInfo send it.
    void endByCancelQuery(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            FlightInfo info = client.execute(ENDLESS, ANN);
            try (FlightStream stream = run(client, info)) {
                assertThat(client.cancelQuery(info, ANN)).isEqualTo(CancelResult.CANCELLED);
                fails(FlightStatusCode.CANCELLED, stream::next);
            }
            goesOn(client);
            assertThat(client.cancelQuery(info, ANN)).isEqualTo(CancelResult.NOT_CANCELLABLE);
        }
    }

    @Test
    void goOnWhenAnotherCallerCancelsThem(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            FlightInfo info = client.execute(ENDLESS, ANN);
            try (FlightStream stream = run(client, info)) {
                fails(
                        FlightStatusCode.INVALID_ARGUMENT,
                        () -> client.cancelFlightInfo(new CancelFlightInfoRequest(info), BOB));
                Gauges.await(server, "arrownpz_queries 1", "arrownpz_streams 1");
                client.cancelFlightInfo(new CancelFlightInfoRequest(info), ANN);
                fails(FlightStatusCode.CANCELLED, stream::next);
            }
            goesOn(client);
        }
    }

    @Test
    void endWithTheStreamOfTheirClient(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            try (FlightStream stream = run(client, client.execute(ENDLESS, ANN))) {
                stream.cancel("enough", null);
            }
            goesOn(client);
        }
    }

    @Test
    void endWhenNobodyWaitsForTheirSchemaAnyMore(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            fails(
                    FlightStatusCode.TIMED_OUT,
                    () -> client.execute(
                            FlightCalls.ENDLESS_DESCRIPTION, ANN, CallOptions.timeout(500, TimeUnit.MILLISECONDS)));
            goesOn(client);
        }
    }

    /** What the process has in memory; 0 where the system does not tell. */
    private static long residentBytes() throws IOException {
        Path file = Path.of("/proc/self/status");
        if (!Files.exists(file)) {
            return 0;
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    /** What the process holds besides, its heap above all, is the first rounds' to take. */
    @Test
    @Tag("soak")
    void giveTheirMemoryBack(BufferAllocator allocator) throws Exception {
        try (FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            cancelLargeOnes(client);
            long before = residentBytes();
            cancelLargeOnes(client);
            goesOn(client);
            assertThat(residentBytes() - before).isLessThan(MOST_BYTES);
        }
    }

    private static void cancelLargeOnes(FlightSqlClient client) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            FlightInfo info = client.execute(LARGE, ANN);
            try (FlightStream stream = run(client, info)) {
                // Long enough for it to hold most of its memory, on a machine that is not too busy.
                TimeUnit.MILLISECONDS.sleep(150);
                client.cancelFlightInfo(new CancelFlightInfoRequest(info), ANN);
                // Where the one before is still ending, the memory of queries may not do for both.
                assertThatThrownBy(stream::next)
                        .isInstanceOfSatisfying(
                                FlightRuntimeException.class,
                                ended -> assertThat(ended.status().code())
                                        .isIn(FlightStatusCode.CANCELLED, FlightStatusCode.RESOURCE_EXHAUSTED));
            }
        }
    }
}
