package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.arrownpz.flight.internal.access.Certificates;
import org.arrownpz.flight.internal.access.Login;
import org.arrownpz.flight.internal.watch.Watch;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Listens for HTTP. */
public final class WebServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 1024;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_THREADS = 32;
    /** Bytes that the system takes for a client that reads nothing: megabytes for each of many keep others waiting. */
    private static final int SEND_BUFFER = 1 << 20;

    private static final Duration METRICS_PATIENCE = Duration.ofSeconds(5);

    /** All spellings of a path: none is made one of files before each of its parts is a plain name. */
    private static final UriCompliance NAMES = new UriCompliance("names", UriCompliance.AMBIGUOUS_VIOLATIONS);

    private final Server server;
    private final ServerConnector connector;

    private WebServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * The place and the bounds of a server.
     *
     * @param names by which clients may call it, beside the host and the names of this machine
     * @param certificates for TLS, or null for plain text
     * @param idle how long a client may neither read nor send
     */
    public record Place(
            String host,
            int port,
            List<String> names,
            @Nullable Certificates certificates,
            Duration idle) {}

    /**
     * Starts to listen.
     *
     * @param streams runs what needs a token
     * @throws IOException when the address is in use, or none of this machine
     */
    public static WebServer start(Place place, Holdings holdings, Login login, Watch watch, Executor streams)
            throws IOException {
        Set<String> hosts = new HashSet<>();
        hosts.add(place.host().toLowerCase(Locale.ROOT));
        place.names().forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
        Server server = server("arrow-npz-http");
        ServerConnector connector = connector(server, place);
        CompressionHandler compression = new CompressionHandler(new WebHandler(holdings, login, watch, streams, hosts));
        // Values of Arrow and its kin are compressed where a client asks for it by name: clients that say they could
        // take it are most of them, and few of them are so far away.
        compression.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .compressIncludeMimeType(Exchange.JSON)
                        .compressIncludeMimeType(Form.JSON.mediaType)
                        .compressIncludeMimeType(Form.CSV.mediaType)
                        .compressIncludeMimeType("text/html")
                        .compressIncludeMimeType("text/javascript")
                        .compressIncludeMimeType("text/css")
                        .build());
        server.setHandler(compression);
        return start(server, connector, "HTTP");
    }

    /**
     * Answers {@code GET /metrics} at a port of its own, to everybody who reaches it.
     *
     * @throws IOException when the address is in use, or none of this machine
     */
    public static WebServer metrics(String host, int port, Supplier<String> text) throws IOException {
        return metrics(host, port, text, METRICS_PATIENCE);
    }

    static WebServer metrics(String host, int port, Supplier<String> text, Duration patience) throws IOException {
        Server server = server("arrow-npz-metrics");
        ServerConnector connector = connector(server, new Place(host, port, List.of(), null, patience));
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                if (!Request.getPathInContext(request).equals("/metrics")) {
                    Problems.write(response, callback, new Problems.Refusal(HttpStatus.NOT_FOUND_404, null, -1));
                } else if (!request.getMethod().equals("GET")) {
                    Problems.write(
                            response, callback, new Problems.Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, null, -1));
                } else {
                    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.METRICS);
                    Content.Sink.write(response, true, text.get(), callback);
                }
                return true;
            }
        });
        return start(server, connector, "the metrics");
    }

    private static Server server(String threads) {
        QueuedThreadPool pool = new QueuedThreadPool(MAX_THREADS);
        pool.setName(threads);
        pool.setDaemon(true);
        Server server = new Server(pool);
        server.setErrorHandler(new Problems());
        server.setStopTimeout(0);
        return server;
    }

    private static ServerConnector connector(Server server, Place place) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setUriCompliance(NAMES);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector;
        Certificates certificates = place.certificates();
        if (certificates == null) {
            connector = new ServerConnector(server, 1, 1, plain);
        } else {
            http.addCustomizer(new SecureRequestCustomizer(false));
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setSslContext(certificates.http());
            tls.setNeedClientAuth(certificates.asksClients());
            connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), plain);
        }
        connector.setHost(place.host());
        connector.setPort(place.port());
        connector.setIdleTimeout(place.idle().toMillis());
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.addConnector(connector);
        return connector;
    }

    private static WebServer start(Server server, ServerConnector connector, String what) throws IOException {
        WebServer started = new WebServer(server, connector);
        try {
            server.start();
            return started;
        } catch (Exception e) {
            started.close();
            throw new IOException("the address of " + what + " is in use, or none of this machine", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Takes no more requests. */
    public void stopListening() {
        connector.shutdown();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("HTTP does not end", e);
        }
    }
}
