package org.arrownpz.flight;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Await;

/** Bytes as clients of HTTP may send them, to a server: whatever they are, it is not at fault, and gives all memory back. */
public final class RawRequests {
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final int MOST = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BufferAllocator allocator = new RootAllocator();
    private final NpzFlightServer server;

    private RawRequests(Path directory) throws IOException {
        FlightCalls.write(Files.createDirectories(directory).resolve("prices.npz"), 5, allocator);
        server = NpzFlightServer.start(
                allocator,
                directory,
                ServerOptions.defaults()
                        .readOnly()
                        .withHttp(0)
                        .withLimits(ServerLimits.defaults().withStall(PATIENCE)));
    }

    /** Serves a directory, which is made. */
    public static RawRequests in(Path directory) {
        try {
            return new RawRequests(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends them on a connection of their own, and reads all that is answered. */
    public void send(byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readNBytes(MOST), StandardCharsets.ISO_8859_1);
            if (answer.contains("HTTP/1.1 500") || answer.contains("at org.arrownpz")) {
                throw new AssertionError("the server is at fault: " + answer);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (IOException e) {
            // The server has enough of it before the end.
        }
        if (!Await.holds(PATIENCE, () -> allocator.getAllocatedMemory() == 0)) {
            throw new AssertionError(allocator.getAllocatedMemory() + " bytes are left");
        }
    }

    /** Requests that are answered, and some that are near. */
    public static Map<String, byte[]> seeds() {
        List<String> targets = List.of(
                "/",
                "/health",
                "/tables",
                "/tables/prices",
                "/tables/prices/data?format=json&rows=1:3",
                "/tables/prices/data?format=csv&columns=key,twice",
                "/tables/prices/data?format=json-rows&step=2&cols=0:1",
                "/tables/prices/data?format=parquet",
                "/tables/prices/data?format=npz&compression=zstd",
                "/tables/prices/data?rows=:9223372036854775807",
                "/tables/prices/stats?column=key",
                "/tables/prices/arrays/key?rows=0:2",
                "/tables/prices/arrays/key/image",
                "/files/prices",
                "/files/..%2fprices",
                "/metrics",
                "/openapi.json",
                "/page/page.js",
                "/session");
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (String target : targets) {
            seeds.put("get" + seeds.size(), ("GET " + target + END).getBytes(StandardCharsets.ISO_8859_1));
            seeds.put("head" + seeds.size(), ("HEAD " + target + END).getBytes(StandardCharsets.ISO_8859_1));
        }
        for (String body : List.of("{\"sql\":\"SELECT\",\"parameters\":[1,null,\"a\"]}", "{", "[]", "")) {
            String head = END.replace("\r\n\r\n", "\r\nContent-Length: " + body.length() + "\r\n\r\n");
            seeds.put("post" + seeds.size(), ("POST /sql" + head + body).getBytes(StandardCharsets.ISO_8859_1));
            seeds.put("put" + seeds.size(), ("PUT /tables/x" + head + body).getBytes(StandardCharsets.ISO_8859_1));
        }
        seeds.put(
                "ranges",
                ("GET /files/prices HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-3,-5,9-\r\nIf-Range: \"x\"\r\n"
                                + "If-None-Match: *\r\nAccept: text/csv;q=0.1, */*\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return seeds;
    }
}
