package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Command;

/** Prints the last rows. */
@Command(
        name = "tail",
        description = "Prints the last rows: a table on a terminal, else one JSON object per row.",
        footer = {"", "Example: arrow-npz tail -n 5 -c date,close prices.npz"})
public final class TailCommand extends EndVerb {
    public TailCommand(Console console) {
        super(console);
    }

    @Override
    void print(Rows printer, Frame frame, long count) throws IOException {
        printer.print(frame, frame.rowCount() - count, frame.rowCount());
    }
}
