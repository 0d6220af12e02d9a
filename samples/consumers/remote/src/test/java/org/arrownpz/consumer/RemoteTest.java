package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.Test;

/** {@code arrow-npz-remote} alone: a frame behind a server, which sends the whole of a short file as its end. */
class RemoteTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void opensAFrameBehindAServer() throws Exception {
        byte[] bytes = Files.readAllBytes(PRICES);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-" + (bytes.length - 1) + "/" + bytes.length);
            exchange.sendResponseHeaders(206, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/prices.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Frame local = Frames.open(allocator, PRICES);
                Frame frame = Frames.open(allocator, uri, ReadOptions.defaults())) {
            assertEquals(local.rowCount(), frame.rowCount());
            assertEquals(local.columnNames(), frame.columnNames());
        } finally {
            server.stop(0);
        }
    }
}
