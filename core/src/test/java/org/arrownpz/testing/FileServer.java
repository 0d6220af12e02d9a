package org.arrownpz.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A plain server of one directory, which counts requests and bytes. It refuses names that begin with {@code secret}, and
 * sends whole those that end in {@code ?whole}.
 */
public final class FileServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");

    public final AtomicInteger requests = new AtomicInteger();
    public final AtomicLong bytes = new AtomicLong();
    /** Passes before each answer. */
    private volatile long delayNanos;

    private final Path directory;
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public FileServer(Path directory) throws IOException {
        this(directory, HttpServer.create(), "http");
    }

    /** A server that speaks TLS as the context says. */
    public FileServer(Path directory, SSLContext tls) throws IOException {
        this(directory, secure(tls), "https");
    }

    private static HttpServer secure(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    private FileServer(Path directory, HttpServer server, String scheme) throws IOException {
        this.directory = directory;
        this.server = server;
        this.scheme = scheme;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Serves a directory, with milliseconds before each answer, to others, and tells its port, until it is killed. */
    public static void main(String[] arguments) throws IOException {
        FileServer server = new FileServer(Path.of(arguments[0]));
        server.delayNanos = Long.parseLong(arguments[1]) * 1_000_000;
        System.out.println(server.server.getAddress().getPort());
    }

    public URI uri(String name) {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/" + name);
    }

    public void reset() {
        requests.set(0);
        bytes.set(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        LockSupport.parkNanos(delayNanos);
        Path file = directory.resolve(exchange.getRequestURI().getPath().substring(1));
        try (exchange) {
            boolean refused = file.getFileName().toString().startsWith("secret");
            if (refused || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(refused ? 403 : 404, -1);
                return;
            }
            long size = Files.size(file);
            if ("whole".equals(exchange.getRequestURI().getQuery())) {
                exchange.sendResponseHeaders(200, size);
                copy(file, 0, size, exchange.getResponseBody());
                return;
            }
            Matcher range =
                    RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (!range.matches() || size == 0) {
                exchange.getResponseHeaders().add("Content-Range", "bytes */" + size);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            boolean suffix = range.group(1).isEmpty();
            long start = suffix ? Math.max(0, size - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
            long end =
                    suffix || range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
            exchange.getResponseHeaders().add("Content-Range", "bytes " + start + "-" + end + "/" + size);
            exchange.getResponseHeaders().add("ETag", "\"" + size + "\"");
            exchange.sendResponseHeaders(206, end - start + 1);
            bytes.addAndGet(end - start + 1);
            copy(file, start, end + 1, exchange.getResponseBody());
        }
    }

    private static void copy(Path file, long start, long end, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        try (FileChannel channel = FileChannel.open(file)) {
            for (long at = start; at < end; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                int count = channel.read(buffer, at);
                out.write(buffer.array(), 0, count);
                at += count;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
