package org.arrownpz.cli.verb;

import org.arrownpz.cli.console.Console;
import picocli.CommandLine.Command;

/** Prints the last rows: a head at the other end. */
@Command(
        name = "tail",
        description = "Prints the last rows: a table on a terminal, else one JSON object per row.",
        footer = {"", "Example: arrow-npz tail -n 5 -c date,close prices.npz"})
public final class TailCommand extends HeadCommand {
    public TailCommand(Console console) {
        super(console);
    }

    @Override
    long first(long all, long count) {
        return all - count;
    }
}
