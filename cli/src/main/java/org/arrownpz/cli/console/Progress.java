package org.arrownpz.cli.console;

import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.arrownpz.SafeText;
import org.arrownpz.support.Meter.Watch;
import org.jspecify.annotations.Nullable;

/**
 * One line on standard error about what goes on: only on a terminal, only after a second, gone before anything else is
 * said there and at the end. Where it is known how much there is to do, the line has the share that is done, the speed
 * and the time that is left.
 */
public final class Progress implements AutoCloseable {
    private static final long DELAY_MILLIS = 1000;
    private static final long STEP_MILLIS = 500;
    private static final double SECOND = 1e9;
    /** The width if only standard error is a terminal: nobody has asked it for its own. */
    private static final int USUAL_WIDTH = 80;

    private final StatusStream line;
    /** A line that wraps is not erased as a whole. */
    private final int places;

    private final @Nullable Thread ticker;
    private volatile Task task = new Task("", () -> -1, () -> 0, Unit.BYTES, System.nanoTime());
    private @Nullable Watch watch;
    private volatile boolean closed;

    /** The things that are counted. */
    public enum Unit {
        BYTES,
        ROWS
    }

    /**
     * @param share how much of all is done, of 1; negative where nobody knows
     * @param done how much is done
     */
    record Task(String text, DoubleSupplier share, LongSupplier done, Unit unit, long start) {
        /** The line at a time of {@link System#nanoTime}. */
        String text(long now) {
            double seconds = Math.max(0, now - start) / SECOND;
            double part = share.getAsDouble();
            long amount = done.getAsLong();
            // More than was told: then nobody knows how much it will be.
            boolean known = part > 0 && part <= 1;
            StringBuilder line = new StringBuilder("arrow-npz: ").append(text);
            if (known) {
                line.append(", ").append((long) (100 * part)).append(" %");
            } else if (amount > 0) {
                line.append(", ").append(amount(amount));
            }
            if (amount > 0) {
                line.append(", ")
                        .append(amount(amount / Math.max(seconds, 1e-3)))
                        .append("/s");
            }
            if (known && part < 1) {
                return line.append(", ")
                        .append(span(seconds * (1 - part) / part))
                        .append(" left")
                        .toString();
            }
            return line.append(", ").append(span(seconds)).toString();
        }

        private String amount(double number) {
            String[] names = unit == Unit.ROWS
                    ? new String[] {" rows", " thousand rows", " million rows", " billion rows"}
                    : new String[] {" B", " kB", " MB", " GB"};
            int name = 0;
            double shown = number;
            while (shown >= 1000 && name < names.length - 1) {
                shown /= 1000;
                name++;
            }
            String text = String.format(Locale.ROOT, shown < 10 && name > 0 ? "%.1f%s" : "%.0f%s", shown, names[name]);
            return text.equals("1 rows") ? "1 row" : text;
        }
    }

    /** Such as {@code 42 s} and {@code 3 min 5 s}. */
    public static String span(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private Progress(Console console) {
        this.line = StatusStream.over(console.err());
        this.places = (console.outIsTerminal() ? console.width() : Math.min(USUAL_WIDTH, console.width())) - 1;
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

    /** Shows the work that goes on from now on. */
    public void show(String text) {
        show(text, 0, () -> 0, Unit.BYTES);
    }

    /**
     * Shows the work that goes on from now on, and how far it is.
     *
     * @param total how much there is to do, or 0 where nobody knows
     * @param done asked by another thread, now and then
     */
    public void show(String text, long total, LongSupplier done, Unit unit) {
        begin(text, () -> total > 0 ? (double) done.getAsLong() / total : -1, done, unit);
    }

    /**
     * Shows the work that goes on from now on. How far it is, the library tells of the files that it begins to read,
     * or to write in one piece, from now on.
     *
     * @param done asked by another thread, now and then
     */
    public void follow(String text, LongSupplier done, Unit unit) {
        if (ticker != null) {
            begin(text, watched()::share, done, unit);
        }
    }

    /**
     * The same, counted in the bytes of those files.
     *
     * @param total how many they will be, or 0 where the library may know
     */
    public void follow(String text, long total) {
        if (ticker != null) {
            Watch files = watched();
            begin(text, () -> total > 0 ? (double) files.bytes() / total : files.share(), files::bytes, Unit.BYTES);
        }
    }

    private void begin(String text, DoubleSupplier share, LongSupplier done, Unit unit) {
        Task former = task;
        String safe = SafeText.escape(text, 100);
        // The same work, of which more is known.
        long start = former.text.equals(safe) ? former.start : System.nanoTime();
        task = new Task(safe, share, done, unit, start);
    }

    private Watch watched() {
        unwatch();
        Watch begun = Watch.open();
        watch = begun;
        return begun;
    }

    private void unwatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    private void tick() {
        try {
            Thread.sleep(DELAY_MILLIS);
            while (!closed) {
                line.show(Width.cut(task.text(System.nanoTime()), places));
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            // close() interrupts: nothing to say any more.
        } finally {
            line.eraseLine();
        }
    }

    @Override
    public void close() {
        closed = true;
        unwatch();
        if (ticker != null) {
            ticker.interrupt();
            boolean interrupted = false;
            while (ticker.isAlive()) {
                try {
                    ticker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
