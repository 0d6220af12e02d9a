package org.arrownpz.flight;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.arrownpz.testing.Await;

/** What a server that has metrics says of itself. */
final class Gauges {
    private Gauges() {}

    /** Waits until the metrics have these lines, such as {@code arrownpz_streams 0}. */
    static void await(NpzFlightServer server, String... lines) throws Exception {
        List<String> wanted = List.of(lines);
        AtomicReference<String> found = new AtomicReference<>("");
        Await.until(
                () -> {
                    found.set(read(server));
                    return found.get().lines().toList().containsAll(wanted);
                },
                () -> "no " + wanted + ": " + found);
    }

    private static String read(NpzFlightServer server) throws Exception {
        URI address = URI.create("http://localhost:" + server.metricsPort() + "/metrics");
        try (InputStream text = address.toURL().openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).replace(".0\n", "\n");
        }
    }
}
