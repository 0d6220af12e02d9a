package org.arrownpz.flight.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send half a request, and nothing more. */
@Timeout(60)
class MetricsServerTest {
    private static MetricsServer start(Duration patience) throws IOException {
        return MetricsServer.start("localhost", 0, new Watch(Set.of(), null), patience);
    }

    private static Socket half(MetricsServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static int scrape(MetricsServer server) throws Exception {
        URI address = URI.create("http://localhost:" + server.port() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    @DisplayName("B7: a half-sent request keeps nobody waiting")
    void answersWhileAClientHoldsHalfARequest() throws Exception {
        try (MetricsServer server = start(Duration.ofHours(1));
                Socket held = half(server)) {
            assertThat(scrape(server)).isEqualTo(200);
            assertThat(held.isConnected()).isTrue();
        }
    }

    @Test
    @DisplayName("B7: half-sent requests are given up")
    void givesUpHalfRequestsHoweverManyThereAre() throws Exception {
        try (MetricsServer server = start(Duration.ofMillis(50))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 3 * MetricsServer.MOST_AT_A_TIME; i++) {
                held.add(half(server));
            }
            assertThat(scrape(server)).isEqualTo(200);
            for (Socket socket : held) {
                try (socket) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
    }
}
