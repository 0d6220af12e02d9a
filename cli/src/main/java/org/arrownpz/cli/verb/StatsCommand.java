package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.print.Batches;
import org.arrownpz.cli.print.TextTable;
import org.arrownpz.cli.stats.ColumnStats;
import org.arrownpz.frame.Frame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints statistics of columns. */
@Command(
        name = "stats",
        description = "Prints count, nulls, minimum, maximum and mean of each column, index levels first.",
        footer = {
            "",
            "Minimum, maximum and mean leave nulls and NaN out. Texts have their least and greatest length in characters,",
            "binaries in bytes, lists in elements.",
            "",
            "Example: arrow-npz stats -c open,close prices.npz"
        })
public final class StatsCommand extends Verb {
    private static final Set<String> NUMBERS =
            Set.of("count", "nulls", "nan", "min", "max", "mean", "min_length", "max_length");

    @Parameters(paramLabel = "PATH", description = "A file of any format, or - for an Arrow stream.")
    String path = "";

    @Option(names = "--json", description = "Print one JSON object per column also on a terminal.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    public StatsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        try (BufferAllocator allocator = allocator();
                Source source = Source.open(allocator, path, flags, console);
                Progress progress = Progress.start(console)) {
            Frame frame = source.frame();
            List<Field> fields = frame.schema().getFields();
            List<ColumnStats> columns = new ArrayList<>(fields.size());
            for (Field field : fields) {
                columns.add(new ColumnStats(field));
            }
            Batches.each(frame, vectors -> {
                for (int i = 0; i < columns.size(); i++) {
                    progress.show("column " + fields.get(i).getName());
                    columns.get(i).add(vectors.get(i), frame.dictionaries());
                }
            });
            print(columns);
        }
        return ExitCodes.OK;
    }

    private void print(List<ColumnStats> columns) throws IOException {
        if (json || !console.outIsTerminal()) {
            for (ColumnStats column : columns) {
                JsonLines.print(column.toJson(), console.out());
            }
            return;
        }
        TextTable table = TextTable.of(ColumnStats.KEYS, NUMBERS);
        columns.forEach(column -> table.add(column.toCells().toArray(String[]::new)));
        console.print(table.take());
    }
}
