package org.arrownpz.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Standard error with a last line that is shown anew now and then, and erased before anything else is printed. */
final class StatusStream extends PrintStream {
    private final Line line;
    /** The names of files in messages whose paths say nothing to people. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    private StatusStream(Line line) {
        super(line, true, StandardCharsets.UTF_8);
        this.line = line;
    }

    static StatusStream over(PrintStream stream) {
        return stream instanceof StatusStream same ? same : new StatusStream(new Line(stream));
    }

    /** Shows a line in place of the former one. */
    void show(String text) {
        line.show(named(text));
    }

    void name(String path, String name) {
        names.put(path, name);
    }

    /** A text with names in place of paths. */
    String named(String text) {
        String named = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            named = named.replace(name.getKey(), name.getValue());
        }
        return named;
    }

    void eraseLine() {
        line.erase();
    }

    /** Erases the line; nothing that comes later is shown. */
    void end() {
        line.end();
    }

    private static final class Line extends FilterOutputStream {
        private static final String ERASE = "\r\u001b[K";

        private final PrintStream stream;
        private boolean shown;
        private boolean ended;

        private Line(PrintStream stream) {
            super(stream);
            this.stream = stream;
        }

        private synchronized void end() {
            erase();
            ended = true;
        }

        private synchronized void show(String text) {
            if (ended) {
                return;
            }
            stream.print(ERASE + text);
            stream.flush();
            shown = true;
        }

        private synchronized void erase() {
            if (shown) {
                shown = false;
                stream.print(ERASE);
                stream.flush();
            }
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (!ended) {
                erase();
                stream.write(b);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            if (!ended) {
                erase();
                stream.write(bytes, offset, length);
            }
        }
    }
}
