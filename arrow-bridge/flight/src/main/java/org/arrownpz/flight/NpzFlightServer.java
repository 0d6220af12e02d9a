package org.arrownpz.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * Serves the files of a directory that hold tables over Arrow Flight.
 *
 * <pre>{@code
 * try (NpzFlightServer server = NpzFlightServer.start(allocator, Path.of("data"), ServerOptions.defaults())) {
 *     System.out.println("listening on " + server.uri());
 *     server.awaitTermination();
 * }
 * }</pre>
 *
 * <p>A file {@code prices.npz} is the flight with the descriptor path {@code ["prices"]}; so are files of NumPy, Feather,
 * Arrow IPC and Parquet, each with its extension where it shares the name with another. Listing takes a name prefix as
 * criteria. A ticket is JSON, see {@link NpzTicket}: columns and a row range of a file. A batch is copied
 * from the mapped file before it is sent; a client that reads slowly holds a few of them and one thread, one that cancels
 * none. A put becomes a
 * file when it is complete and verified; an existing one is replaced only where a {@link PutCommand} says so; what a
 * killed server left of a put is deleted at the start. Names never lead out of the directory, and links in it are not
 * followed. {@link ServerOptions#withSql} adds Flight SQL, for JDBC and ADBC, and {@link SqlQuery SQL} over the files.
 *
 * <p>A file that is replaced by rename (a put does that) is served as it was opened. One that is cut short or rewritten in
 * place meanwhile ends its streams with UNAVAILABLE and FILE_CHANGED; every batch before that is right.
 *
 * <p>Safe for use by several threads.
 */
public final class NpzFlightServer implements AutoCloseable {
    private final FlightService service;
    private final ServerOptions options;
    private boolean closed;

    private NpzFlightServer(FlightService service, ServerOptions options) {
        this.service = service;
        this.options = options;
    }

    /**
     * Starts to listen.
     *
     * @param allocator stays the caller's, who closes it after the server
     * @param directory a directory, or one file, which is served alone
     * @throws NpzException IO when the directory, the certificate, a port or the access log cannot be used
     * @throws IllegalStateException for a server with SQL when {@code arrow-npz-sql} is not on the class path
     */
    public static NpzFlightServer start(BufferAllocator allocator, Path directory, ServerOptions options)
            throws NpzException {
        return start(allocator, directory, options, FlightService.Keepalive.DEFAULT);
    }

    static NpzFlightServer start(
            BufferAllocator allocator, Path directory, ServerOptions options, FlightService.Keepalive keepalive)
            throws NpzException {
        try {
            return new NpzFlightServer(FlightService.start(allocator, directory, options, keepalive), options);
        } catch (IOException e) {
            throw Location.ofFile(directory.toString())
                    .error(ErrorCode.IO, "the directory cannot be served at " + options + " (" + e.getMessage() + ")")
                    .cause(e)
                    .build();
        }
    }

    /** The port that the server listens on. */
    public int port() {
        return service.port();
    }

    /** The port where Prometheus reads the metrics, or −1 where there are none. */
    public int metricsPort() {
        return service.metricsPort();
    }

    /** The port of HTTP, or −1 where that is not answered. */
    public int httpPort() {
        return service.httpPort();
    }

    /** The address for clients, such as {@code grpc+tls://localhost:32010}. */
    public String uri() {
        return (options.access().certificate == null ? "grpc://" : "grpc+tls://") + options.host() + ":" + port();
    }

    /** The address for browsers and other clients of HTTP, such as {@code http://localhost:8080}; empty where there is none. */
    public String httpUri() {
        return httpPort() < 0
                ? ""
                : (options.access().certificate == null ? "http://" : "https://") + options.host() + ":" + httpPort();
    }

    /**
     * An address for a browser: its page gets a session of twelve hours by the code behind the {@code #}, which lets in one
     * call. Each call of this method makes a new code and ends the former one.
     *
     * @throws IllegalStateException for a server without HTTP, or without the one token
     */
    public String browserUri() {
        if (httpPort() < 0 || options.access().token == null) {
            throw new IllegalStateException("a server for browsers has HTTP and a token");
        }
        return httpUri() + "/#code=" + service.access().login().newCode();
    }

    /** Waits until the server is closed. */
    public void awaitTermination() throws InterruptedException {
        service.awaitTermination();
    }

    /** Stops listening, ends running streams at their next batch, and waits for them. May be called more than once. */
    @Override
    public void close() {
        shutdown(Duration.ZERO);
    }

    /**
     * Stops listening, and lets running streams and puts go on for so long before it ends them. May be called more than
     * once.
     */
    public synchronized void shutdown(Duration grace) {
        if (closed) {
            return;
        }
        closed = true;
        service.stop(grace);
    }

    /**
     * Whether all calls of a server that was shut down have ended. A put that waits for the disk may still run: the allocator
     * has its rows until it ends.
     */
    public boolean isTerminated() {
        return service.calls().isTerminated() && service.streams().isTerminated();
    }
}
