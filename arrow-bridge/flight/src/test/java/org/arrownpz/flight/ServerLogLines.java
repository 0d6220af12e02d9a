package org.arrownpz.flight;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What servers tell those who run them, while this is open. */
public final class ServerLogLines extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("org.arrownpz.flight");

    private final List<String> lines = new ArrayList<>();

    public ServerLogLines() {
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
    }

    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        lines.add(entry.getMessage());
    }

    @Override
    public void flush() {
        // Nothing waits.
    }

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
    }
}
