package org.arrownpz.flight;

import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.internal.memory.Rollback;

/** What {@link NpzFlightServer} stands in front of: everything that needs Flight's classes to be there. */
record FlightService(FlightServer server, NpzProducer producer, ThreadPoolExecutor streams) {
    private static final int MAX_STREAMS = 256;
    /** What may wait for a slow client. Flight's own limit is 10 MiB of however small batches. */
    private static final int QUEUED_BATCHES = 2;

    private static final int LEAST_QUEUED_BYTES = 64 << 10;
    private static final int MOST_QUEUED_BYTES = 10 << 20;
    private static final long IDLE_SECONDS = 30;
    private static final long STOP_SECONDS = 10;
    private static final long POLL_MILLIS = 5;

    static FlightService start(BufferAllocator allocator, Path directory, ServerOptions options) throws IOException {
        ServedDirectory served = new ServedDirectory(directory);
        if (options.writable()) {
            PutReceiver.sweep(served.directory());
        }
        boolean tls = options.certificate() != null;
        Location address = tls
                ? Location.forGrpcTls(options.host(), options.port())
                : Location.forGrpcInsecure(options.host(), options.port());
        ThreadPoolExecutor streams = executor();
        NpzProducer producer = new NpzProducer(served, allocator, options, streams);
        try (Rollback undo = Rollback.of(streams::shutdownNow)) {
            FlightServer.Builder builder = FlightServer.builder(allocator, address, producer)
                    .backpressureThreshold(queuedBytes(options.batchBytes()))
                    .maxInboundMessageSize(options.maxMessageBytes())
                    .transportHint("grpc.builderConsumer", (Consumer<ServerBuilder<?>>)
                            grpc -> grpc.intercept(PutMessages.interceptor()));
            if (options.token() != null) {
                builder.headerAuthenticator(new BearerToken(options.token()));
            }
            FlightServer server = build(builder, options);
            listen(server);
            return undo.commit(new FlightService(server, producer, streams));
        }
    }

    /** In words of ours: gRPC and Netty name their classes. */
    private static void listen(FlightServer server) throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("the address is in use, or none of this machine", e);
        }
    }

    /** Opens certificate and key itself: the builder closes them only where it takes them. */
    private static FlightServer build(FlightServer.Builder builder, ServerOptions options) throws IOException {
        if (options.certificate() == null || options.key() == null) {
            return builder.build();
        }
        try (InputStream certificate = Files.newInputStream(options.certificate());
                InputStream key = Files.newInputStream(options.key())) {
            return builder.useTls(certificate, key).build();
        } catch (IllegalArgumentException e) {
            throw new IOException("the certificate or the key is none, or they do not belong together", e);
        }
    }

    private static int queuedBytes(int batchBytes) {
        return Math.max(LEAST_QUEUED_BYTES, (int) Math.min((long) QUEUED_BATCHES * batchBytes, MOST_QUEUED_BYTES));
    }

    /** A thread for each stream, up to a bound: one that waits for its client must not keep others waiting. */
    private static ThreadPoolExecutor executor() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, MAX_STREAMS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "arrow-npz-flight-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    int port() {
        return server.getPort();
    }

    void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /**
     * Stops listening, lets what runs go on for so long, ends it then at its next batch, and waits until nothing is left
     * of it.
     */
    void stop(Duration grace) {
        server.shutdown();
        streams.shutdown();
        try {
            long end = System.nanoTime() + grace.toNanos();
            while (System.nanoTime() < end && (!streams.isTerminated() || producer.puts() > 0)) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            producer.stop();
            streams.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            server.close();
            end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
            while (System.nanoTime() < end && producer.puts() > 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
