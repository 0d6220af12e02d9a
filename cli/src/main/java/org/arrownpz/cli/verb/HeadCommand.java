package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Command;

/** Prints the first rows. */
@Command(
        name = "head",
        description = "Prints the first rows: a table on a terminal, else one JSON object per row.",
        footer = {"", "Example: arrow-npz head -n 5 -c date,close prices.npz"})
public final class HeadCommand extends EndVerb {
    public HeadCommand(Console console) {
        super(console);
    }

    @Override
    void print(Rows printer, Frame frame, long count) throws IOException {
        printer.print(frame, 0, count);
    }
}
