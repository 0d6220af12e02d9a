package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in by HTTP, under which names, and what browsers are told. */
class WebAccessTest {
    private static final String TOKEN = "Bearer secret-of-ann";

    @TempDir
    Path parent;

    private Path log;
    private WebCalls calls;

    @BeforeEach
    void serve() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("served"));
        try (BufferAllocator allocator = new RootAllocator()) {
            FlightCalls.write(directory.resolve("prices.npz"), 10, allocator);
            FlightCalls.write(Files.createDirectory(directory.resolve("eu")).resolve("fx.npz"), 10, allocator);
        }
        Files.createSymbolicLink(directory.resolve("link.npz"), directory.resolve("prices.npz"));
        Path tokens = Files.writeString(
                parent.resolve("tokens"),
                "ann read secret-of-ann\nbob write secret-of-bob\neve read:eu/** secret-of-eve\n");
        log = parent.resolve("access.log");
        calls = new WebCalls(
                directory,
                ServerOptions.defaults()
                        .withAccess(ServerOptions.Access.open().withTokens(tokens))
                        .withWatch(ServerOptions.Watch.none().withAccessLog(log)));
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void asksForATokenForAllButThePageAndTheHealth() throws Exception {
        for (String path : List.of("/tables", "/tables/prices", "/files/prices.npz", "/metrics", "/sql")) {
            HttpResponse<byte[]> refused = calls.get(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(calls.get(path, "Authorization", "Bearer wrong").statusCode())
                    .isEqualTo(401);
        }
        assertThat(calls.get("/health").statusCode()).isEqualTo(200);
        assertThat(calls.get("/nothing").statusCode()).isEqualTo(404);
        assertThat(calls.get("/lib/uplot/uPlot.min.css").statusCode()).isEqualTo(200);
        assertThat(calls.get("/tables", "Authorization", TOKEN).statusCode()).isEqualTo(200);
        assertThat(calls.get("/tables?token=secret-of-ann").statusCode()).isEqualTo(401);
    }

    @Test
    void letsOnlyWritersPut() throws Exception {
        HttpResponse<byte[]> refused = calls.send(calls.request("/tables/new")
                .header("Authorization", TOKEN)
                .PUT(BodyPublishers.ofByteArray(new byte[9])));
        assertThat(refused.statusCode()).isEqualTo(403);
        HttpResponse<byte[]> taken = calls.send(calls.request("/tables/new")
                .header("Authorization", "Bearer secret-of-bob")
                .PUT(BodyPublishers.ofByteArray(new byte[9])));
        assertThat(taken.statusCode()).isEqualTo(400);
    }

    @Test
    void answersUnderItsOwnNamesOnly() throws Exception {
        for (String host : List.of("localhost", "127.0.0.1", "[::1]", "localhost:1", "LOCALHOST")) {
            assertThat(raw(calls.server, host)).as(host).startsWith("HTTP/1.1 200");
        }
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1")) {
            assertThat(raw(calls.server, host)).as(host).startsWith("HTTP/1.1 421");
        }
        ServerOptions named = ServerOptions.defaults().withHttp(0, "Data.example");
        try (NpzFlightServer server = NpzFlightServer.start(calls.allocator, parent.resolve("served"), named)) {
            assertThat(raw(server, "data.example")).startsWith("HTTP/1.1 200");
        }
    }

    private static String raw(NpzFlightServer server, String host) throws Exception {
        try (Socket socket = new Socket("localhost", server.httpPort())) {
            socket.getOutputStream()
                    .write(("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void tellsBrowsersWhatTheyMustNotDo() throws Exception {
        for (String path : List.of("/health", "/tables", "/nothing", "/lib/uplot/uPlot.min.css", "/tables/none/data")) {
            HttpResponse<byte[]> answer = calls.get(path, "Authorization", TOKEN, "Origin", "http://evil.example");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .startsWith("default-src 'none'; script-src 'self';");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().map()).doesNotContainKeys("access-control-allow-origin", "server");
        }
        HttpResponse<byte[]> asked = calls.send(calls.request("/sql")
                .header("Origin", "http://evil.example")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(asked.statusCode()).isEqualTo(401);
        assertThat(asked.headers().map()).doesNotContainKey("access-control-allow-methods");
    }

    @Test
    void showsATokenItsFoldersAlone() throws Exception {
        String[] eve = {"Authorization", "Bearer secret-of-eve"};
        assertThat(new String(calls.get("/tables", eve).body()))
                .contains("eu/fx")
                .doesNotContain("prices");
        for (String path : List.of("/tables/eu/fx", "/tables/eu%2Ffx/data", "/files/eu/fx.npz")) {
            assertThat(calls.get(path, eve).statusCode()).as(path).isEqualTo(200);
        }
        for (String path :
                List.of("/tables/prices", "/tables/prices/data", "/files/prices.npz", "/files/eu/../prices")) {
            assertThat(calls.get(path, eve).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void servesNoLinks() throws Exception {
        assertThat(calls.get("/files/link.npz", "Authorization", TOKEN).statusCode())
                .isEqualTo(404);
        assertThat(calls.get("/tables/link", "Authorization", TOKEN).statusCode())
                .isEqualTo(404);
    }

    @Test
    void writesCallsToTheAccessLogWithoutSecrets() throws Exception {
        calls.get("/tables/prices/data", "Authorization", TOKEN);
        calls.get("/tables/none", "Authorization", TOKEN);
        calls.get("/tables", "Authorization", "Bearer secret-of-nobody");
        // A line follows the answer.
        Await.until(() -> Files.readString(log).contains("UNAUTHENTICATED"), () -> "no line");
        String lines = Files.readString(log);
        assertThat(lines).doesNotContain("secret");
        JsonNode first = WebCalls.JSON.readTree(lines.lines().findFirst().orElseThrow());
        assertThat(first.get("call").textValue()).isEqualTo("http tables");
        assertThat(first.get("caller").textValue()).isEqualTo("ann");
        assertThat(first.get("code").textValue()).isEqualTo("OK");
        assertThat(first.get("sent").longValue()).isPositive();
        assertThat(lines).contains("\"code\":\"NOT_FOUND\"").contains("\"code\":\"UNAUTHENTICATED\"");
    }
}
