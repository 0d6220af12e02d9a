package org.arrownpz.cli.console;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The loggers of gRPC and Netty, which speak of every client that goes away. */
public final class ServerLogs {
    /** Held, since the JDK forgets loggers without a reference, and their levels with them. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"), Logger.getLogger("org.apache.arrow.flight"));

    private ServerLogs() {}

    /** Lets through what is severe, or all that the JDK's configuration lets through. */
    public static void quieten(boolean debug) {
        LOGGERS.forEach(logger -> logger.setLevel(debug ? null : Level.SEVERE));
    }
}
