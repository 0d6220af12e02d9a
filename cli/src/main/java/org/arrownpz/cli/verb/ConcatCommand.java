package org.arrownpz.cli.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.HeaderFlag;
import org.arrownpz.cli.file.PasteSource;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.frame.Frames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the rows of files one after the other. */
@Command(
        name = "concat",
        description = "Puts the rows of several files with the same columns one after the other.",
        footer = {
            "",
            "Labels and names are those of the first file. Columns have to agree in names and types.",
            "",
            "Examples:",
            "  arrow-npz concat monday.npz tuesday.npz -o week.npz",
            "  arrow-npz concat part-0.parquet part-1.feather -o whole.parquet"
        })
public final class ConcatCommand extends Verb {
    /** The name that {@code np.savez} gives to an array without one. */
    private static final String UNNAMED = "arr_0";

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files of any format, or - for one on standard input, in the order of their rows.")
    List<String> paths = List.of();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "PATH",
            description = "The target; - for an Arrow stream.")
    String target = "";

    @Mixin
    HeaderFlag header = new HeaderFlag();

    @Mixin
    ResultFlags result = new ResultFlags();

    public ConcatCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        result.check(target, false, console);
        Format format = Format.ofName(target);
        // Between NumPy's files, a matrix stays one array.
        boolean arrays = (format == Format.NPY || format == Format.NPZ)
                && !result.labels()
                && paths.stream().allMatch(path -> Format.ofName(path) == Format.NPY);
        List<String> files = inputs.of(paths);
        List<AutoCloseable> owned = new ArrayList<>();
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            Growth.show(progress, target);
            try {
                Map<String, ArrowReader> readers = new LinkedHashMap<>();
                for (int i = 0; i < files.size(); i++) {
                    String path = files.get(i);
                    PasteSource source = new PasteSource(path, arrays ? UNNAMED : null);
                    // A file may be named more than once.
                    readers.put(
                            readers.containsKey(path) ? path + " (" + (i + 1) + ")" : path,
                            source.open(allocator, header, console, owned));
                }
                try (ArrowReader rows = Frames.concat(allocator, readers)) {
                    result.write(rows, target, false, console);
                }
            } finally {
                AutoCloseables.close(owned);
            }
        }
        return ExitCodes.OK;
    }
}
