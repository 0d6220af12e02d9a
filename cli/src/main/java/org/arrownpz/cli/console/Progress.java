package org.arrownpz.cli.console;

import java.io.PrintStream;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** One line on standard error about what goes on: only on a terminal, only after a second, gone at the end. */
public final class Progress implements AutoCloseable {
    private static final long DELAY_MILLIS = 1000;
    private static final long STEP_MILLIS = 500;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final @Nullable Thread ticker;
    private volatile String task = "";
    private volatile boolean closed;

    private Progress(Console console) {
        this.err = console.err();
        this.ticker = console.errIsTerminal() ? new Thread(this::tick, "arrow-npz-progress") : null;
    }

    public static Progress start(Console console) {
        Progress progress = new Progress(console);
        if (progress.ticker != null) {
            progress.ticker.setDaemon(true);
            progress.ticker.start();
        }
        return progress;
    }

    /** What goes on from now on. */
    public void show(String text) {
        task = SafeText.escape(text, 100);
    }

    private void tick() {
        long start = System.nanoTime();
        boolean shown = false;
        try {
            Thread.sleep(DELAY_MILLIS);
            while (!closed) {
                err.print(ERASE + "arrow-npz: " + task + ", " + (System.nanoTime() - start) / 1_000_000_000 + " s");
                err.flush();
                shown = true;
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            // close() interrupts: nothing to say any more.
        } finally {
            if (shown) {
                err.print(ERASE);
                err.flush();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (ticker != null) {
            ticker.interrupt();
            try {
                ticker.join(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
