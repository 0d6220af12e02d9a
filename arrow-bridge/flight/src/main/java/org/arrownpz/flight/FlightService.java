package org.arrownpz.flight;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.flight.grpc.ServerInterceptorAdapter;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.flight.internal.put.PutLease;
import org.arrownpz.flight.internal.put.PutMessages;
import org.arrownpz.flight.internal.sql.JavaClient;
import org.arrownpz.flight.internal.transport.Calls;
import org.arrownpz.flight.internal.transport.GuardedService;
import org.arrownpz.flight.internal.transport.Replies;
import org.arrownpz.flight.internal.watch.Health;
import org.arrownpz.flight.internal.watch.Watch;
import org.arrownpz.flight.internal.web.WebServer;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * The part behind {@link NpzFlightServer}: everything that needs Flight's classes to be there. Flight's own server
 * is not used: when it stops it takes the threads from the puts that run, and it has no keepalive.
 */
record FlightService(
        Server server,
        NpzProducer producer,
        ThreadPoolExecutor streams,
        ExecutorService calls,
        PutLease lease,
        Health health,
        AccessFiles access,
        Watching watching,
        @Nullable WebServer web,
        @Nullable WebServer metrics) {
    /** The most bytes that may wait for a slow client. Flight's own limit is 10 MiB of however small batches. */
    private static final int QUEUED_BATCHES = 2;

    private static final int LEAST_QUEUED_BYTES = 64 << 10;
    private static final int MOST_QUEUED_BYTES = 10 << 20;
    private static final long IDLE_SECONDS = 30;
    private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(1800);
    /** As long as a sender takes to see that it ends, and a process to be killed. */
    private static final long LISTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1100);

    /** The interval at which clients may try a connection. */
    private static final long CLIENTS_KEEPALIVE_SECONDS = 10;

    private static final int MAX_HEADER_BYTES = 32 << 10;

    /**
     * The search for clients that have vanished: a connection on which nothing comes for a while is tried, and given up
     * with its calls when no answer comes for another.
     */
    record Keepalive(Duration idle, Duration answer) {
        static final Keepalive DEFAULT = new Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    static FlightService start(BufferAllocator allocator, Path directory, ServerOptions options, Keepalive keepalive)
            throws IOException {
        ServedDirectory served = new ServedDirectory(directory);
        if (options.writable()) {
            PutLease.sweep(served.directory());
        }
        AccessFiles access = AccessFiles.read(options.access());
        ThreadPoolExecutor streams = new ThreadPoolExecutor(
                0,
                options.limits().streams(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                threads("arrow-npz-flight-"));
        ExecutorService calls = Executors.newCachedThreadPool(threads("arrow-npz-calls-"));
        PutLease lease = new PutLease(served.directory());
        Watching watching = new Watching();
        Health health = new Health(served::isReadable);
        List<NpzProducer> made = new ArrayList<>();
        try (Rollback undo = Rollback.of(() -> {
            made.forEach(NpzProducer::close);
            streams.shutdownNow();
            calls.shutdownNow();
            close(lease);
            health.close();
            access.close();
            watching.close();
        })) {
            NpzProducer producer = new NpzProducer(served, allocator, options, streams, lease, access.seals());
            made.add(producer);
            List<ServerServiceDefinition> services = List.of(
                    FlightGrpcUtils.createFlightService(allocator, producer, ServerAuthHandler.NO_OP, calls)
                            .bindService(),
                    health.service());
            Watch watch = watching.watch(services, options.watch());
            Server server = build(options, keepalive, services, watch, access, calls);
            watch.gauge("arrownpz.streams", "Streams that run.", streams::getActiveCount);
            watch.gauge("arrownpz.open.frames", "Files that are open to be sent.", producer::frames);
            watch.gauge("arrownpz.puts", "Files that are received.", producer::puts);
            producer.tell(watch);
            watch.gauge("arrownpz.allocated.bytes", "Arrow memory in use.", allocator::getAllocatedMemory);
            watch.gauge(
                    "arrownpz.allocated.peak.bytes",
                    "The most Arrow memory that was in use.",
                    allocator::getPeakMemoryAllocation);
            watch.gauge("arrownpz.free.bytes", "Free space for the directory's files.", served::freeBytes);
            access.tell(watch, producer.shares());
            WebStore store = producer.web(watch::scrape);
            List<WebServer> listening = new ArrayList<>();
            try (Rollback deaf = Rollback.all(listening)) {
                WebServer web = null;
                if (options.httpPort() >= 0) {
                    web = web(options, store, access, watch, streams);
                    listening.add(web);
                    int port = web.port();
                    if (access.certificates() == null) {
                        calls.execute(() -> store.warm(port));
                    }
                }
                WebServer metrics = null;
                if (options.watch().metricsPort() >= 0) {
                    metrics = WebServer.metrics(options.host(), options.watch().metricsPort(), store::metrics);
                    listening.add(metrics);
                }
                listen(server);
                calls.execute(producer::prepare);
                deaf.commit();
                return undo.commit(new FlightService(
                        server, producer, streams, calls, lease, health, access, watching, web, metrics));
            }
        }
    }

    private static Server build(
            ServerOptions options,
            Keepalive keepalive,
            List<ServerServiceDefinition> services,
            Watch watch,
            AccessFiles access,
            ExecutorService calls)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(options.host(), options.port()))
                .executor(calls)
                .addStreamTracerFactory(watch)
                .maxInboundMessageSize(options.limits().maxMessageBytes())
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(options.limits().callsPerConnection())
                .keepAliveTime(keepalive.idle().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(keepalive.answer().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(CLIENTS_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        services.forEach(service -> builder.addService(GuardedService.of(service)));
        // The last one is called first.
        builder.intercept(PutMessages.interceptor())
                .intercept(new Replies())
                .intercept(new JavaClient())
                .intercept(access.login())
                .intercept(new ServerInterceptorAdapter(List.of()))
                .intercept(new Calls(queuedBytes(options.limits().batchBytes())));
        if (access.certificates() != null) {
            builder.sslContext(access.certificates().grpc());
        }
        return builder.build();
    }

    private static WebServer web(
            ServerOptions options, WebStore store, AccessFiles access, Watch watch, ThreadPoolExecutor streams)
            throws IOException {
        WebServer.Place place = new WebServer.Place(
                options.host(),
                options.httpPort(),
                options.httpHosts(),
                access.certificates(),
                options.limits().stall());
        return WebServer.start(place, store, access.login(), watch, streams);
    }

    private static void close(@Nullable WebServer web) {
        if (web != null) {
            web.close();
        }
    }

    /** In words of ours: gRPC and Netty name their classes. */
    private static void listen(Server server) throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("the address is in use, or none of this machine", e);
        }
    }

    private static int queuedBytes(int batchBytes) {
        return Math.max(LEAST_QUEUED_BYTES, (int) Math.min((long) QUEUED_BATCHES * batchBytes, MOST_QUEUED_BYTES));
    }

    /** A thread for each call: one that waits for its client must not keep others waiting. */
    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    int port() {
        return server.getPort();
    }

    /** The port of the metrics, or −1. */
    int metricsPort() {
        return metrics == null ? -1 : metrics.port();
    }

    /** The port of HTTP, or −1. */
    int httpPort() {
        return web == null ? -1 : web.port();
    }

    void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /**
     * Stops listening, lets what runs go on for so long, ends it then at its next batch, and waits until nothing is left
     * of it, for two seconds at most.
     */
    void stop(Duration grace) {
        // Those who watch would keep it from stopping.
        health.close();
        server.shutdown();
        if (web != null) {
            web.stopListening();
        }
        try {
            Ending patience = new Ending(grace.toNanos(), System::nanoTime);
            patience.await(grace.toNanos(), server::awaitTermination);
            streams.shutdown();
            // Those of HTTP run there alone.
            patience.await(grace.toNanos(), streams::awaitTermination);
            if (!server.isTerminated() || !streams.isTerminated()) {
                producer.stop();
            }
            Ending ending = new Ending(END_NANOS, System::nanoTime);
            ending.await(LISTEN_NANOS, server::awaitTermination);
            // The processes of statements that do not listen.
            producer.close();
            // What was sent last is on its way.
            ending.await(TimeUnit.MILLISECONDS.toNanos(300), server::awaitTermination);
            server.shutdownNow();
            // Who waits for a client of HTTP to send.
            close(web);
            ending.await(END_NANOS, server::awaitTermination);
            calls.shutdown();
            ending.await(END_NANOS, streams::awaitTermination);
            ending.await(END_NANOS, calls::awaitTermination);
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            producer.close();
            streams.shutdown();
            calls.shutdown();
            close(web);
            close(metrics);
            close(lease);
            access.close();
            watching.close();
        }
    }

    private static void close(PutLease lease) {
        try {
            lease.close();
        } catch (IOException e) {
            // The next server removes it.
        }
    }

    /** Waits for one thing after the other to end, for all of them no longer than one time. */
    static final class Ending {
        private final LongSupplier clock;
        private final long end;

        /** @param clock as {@link System#nanoTime} */
        Ending(long nanos, LongSupplier clock) {
            this.clock = clock;
            this.end = clock.getAsLong() + nanos;
        }

        /** Waits for one thing. */
        @FunctionalInterface
        interface Wait {
            /** Returns when it has ended, and after the time where it has not. */
            boolean await(long time, TimeUnit unit) throws InterruptedException;
        }

        /** Waits while there is time, for so long at most. */
        void await(long most, Wait wait) throws InterruptedException {
            wait.await(Math.max(0, Math.min(most, end - clock.getAsLong())), TimeUnit.NANOSECONDS);
        }
    }
}
