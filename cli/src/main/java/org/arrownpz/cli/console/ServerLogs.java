package org.arrownpz.cli.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private final Format format;

    /** The form of lines. */
    public enum Format {
        /** As the command's other ones. */
        TEXT,
        /** An object of JSON each, with its time. */
        JSON
    }

    private ServerLogs(Console console, boolean debug, Format format) {
        this.console = console;
        this.debug = debug;
        this.format = format;
    }

    /**
     * Begins to tell; to be closed.
     *
     * @param debug whether to let through all that the JDK's configuration does, and tell stack traces
     */
    public static ServerLogs tell(Console console, boolean debug, Format format) {
        LOGGERS.forEach(logger -> logger.setLevel(debug ? null : Level.SEVERE));
        ServerLogs logs = new ServerLogs(console, debug, format);
        OWN.addHandler(logs);
        OWN.setUseParentHandlers(false);
        OWN.setLevel(debug ? Level.FINE : null);
        return logs;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getThrown() == null) {
            say(line.getLevel(), line.getMessage());
        } else if (debug) {
            StringWriter trace = new StringWriter();
            line.getThrown().printStackTrace(new PrintWriter(trace));
            say(line.getLevel(), line.getMessage() + ": " + trace);
        }
    }

    /** Tells something that is no fault. */
    public void say(String text) {
        say(Level.INFO, text);
    }

    private void say(Level level, String text) {
        if (format == Format.TEXT) {
            console.say(text);
            return;
        }
        String line = JsonNodeFactory.instance
                .objectNode()
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("level", level.getName())
                .put("message", text)
                .toString();
        console.err().println(line);
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
