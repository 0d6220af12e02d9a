package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A server with HTTP, and the calls of a client. Closing it asserts that no memory is left. */
final class WebCalls implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    final BufferAllocator allocator = new RootAllocator();
    final NpzFlightServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    WebCalls(Path directory, ServerOptions options) throws IOException {
        this.server = NpzFlightServer.start(allocator, directory, options.withHttp(0));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.httpPort() + path));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path).body());
    }

    @Override
    public void close() {
        server.close();
        allocator.close();
    }
}
