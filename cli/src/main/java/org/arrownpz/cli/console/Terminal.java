package org.arrownpz.cli.console;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The properties of the terminal that this process writes to. */
final class Terminal {
    /** The width if nothing tells it: terminals began with this. */
    static final int DEFAULT_WIDTH = 80;

    /** Below that, nothing can be read any more, and lines are longer. */
    static final int LEAST_WIDTH = 20;

    private static final int GREATEST_WIDTH = 10_000;
    private static final int ANSWER = 64;

    private Terminal() {}

    /**
     * The characters of a line: as the launcher found them, or else as the terminal says itself, or else as COLUMNS has
     * them, which shells do not export.
     */
    static int width() {
        int width = number(System.getProperty("arrownpz.terminal.columns"));
        width = width > 0 ? width : asked();
        width = width > 0 ? width : number(System.getenv("COLUMNS"));
        return width <= 0 ? DEFAULT_WIDTH : Math.max(LEAST_WIDTH, Math.min(GREATEST_WIDTH, width));
    }

    /** Whether a terminal shows colours, by the environment. */
    static boolean hasColor(Function<String, @Nullable String> environment) {
        String none = environment.apply("NO_COLOR");
        String term = environment.apply("TERM");
        if ((none != null && !none.isEmpty()) || "dumb".equals(term)) {
            return false;
        }
        // Consoles of Windows that do not name themselves print the codes.
        return File.separatorChar == '/'
                || term != null
                || environment.apply("WT_SESSION") != null
                || environment.apply("ConEmuANSI") != null;
    }

    // Java has no call for it; stty is on all that is no Windows.
    private static int asked() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return 0;
        }
        Process process = null;
        try {
            process = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream answer = process.getInputStream()) {
                return columns(new String(answer.readNBytes(ANSWER), StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            return 0;
        } finally {
            if (process != null) {
                end(process);
            }
        }
    }

    private static void end(Process process) {
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The second number of "rows columns", or 0. */
    static int columns(String size) {
        int blank = size.indexOf(' ');
        return blank < 0 ? 0 : number(size.substring(blank + 1));
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
