package org.arrownpz.cli.verb;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.ColorFlag;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.diff.Difference;
import org.arrownpz.cli.diff.FrameDiff;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.internal.JsonObject;
import org.arrownpz.parquet.internal.text.JsonLines;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two files. */
@Command(
        name = "diff",
        description = "Compares two files of any formats: rows, names, labels, types, metadata and values.",
        footer = {
            "",
            "Values are compared bit for bit: -0.0 is not 0.0, and a NaN equals a NaN of the same bits. Null equals null.",
            "Values of columns whose types differ are not compared.",
            "Exit code 0 when nothing differs, 1 when something does or a file is damaged, 2 on misuse.",
            "",
            "Examples:",
            "  arrow-npz diff old.npz new.npz",
            "  arrow-npz diff --tolerance 1e-9 model.npz model.feather"
        })
public final class DiffCommand extends Verb {
    private static final int MAX_TEXT = 200;

    @Parameters(index = "0", paramLabel = "A", description = "A file of any format, or - for an Arrow stream.")
    String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    String second = "";

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "Take floats for equal that differ by at most T; all NaN are equal then, and -0.0 is 0.0.")
    @Nullable
    Double tolerance;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many rows that differ are printed for each column (default: ${DEFAULT-VALUE}).")
    int shown;

    @Option(names = "--json", description = "Print one JSON object per difference also on a terminal.")
    boolean json;

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ReadFlags flags = new ReadFlags();

    public DiffCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        double limit = tolerance == null ? -1 : tolerance;
        if (tolerance != null && !(limit >= 0)) {
            throw new UsageException("--tolerance takes a number from 0, not " + tolerance);
        }
        if (shown < 0) {
            throw new UsageException("--rows takes a number from 0, not " + shown);
        }
        List<Difference> differences;
        List<String> files = inputs.of(List.of(first, second));
        try (BufferAllocator allocator = allocator();
                Frame a = Source.open(allocator, files.get(0), flags, console);
                Frame b = Source.open(allocator, files.get(1), flags, console);
                Progress progress = Progress.start(console)) {
            differences = new FrameDiff(a, b, limit, shown, Math.min(a.batchRows(), b.batchRows()))
                    .compare(column -> progress.show("comparing " + column));
        }
        Console screen = color.apply(console);
        for (Difference difference : differences) {
            if (json || !console.outIsTerminal()) {
                JsonLines.print(json(difference), console.json());
            } else {
                screen.print(text(difference, screen));
            }
        }
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    private static JsonObject json(Difference difference) {
        return new JsonObject()
                .put("what", difference.what())
                .put("column", difference.column())
                .put("a", difference.a())
                .put("b", difference.b())
                .putKnown("rows", difference.rows())
                .put("first", difference.first().stream().map(DiffCommand::json).toList());
    }

    private static JsonObject json(Difference.Row row) {
        return new JsonObject()
                .put("row", row.row())
                .put("a", new JsonObject.Raw(row.a()))
                .put("b", new JsonObject.Raw(row.b()));
    }

    private static String text(Difference difference, Console screen) {
        String column = difference.column();
        StringBuilder text = new StringBuilder(difference.what().replace('_', ' '));
        if (column != null) {
            text.append(" of ").append(Ink.BOLD.on(screen, SafeText.escape(column, MAX_TEXT)));
        }
        if (difference.rows() < 0) {
            return text + ": " + sides(difference.a(), difference.b(), screen);
        }
        text.append(": " + Figures.count(difference.rows()))
                .append(difference.rows() == 1 ? " row differs\n" : " rows differ\n");
        for (Difference.Row row : difference.first()) {
            text.append("  " + row.row() + ": " + sides(row.a(), row.b(), screen));
        }
        return text.toString();
    }

    private static String sides(@Nullable String a, @Nullable String b, Console screen) {
        return Ink.RED.on(screen, side(a)) + " | " + Ink.GREEN.on(screen, side(b)) + "\n";
    }

    private static String side(@Nullable String text) {
        return text == null ? "(none)" : SafeText.escape(text, MAX_TEXT);
    }
}
