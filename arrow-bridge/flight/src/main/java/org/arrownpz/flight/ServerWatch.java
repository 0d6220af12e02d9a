package org.arrownpz.flight;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The reports of a server to those who run it. Immutable.
 *
 * @param metricsPort where Prometheus reads {@code /metrics}, at the server's host; 0 for any free port, −1 for none.
 *     Nobody is asked for a token there
 * @param accessLog gets a line of JSON for each call that ended, appended; or null
 */
public record ServerWatch(int metricsPort, @Nullable Path accessLog) {
    private static final int MAX_PORT = 65_535;
    private static final ServerWatch NONE = new ServerWatch(-1, null);

    public ServerWatch {
        if (metricsPort < -1 || metricsPort > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to 65535, or -1 for none, not " + metricsPort);
        }
    }

    /** Neither metrics nor access log. */
    public static ServerWatch none() {
        return NONE;
    }

    /** Tells metrics at this port. */
    public ServerWatch withMetrics(int port) {
        return new ServerWatch(port, accessLog);
    }

    /** Appends calls to this file. */
    public ServerWatch withAccessLog(Path file) {
        return new ServerWatch(metricsPort, file);
    }
}
