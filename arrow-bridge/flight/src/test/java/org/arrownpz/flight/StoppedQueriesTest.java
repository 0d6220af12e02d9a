package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.ENDLESS_DESCRIPTION;
import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Statements that run, and that wait for a place, when the server stops. */
@ExtendWith(LeakCheck.class)
class StoppedQueriesTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    @DisplayName("B13: a server that stops ends its statements, and those that wait, and holds nothing then")
    void endsThoseThatRunAndThoseThatWait(BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults()
                .withSql(256 << 20)
                .withLimits(ServerLimits.defaults().withQueries(1, 256 << 20))
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE);
                NpzFlightServer server = NpzFlightServer.start(own, directory, options);
                FlightSqlClient client = new FlightSqlClient(client(server, allocator))) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(CompletableFuture.runAsync(
                        () -> client.prepare(ENDLESS_DESCRIPTION), call -> new Thread(call).start()));
            }
            Gauges.await(server, "arrownpz_queries 1", "arrownpz_calls_running 3");
            server.shutdown(Duration.ZERO);
            assertThat(server.isTerminated()).isTrue();
            assertThat(own.getAllocatedMemory()).isZero();
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::join).isNotNull());
        }
    }
}
