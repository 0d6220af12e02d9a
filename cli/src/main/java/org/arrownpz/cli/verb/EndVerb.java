package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Option;

/** A verb that prints the rows at one end of a table. */
abstract class EndVerb extends FrameVerb {
    @Option(
            names = {"-n", "--rows"},
            paramLabel = "N",
            defaultValue = "10",
            description = "The number of rows (default: ${DEFAULT-VALUE}).")
    long rows;

    @Option(names = "--json", description = "Print JSON also on a terminal; see 'arrow-npz cat --help' for its form.")
    boolean json;

    EndVerb(Console console) {
        super(console);
    }

    /** Prints so many rows, which the frame has. */
    abstract void print(Rows printer, Frame frame, long count) throws IOException;

    @Override
    public Integer call() throws Exception {
        if (rows < 0) {
            throw new UsageException("the number of rows is not negative: " + rows);
        }
        return super.call();
    }

    @Override
    final void print(Frame frame) throws IOException {
        print(new Rows(console, json), frame, Math.min(rows, frame.rowCount()));
    }
}
