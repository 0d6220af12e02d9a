package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.arrownpz.array.Npz;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.Effort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for much by HTTP and read nothing of it. */
class SlowReadersTest {
    private static final int BATCH_BYTES = 1 << 18;
    private static final int ROWS = 1_000_000;

    @TempDir
    Path directory;

    @Test
    void holdAFewBatchesEachAndNothingOnceTheyAreGone() throws Exception {
        // Views of the file, and what is converted for a batch.
        String[] words = new String[ROWS];
        Arrays.setAll(words, i -> "word " + i % 1000);
        Npz.save(
                directory.resolve("much.npz"),
                Map.of("numbers", new long[ROWS], "flags", new boolean[ROWS], "words", words));
        int count = Effort.of(30, 200);
        List<Socket> readers = new ArrayList<>();
        try (WebCalls calls = new WebCalls(directory, ServerOptions.defaults().withBatchBytes(BATCH_BYTES))) {
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket();
                readers.add(socket);
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress("localhost", calls.server.httpPort()));
                socket.getOutputStream()
                        .write("GET /tables/much/data HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            int all = count;
            Await.until(
                    () -> new String(calls.get("/metrics").body()).contains("arrownpz_streams " + (all + 1)),
                    () -> "not all of them are served");
            assertThat(calls.get("/tables/much/data?rows=0:10").statusCode()).isEqualTo(200);
            assertThat(calls.allocator.getPeakMemoryAllocation()).isLessThan(4L * BATCH_BYTES * (count + 1));
            for (Socket socket : readers) {
                socket.close();
            }
            Await.until(
                    () -> calls.allocator.getAllocatedMemory() == 0,
                    () -> calls.allocator.getAllocatedMemory() + " bytes");
        }
    }

    @Test
    void endWithTheServerAndLeaveNothing() throws Exception {
        Npz.save(directory.resolve("much.npz"), Map.of("numbers", new long[2 * ROWS], "flags", new boolean[2 * ROWS]));
        try (Socket reader = new Socket();
                Socket writer = new Socket()) {
            try (WebCalls calls = new WebCalls(directory, ServerOptions.defaults())) {
                reader.setReceiveBufferSize(4096);
                for (Socket socket : List.of(reader, writer)) {
                    socket.connect(new InetSocketAddress("localhost", calls.server.httpPort()));
                }
                reader.getOutputStream()
                        .write("GET /tables/much/data HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                writer.getOutputStream()
                        .write("PUT /tables/new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n12"
                                .getBytes(StandardCharsets.US_ASCII));
                Await.until(
                        () -> new String(calls.get("/metrics").body()).contains("arrownpz_streams 3"),
                        () -> "not both of them are served");
            }
            // Neither has got an answer that looks whole.
            assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotEndWith("\r\n0\r\n\r\n");
        }
        assertThat(directory.toFile().list()).containsExactly("much.npz");
    }
}
