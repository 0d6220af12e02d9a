package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.PutCommand;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every request to the allocator of a server is refused in turn while a client lists, gets and puts. */
@ExtendWith(LeakCheck.class)
class FlightAllocationFaultsTest {
    private static final int ROWS = 20;
    private static final CallOption PATIENCE = CallOptions.timeout(120, TimeUnit.SECONDS);

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writesSample() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Roots table = Roots.mixed(allocator, ROWS);
                Frame frame = Frame.of(table.root(), table.dictionaries())) {
            Frames.write(
                    frame, directory.resolve("a.npz"), WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
        }
    }

    private static void get(FlightClient client) throws Exception {
        assertThat(client.getInfo(FlightDescriptor.path("a"), PATIENCE).getRecords())
                .isEqualTo(ROWS);
        try (FlightStream stream = client.getStream(NpzTicket.of("a").toTicket(), PATIENCE)) {
            long rows = 0;
            while (stream.next()) {
                rows += stream.getRoot().getRowCount();
            }
            assertThat(rows).isEqualTo(ROWS);
        }
    }

    private static void put(FlightClient client, Frame frame) throws NpzException {
        FlightClient.ClientStreamListener put = client.startPut(
                new PutCommand("put", true).toDescriptor(),
                frame.interchangeRoot(),
                frame.dictionaries(),
                new AsyncPutListener(),
                PATIENCE);
        put.putNext();
        put.completed();
        put.getResult();
    }

    private static void serve(Refusals refusals, boolean puts) throws Exception {
        Path target = directory.resolve("put.npz");
        byte[] old = {1, 2, 3};
        Files.write(target, old);
        boolean done = false;
        try (BufferAllocator allocator = new RootAllocator();
                NpzFlightServer server =
                        NpzFlightServer.start(refusals.allocator(), directory, ServerOptions.defaults())) {
            Location location = Location.forGrpcInsecure("localhost", server.port());
            try (FlightClient client = FlightClient.builder(allocator, location).build();
                    Frame frame = Frames.open(allocator, directory.resolve("a.npz"))) {
                refusals.begin();
                if (puts) {
                    put(client, frame);
                } else {
                    get(client);
                }
                done = true;
                refusals.end();
                // Whatever was refused, the server goes on.
                get(client);
            } catch (FlightRuntimeException e) {
                refusals.end();
                try (FlightClient client =
                        FlightClient.builder(allocator, location).build()) {
                    get(client);
                }
                throw e;
            }
        }
        if (puts && (done || Files.size(target) != old.length)) {
            // The answer may be what was refused; the file is old or new all the same.
            try (BufferAllocator allocator = new RootAllocator();
                    Frame frame = Frames.open(allocator, target)) {
                assertThat(frame.rowCount()).isEqualTo(ROWS);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(directory.resolve("a.npz"), target);
        }
    }

    @Test
    void aRefusedGetFailsAndTheServerGoesOn() throws Exception {
        long requests =
                Refusals.eachOrWithout(FlightRuntimeException.class::isInstance, refusals -> serve(refusals, false));

        assertThat(requests).isPositive();
    }

    @Test
    void aRefusedPutLeavesTheOldFileAndTheServerGoesOn() throws Exception {
        long requests =
                Refusals.eachOrWithout(FlightRuntimeException.class::isInstance, refusals -> serve(refusals, true));

        assertThat(requests).isPositive();
    }
}
