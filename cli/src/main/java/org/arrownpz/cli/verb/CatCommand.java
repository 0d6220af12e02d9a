package org.arrownpz.cli.verb;

import java.io.IOException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints all rows. */
@Command(
        name = "cat",
        description = "Prints all rows: a table on a terminal, else one JSON object per row.",
        footer = {
            "",
            "JSON: one object per row and line; keys are the column names, index levels first. Integers and decimals",
            "are exact, unsigned ones too. Finite floats have the fewest digits that read back as the same number;",
            "the others are the strings \"NaN\", \"Infinity\" and \"-Infinity\". Null and NaT are null. Times are",
            "ISO 8601 strings: dates 2020-01-31; timestamps with all digits of their unit, 2020-01-31T09:30:00.000001,",
            "and Z where they are instants; durations PT1H30M; intervals P1Y2M. A datetime64 or timedelta64 in a unit",
            "that Arrow lacks is its integer; 'schema' tells the unit. Bytes are base64. Lists and complex numbers are",
            "arrays, structs objects, maps arrays of objects with key and value.",
            "",
            "Example: arrow-npz cat --json prices.npz | jq -c '{date, close}'"
        })
public final class CatCommand extends FrameVerb {
    @Option(names = "--json", description = "Print JSON also on a terminal.")
    boolean json;

    @Option(
            names = {"-n", "--rows"},
            paramLabel = "N",
            defaultValue = "" + Rows.TABLE_ROWS,
            description = "The most rows of a table, from both ends (default: ${DEFAULT-VALUE}); JSON has all.")
    long rows = Rows.TABLE_ROWS;

    public CatCommand(Console console) {
        super(console);
    }

    @Override
    void print(Frame frame) throws IOException {
        requireRange("--rows", rows, 0, Long.MAX_VALUE);
        new Rows(screen(), json, rows).print(frame, 0, frame.rowCount());
    }
}
