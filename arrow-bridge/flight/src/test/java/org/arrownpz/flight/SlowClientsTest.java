package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for a file and then read nothing of it. */
@ExtendWith(LeakCheck.class)
class SlowClientsTest {
    private static final int CLIENTS = 6;
    private static final int BATCH_BYTES = 64 << 10;
    /** More than what connections buffer: 24 MB in some 370 batches. */
    private static final int ROWS = 3_000_000;

    /** What the server may hold for a client that does not read: a few batches, and a bit for each row of the file. */
    private static final long MOST_BYTES = 64 * BATCH_BYTES;

    @TempDir
    Path directory;

    /** Threads of the server that wait for their client. */
    private static long waiting() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals("waitForListener")))
                .count();
    }

    private static void untilWaiting(int threads) {
        Await.until(() -> waiting() == threads, () -> waiting() + " threads wait");
    }

    private static FlightStream stream(FlightClient client) {
        return client.getStream(NpzTicket.of("long").toTicket());
    }

    private static void readAll(FlightStream stream) {
        int rows = 0;
        while (stream.next()) {
            BigIntVector key = (BigIntVector) stream.getRoot().getVector("key");
            for (int i = 0; i < key.getValueCount(); i++, rows++) {
                if (key.get(i) != rows) {
                    throw new AssertionError("row " + rows + " holds " + key.get(i));
                }
            }
        }
        assertThat(rows).isEqualTo(ROWS);
    }

    private static void cancel(FlightStream stream) {
        stream.cancel("enough", null);
        try {
            while (stream.next()) {
                // What had been sent.
            }
        } catch (FlightRuntimeException e) {
            assertThat(e.status().code()).isEqualTo(FlightStatusCode.CANCELLED);
        }
    }

    @Test
    void holdFewBatchesEachAndKeepNobodyWaiting(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = LoadCalls.root(allocator, ROWS, -1)) {
            Frames.write(root, directory.resolve("long.npz"), WriteOptions.defaults());
        }
        try (BufferAllocator own = allocator.newChildAllocator("server", 0, Long.MAX_VALUE)) {
            try (NpzFlightServer server = NpzFlightServer.start(
                    own, directory, ServerOptions.defaults().withBatchBytes(BATCH_BYTES))) {
                List<AutoCloseable> open = new ArrayList<>();
                List<FlightStream> slow = new ArrayList<>();
                try {
                    for (int i = 0; i < CLIENTS; i++) {
                        FlightClient client = client(server, allocator);
                        open.add(0, client);
                        slow.add(stream(client));
                        open.add(0, slow.get(i));
                    }
                    untilWaiting(CLIENTS);
                    goOn(server, allocator);
                    untilWaiting(CLIENTS);
                    assertThat(own.getPeakMemoryAllocation()).isLessThan((CLIENTS + 1) * MOST_BYTES);

                    slow.subList(0, CLIENTS / 2).forEach(SlowClientsTest::cancel);
                    untilWaiting(CLIENTS - CLIENTS / 2);
                    slow.subList(CLIENTS / 2, CLIENTS).forEach(SlowClientsTest::readAll);
                    untilWaiting(0);
                } finally {
                    for (AutoCloseable one : open) {
                        one.close();
                    }
                }
            }
            // Netty releases what it was about to send on threads of its own.
            Await.until(() -> own.getAllocatedMemory() == 0, own::toVerboseString);
        }
    }

    /** What others do meanwhile. */
    private void goOn(NpzFlightServer server, BufferAllocator allocator) throws Exception {
        try (FlightClient client = client(server, allocator);
                VectorSchemaRoot root = LoadCalls.root(allocator, 1000, 1)) {
            try (FlightStream stream = stream(client)) {
                readAll(stream);
            }
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("put"), root, new AsyncPutListener());
            put.putNext();
            put.completed();
            put.getResult();
        }
        assertThat(directory.resolve("put.npz")).exists();
    }
}
