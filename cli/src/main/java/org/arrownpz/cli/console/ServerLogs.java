package org.arrownpz.cli.console;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Prints a server's log on standard error: its own lines in the command's form, and severe ones of gRPC and Netty. */
public final class ServerLogs extends Handler implements AutoCloseable {
    /** Of those who speak of every client that goes away. Held, since the JDK forgets loggers without a reference. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"), Logger.getLogger("org.apache.arrow.flight"));

    private static final Logger OWN = Logger.getLogger("org.arrownpz.flight");

    private final Console console;
    private final boolean debug;

    private ServerLogs(Console console, boolean debug) {
        this.console = console;
        this.debug = debug;
    }

    /**
     * Begins to tell; to be closed.
     *
     * @param debug whether to let through all that the JDK's configuration does, and tell stack traces
     */
    public static ServerLogs tell(Console console, boolean debug) {
        LOGGERS.forEach(logger -> logger.setLevel(debug ? null : Level.SEVERE));
        ServerLogs logs = new ServerLogs(console, debug);
        OWN.addHandler(logs);
        OWN.setUseParentHandlers(false);
        OWN.setLevel(debug ? Level.FINE : null);
        return logs;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getThrown() == null) {
            console.say(line.getMessage());
        } else if (debug) {
            line.getThrown().printStackTrace(console.err());
        }
    }

    @Override
    public void flush() {
        // Lines are written at once.
    }

    @Override
    public void close() {
        OWN.removeHandler(this);
        OWN.setUseParentHandlers(true);
        OWN.setLevel(null);
    }
}
