package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.look.ArrayLook;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the first rows. */
@Command(
        name = "head",
        description = "Prints the first rows: a table on a terminal, else one JSON object per row.",
        footer = {
            "",
            "Of arrays that are no table, each is shown as NumPy prints it: the values at its corners, or its first rows.",
            "",
            "Examples:",
            "  arrow-npz head -n 5 -c date,close prices.npz",
            "  arrow-npz head model.npz",
            "  arrow-npz head -n 2 model.npz:weights"
        })
public class HeadCommand extends FrameVerb {
    private static final long ROWS = 10;
    private static final long FEW_ROWS = 3;

    @Option(
            names = {"-n", "--rows"},
            paramLabel = "N",
            description = "The number of rows (default: 10; of several files on a terminal, 3 of each).")
    @Nullable
    Long rows;

    @Option(names = "--json", description = "Print JSON also on a terminal; see 'arrow-npz cat --help' for its form.")
    boolean json;

    public HeadCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--rows", rows, 0, Long.MAX_VALUE);
        return super.call();
    }

    @Override
    final void print(Frame frame) throws IOException {
        long wanted = rows != null ? rows : many() && !json && console.outIsTerminal() ? FEW_ROWS : ROWS;
        long count = Math.min(wanted, frame.rowCount());
        long first = first(frame.rowCount(), count);
        new Rows(screen(), json, wanted).print(frame, first, first + count);
    }

    @Override
    final boolean takesArrays() {
        return true;
    }

    @Override
    final void print(ArraySet arrays, @Nullable String path) throws IOException {
        new ArrayLook(arrays, screen(), json, path).printValues(rows, first(1, 0) > 0);
    }

    /** The first of so many of the rows. */
    long first(long all, long count) {
        return 0;
    }

    /** Prints the last rows: a head at the other end. */
    @Command(
            name = "tail",
            description = "Prints the last rows: a table on a terminal, else one JSON object per row.",
            footer = {"", "Example: arrow-npz tail -n 5 -c date,close prices.npz"})
    public static final class Tail extends HeadCommand {
        public Tail(Console console) {
            super(console);
        }

        @Override
        long first(long all, long count) {
            return all - count;
        }
    }
}
