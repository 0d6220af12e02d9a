package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-npz-flight} alone: a directory is served, without SQL. */
class FlightTest {
    @Test
    void servesADirectory(@TempDir Path directory) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build()) {
            assertFalse(client.listFlights(Criteria.ALL).iterator().hasNext());
        }
    }

    @Test
    void namesTheArtifactOfSql(@TempDir Path directory) {
        try (BufferAllocator allocator = new RootAllocator()) {
            ServerOptions options = ServerOptions.defaults().withSql(1 << 20);
            IllegalStateException missing = assertThrows(
                    IllegalStateException.class,
                    () -> NpzFlightServer.start(allocator, directory, options).close());
            assertTrue(missing.getMessage().contains("org.arrownpz:arrow-npz-sql"), missing.getMessage());
        }
    }

    @Test
    void bringsWhatTheReadmeSays() throws Exception {
        Carried.requireReadme("arrow-npz-flight");
    }
}
