package org.arrownpz.cli.verb;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.file.ArchiveFlags;
import org.arrownpz.cli.file.FileInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what is in a file. */
@Command(
        name = "info",
        description = "Tells what is in files: kind, labels, arrays, and which of them can be viewed without a copy.",
        footer = {"", "Example: arrow-npz info prices.npz"})
public final class InfoCommand extends Verb {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, NPY directories, or - for a stream.")
    List<String> paths = List.of();

    @Option(names = "--json", description = "Print one JSON object per path also on a terminal.")
    boolean json;

    @Mixin
    ArchiveFlags flags = new ArchiveFlags();

    public InfoCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        ReadOptions options = flags.apply(ReadOptions.defaults());
        boolean ok = true;
        try (BufferAllocator allocator = allocator()) {
            for (String path : paths) {
                ok &= attempt(path, paths.size() == 1, () -> {
                    FileInfo info = FileInfo.of(allocator, path, options, console);
                    if (json || !console.outIsTerminal()) {
                        JsonLines.print(info.toJson(), console.out());
                    } else {
                        console.print(info.toText());
                    }
                });
            }
        }
        return ok ? ExitCodes.OK : ExitCodes.DATA;
    }
}
