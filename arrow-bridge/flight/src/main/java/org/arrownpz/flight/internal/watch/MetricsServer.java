package org.arrownpz.flight.internal.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code GET /metrics} at a port of its own, to everybody who reaches it. A request takes a thread from its first
 * byte to its answer's last: it has so much time and no more.
 */
public final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int WAITING = 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int NO_BODY = -1;
    static final int MOST_AT_A_TIME = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer server;
    private final ExecutorService threads;
    private final ScheduledExecutorService clock;

    private MetricsServer(HttpServer server, ExecutorService threads, ScheduledExecutorService clock) {
        this.server = server;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @throws IOException when the address is in use, or none of this machine
     */
    public static MetricsServer start(String host, int port, Watch watch)
            throws IOException {
        return start(host, port, watch, PATIENCE);
    }

    static MetricsServer start(String host, int port, Watch watch, Duration patience)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), WAITING);
        } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
            throw new IOException("the address of the metrics is in use, or none of this machine", e);
        }
        ThreadFactory daemons = task -> {
            Thread made = new Thread(task, "arrow-npz-metrics");
            made.setDaemon(true);
            return made;
        };
        ExecutorService threads = Executors.newFixedThreadPool(MOST_AT_A_TIME, daemons);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemons);
        server.setExecutor(request -> threads.execute(() -> limited(request, clock, patience)));
        server.createContext("/", exchange -> answer(exchange, watch));
        server.start();
        return new MetricsServer(server, threads, clock);
    }

    /** Reads and answers a request. The interrupt that ends its time closes the connection. */
    private static void limited(Runnable request, ScheduledExecutorService clock, Duration patience) {
        Thread thread = Thread.currentThread();
        Future<?> end = clock.schedule(thread::interrupt, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            request.run();
        } finally {
            end.cancel(false);
        }
    }

    private static void answer(HttpExchange exchange, Watch watch) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, NO_BODY);
                return;
            }
            byte[] bytes = watch.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(OK, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        clock.shutdownNow();
    }
}
