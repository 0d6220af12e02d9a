package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that vanish: no word comes from them, and none that their connection has ended. */
@ExtendWith(LeakCheck.class)
class KeepaliveTest {
    /** gRPC tries no connection more often. An answer comes sooner, also on a busy machine. */
    private static final FlightService.Keepalive SHORT =
            new FlightService.Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(2));

    @TempDir
    Path directory;

    /** Nothing but the missing answers ends their calls: they may stall for an hour. */
    private NpzFlightServer start(BufferAllocator own, BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = LoadCalls.root(allocator, 3_000_000, -1)) {
            Frames.write(root, directory.resolve("long.npz"), WriteOptions.defaults());
        }
        ServerLimits limits = ServerLimits.defaults()
                .withCalls(3, 3)
                .withStall(Duration.ofHours(1))
                .withBatchBytes(64 << 10);
        ServerOptions options = ServerOptions.defaults()
                .withLimits(limits.withQueries(1, 256 << 20).withResults(1000, 1 << 20, Duration.ofHours(1)))
                .withSql(256 << 20)
                .withWatch(ServerOptions.Watch.none().withMetrics(0));
        return NpzFlightServer.start(own, directory, options, SHORT);
    }

    private static Flight.Ticket message(Ticket ticket) {
        return Flight.Ticket.newBuilder()
                .setTicket(ByteString.copyFrom(ticket.getBytes()))
                .build();
    }

    /** The first message of a put. */
    private static Flight.FlightData put() {
        Schema schema = new Schema(List.of(Field.nullable("key", new ArrowType.Int(64, true))));
        return Flight.FlightData.newBuilder()
                .setFlightDescriptor(Flight.FlightDescriptor.newBuilder()
                        .setType(Flight.FlightDescriptor.DescriptorType.PATH)
                        .addPath("new"))
                .setDataHeader(ByteString.copyFrom(MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT)))
                .build();
    }

    private static final String[] HELD = {
        "arrownpz_streams 2", "arrownpz_open_frames 1", "arrownpz_queries 1", "arrownpz_puts 1"
    };

    /** Holds a stream, a query's place and a put. */
    private static void hold(BareClient client) throws Exception {
        client.call("DoGet", message(NpzTicket.of("long").toTicket()), true);
        client.call("DoGet", message(new SqlQuery(FlightCalls.ENDLESS_QUERY).toTicket()), true);
        client.call("DoPut", put(), false);
    }

    private static void awaitNothingHeld(NpzFlightServer server) throws Exception {
        Gauges.await(
                server,
                "arrownpz_streams 0",
                "arrownpz_open_frames 0",
                "arrownpz_queries 0",
                "arrownpz_puts 0",
                "arrownpz_calls_running 0",
                "arrownpz_allocated_bytes 0");
    }

    @Test
    @Tag("nightly")
    void losesTheCallsOfAClientThatHasVanished(BufferAllocator allocator) throws Exception {
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE);
                NpzFlightServer server = start(own, allocator);
                BareClient bare = new BareClient(server.port())) {
            hold(bare);
            Gauges.await(server, HELD);
            bare.vanish();
            awaitNothingHeld(server);
            try (FlightClient client = client(server, allocator);
                    FlightStream rows = client.getStream(new SqlQuery("SELECT count(*) FROM long").toTicket())) {
                assertThat(rows.next()).isTrue();
            }
        }
        assertThat(directory.toFile().list()).containsExactly("long.npz");
    }

    @Test
    void losesTheCallsOfAClientThatCloses(BufferAllocator allocator) throws Exception {
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE);
                NpzFlightServer server = start(own, allocator);
                BareClient bare = new BareClient(server.port())) {
            hold(bare);
            Gauges.await(server, HELD);
            bare.close();
            awaitNothingHeld(server);
        }
        assertThat(directory.toFile().list()).containsExactly("long.npz");
    }

    @Test
    @Tag("soak")
    void keepsTheCallsOfAClientThatAnswers(BufferAllocator allocator) throws Exception {
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE);
                NpzFlightServer server = start(own, allocator);
                BareClient bare = new BareClient(server.port())) {
            hold(bare);
            bare.awaitAnswers(3);
            Gauges.await(server, HELD);
        }
    }
}
