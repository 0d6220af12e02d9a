package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A verb that prints the rows at one end of a table. */
abstract class EndVerb extends FrameVerb {
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

    EndVerb(Console console) {
        super(console);
    }

    /** Prints so many rows, which the frame has. */
    abstract void print(Rows printer, Frame frame, long count) throws IOException;

    @Override
    public Integer call() throws Exception {
        if (rows != null && rows < 0) {
            throw new UsageException("the number of rows is not negative: " + rows);
        }
        return super.call();
    }

    @Override
    final void print(Frame frame) throws IOException {
        long wanted = rows != null ? rows : many() && !json && console.outIsTerminal() ? FEW_ROWS : ROWS;
        print(new Rows(screen(), json, wanted), frame, Math.min(wanted, frame.rowCount()));
    }
}
