package org.arrownpz.flight;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a server that has metrics says of itself. */
final class Gauges {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private Gauges() {}

    /** Waits until the metrics have these lines, such as {@code arrownpz_streams 0}. */
    static void await(NpzFlightServer server, String... lines) throws Exception {
        List<String> wanted = List.of(lines);
        long end = System.nanoTime() + PATIENCE_NANOS;
        String found = read(server);
        while (!found.lines().toList().containsAll(wanted)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not " + wanted + ": " + found);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            found = read(server);
        }
    }

    private static String read(NpzFlightServer server) throws Exception {
        URI address = URI.create("http://localhost:" + server.metricsPort() + "/metrics");
        try (InputStream text = address.toURL().openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
