package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink.ColorFlag;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.look.ArrayLook;
import org.arrownpz.cli.look.SetTable;
import org.arrownpz.cli.look.StatsTable;
import org.arrownpz.cli.print.Rows.Batches;
import org.arrownpz.cli.stats.ColumnStats;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints statistics of columns. */
@Command(
        name = "stats",
        description =
                "Prints nulls, extremes, mean, deviation, quantiles, histogram, distinct and most frequent values "
                        + "of each column, index levels first.",
        footer = {
            "",
            "All leave nulls and NaN out. Texts are measured by their lengths in characters, binaries in bytes, lists in",
            "elements. Quantiles are exact up to 65,536 values and of a sample beyond, distinct values up to 32,768 and",
            "estimated beyond (to about 1 part in 100): a tilde, 'sampled' and 'distinct_exact' tell so.",
            "Of several files, a terminal shows a line each. Of columns of vectors, and of arrays that are no table, all numbers",
            "count: min, mean, max, NaN, infinities and norm (the root of the sum of their squares).",
            "",
            "Examples:",
            "  arrow-npz stats -c open,close prices.npz",
            "  arrow-npz stats model.npz"
        })
public final class StatsCommand extends Verb {
    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files of any format, directories of them, or - for an Arrow stream.")
    List<String> paths = List.of();

    @Option(names = "--json", description = "Print one JSON object per column also on a terminal.")
    boolean json;

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ReadFlags flags = new ReadFlags();

    public StatsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        Console screen = color.apply(console);
        FileSet files = FileSet.of(inputs.of(paths), true, flags.frame != null);
        SetTable several = new SetTable(screen);
        int code = each(files, (allocator, path) -> {
            ReadFlags read = Source.named(allocator, path, flags);
            try (Source.Opened opened = Source.openAny(allocator, path, read, console, true)) {
                if (opened.arrays() != null) {
                    new ArrayLook(opened.arrays(), screen, json, files.many() ? path : null).printStats();
                    return;
                }
                Frame frame = Objects.requireNonNull(opened.frame());
                List<ColumnStats> columns = measure(frame);
                if (json || !console.outIsTerminal()) {
                    print(files.many() ? path : null, columns);
                } else if (files.many()) {
                    several.add(path, frame.rowCount(), columns);
                } else {
                    StatsTable.print(columns, frame.rowCount(), screen);
                }
            }
        });
        several.print();
        return code;
    }

    private List<ColumnStats> measure(Frame frame) throws IOException {
        List<Field> fields = frame.schema().getFields();
        List<ColumnStats> columns = new ArrayList<>(fields.size());
        for (Field field : fields) {
            columns.add(new ColumnStats(field, frame.dictionaries()));
        }
        boolean whole = frame.rowCount() <= Batches.MAX_ROOT_ROWS;
        try (Progress progress = Progress.start(console)) {
            Batches.each(frame, vectors -> {
                for (int i = 0; i < columns.size(); i++) {
                    progress.show("column " + fields.get(i).getName());
                    columns.get(i).add(vectors.get(i), frame.dictionaries());
                    if (whole) {
                        // Of many columns, one after the other takes memory.
                        columns.get(i).finish();
                    }
                }
            });
        }
        columns.forEach(ColumnStats::finish);
        return columns;
    }

    private void print(@Nullable String path, List<ColumnStats> columns) throws IOException {
        for (ColumnStats column : columns) {
            JsonObject object = column.toJson();
            JsonLines.print(path == null ? object : object.put("path", path), console.out());
        }
    }
}
