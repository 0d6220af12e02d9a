package org.arrownpz.cli;

import org.apache.arrow.memory.BufferAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the last rows. */
@Command(
        name = "tail",
        description = "Prints the last rows: a table on a terminal, else one JSON object per row.",
        footer = {"", "Example: arrow-npz tail -n 5 -c date,close prices.npz"})
final class TailCommand extends Verb {
    @Parameters(paramLabel = "PATH", description = "A frame, an archive, an array, an Arrow file, or - for a stream.")
    String path = "";

    @Option(
            names = {"-n", "--rows"},
            paramLabel = "N",
            defaultValue = "10",
            description = "The number of rows (default: ${DEFAULT-VALUE}).")
    long rows;

    @Option(names = "--json", description = "Print JSON also on a terminal; see 'arrow-npz cat --help' for its form.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    TailCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (rows < 0) {
            throw new UsageException("the number of rows is not negative: " + rows);
        }
        try (BufferAllocator allocator = allocator();
                Source source = Source.open(allocator, path, flags, console)) {
            long count = source.frame().rowCount();
            long shown = Math.min(rows, count);
            new Rows(console, json).print(source.frame(), count - shown, count);
        }
        return ExitCodes.OK;
    }
}
