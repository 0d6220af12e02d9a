package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Requests as attackers write them, byte by byte: each is refused, and others are served meanwhile. */
class HostileRequestsTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String SECRET = "the-secret-outside";

    @TempDir
    static Path parent;

    private static WebCalls calls;

    @BeforeAll
    static void serve() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("served"));
        Files.writeString(parent.resolve("secret.npz"), SECRET);
        Files.writeString(directory.resolve(".hidden.npz"), SECRET);
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 1000, allocator);
        }
        calls = new WebCalls(
                directory,
                ServerOptions.defaults()
                        .readOnly()
                        .withLimits(ServerLimits.defaults().withStall(Duration.ofSeconds(1))));
    }

    @AfterAll
    static void close() {
        calls.close();
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
    }

    private static String with(String headers) {
        return "GET /tables HTTP/1.1\r\n" + HOST + headers + "Connection: close\r\n\r\n";
    }

    private static Map<String, String> requests() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("a path upwards", get("/files/../secret.npz"));
        all.put("an encoded path upwards", get("/files/%2e%2e/secret.npz"));
        all.put("an encoded separator", get("/files/..%2fsecret.npz"));
        all.put("an encoded backslash", get("/files/..%5csecret.npz"));
        all.put("a path that is encoded twice", get("/files/%252e%252e%252fsecret.npz"));
        all.put("dots in overlong UTF-8", get("/files/%c0%ae%c0%ae/secret.npz"));
        all.put("a path parameter", get("/files/..;/secret.npz"));
        all.put("an absolute path", get("/files//etc/passwd"));
        all.put("an encoded absolute path", get("/files/%2fetc%2fpasswd"));
        all.put("a NUL in a name", get("/files/prices.npz%00.txt"));
        all.put("a hidden file", get("/files/.hidden.npz"));
        all.put("a broken percent sign", get("/files/%zz"));
        all.put("a page outside of the page", get("/page/..%2f..%2fWebServer.class"));
        all.put("a library outside of the library", get("/lib/uplot/..%2f..%2fpom.xml"));
        all.put("two lengths", with("Content-Length: 1\r\nContent-Length: 2\r\n"));
        all.put("a length and chunks", with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"));
        all.put("an unknown transfer coding", with("Transfer-Encoding: xchunked\r\n"));
        all.put("chunks that are not last", with("Transfer-Encoding: chunked, identity\r\n"));
        all.put("a negative length", with("Content-Length: -1\r\n"));
        all.put("a length that overflows", with("Content-Length: 99999999999999999999\r\n"));
        all.put("a folded header", with("X-One: a\r\n b\r\n"));
        all.put("a blank before the colon", with("Content-Length : 4\r\n"));
        all.put("a header without a name", with(": value\r\n"));
        all.put("a NUL in a header", with("X-One: a\0b\r\n"));
        all.put("no host", "GET /tables HTTP/1.1\r\nConnection: close\r\n\r\n");
        all.put("two hosts", with("Host: evil.example\r\n"));
        all.put("another host in the target", get("http://evil.example/tables"));
        all.put("a huge header", with("X-One: " + "a".repeat(100_000) + "\r\n"));
        all.put("many headers", with("X-One: a\r\n".repeat(10_000)));
        all.put("a huge target", get("/tables?prefix=" + "a".repeat(100_000)));
        all.put("an unknown method", "DESTROY /tables HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        all.put("an unknown version", "GET /tables HTTP/9.9\r\n" + HOST + "\r\n");
        all.put("no HTTP", "\u0016\u0003\u0001\u0002\0\u0001\0\0\r\n\r\n");
        all.put("a range of rows that overflows", get("/tables/prices/data?rows=0:9223372036854775808"));
        all.put("a query with a broken percent sign", get("/tables/prices/data?rows=%zz"));
        all.put("a query that is no UTF-8", get("/tables/prices/data?rows=:922337203685477%807"));
        all.put("a trace", "TRACE / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        all.put("a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n");
        return all;
    }

    @TestFactory
    List<DynamicTest> refuses() {
        List<DynamicTest> tests = new ArrayList<>();
        requests()
                .forEach((name, request) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    String answer = send(request);
                    assertThat(answer).doesNotContain(SECRET).doesNotContain(parent.toString());
                    assertThat(answer.isEmpty() ? "HTTP/1.1 400" : answer).matches("(?s)HTTP/1\\.1 (4|50[15]).*");
                    assertThat(answer.isEmpty() || answer.contains("\r\nContent-Security-Policy: default-src 'none'"))
                            .isTrue();
                    assertThat(calls.get("/tables/prices/data").statusCode()).isEqualTo(200);
                })));
        return tests;
    }

    @Test
    void sendsNoSecondAnswerToASmuggledRequest() throws Exception {
        String answer = send("POST /sql HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n" + get("/tables"));
        assertThat(answer).doesNotContain("\"tables\"");
    }

    @Test
    void sendsNoMoreThanTheFileForManyRanges() throws Exception {
        String ranges = "0-,".repeat(500) + "0-";
        String answer = send("GET /files/prices.npz HTTP/1.1\r\n" + HOST + "Range: bytes=" + ranges
                + "\r\nConnection: close\r\n\r\n");
        long size = Files.size(parent.resolve("served/prices.npz"));
        assertThat((long) answer.length()).isLessThan(2 * size);
    }

    @Test
    void servesOthersWhileManySendHalfRequests() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket("localhost", calls.server.httpPort());
                held.add(socket);
                String half =
                        i % 2 == 0 ? "GET /tab" : "PUT /tables/x HTTP/1.1\r\n" + HOST + "Content-Length: 99\r\n\r\n";
                socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(calls.get("/tables/prices/data").statusCode()).isEqualTo(200);
            for (Socket socket : held) {
                // Given up, when its patience is at its end.
                socket.getInputStream().readAllBytes();
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket("localhost", calls.server.httpPort())) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (java.net.SocketException e) {
                // Reset, before all was sent.
                return "";
            }
        }
    }
}
