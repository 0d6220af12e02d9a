package org.arrownpz.cli.verb;

import java.util.ArrayList;
import java.util.List;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink.ColorFlag;
import org.arrownpz.cli.file.ArchiveFlags;
import org.arrownpz.cli.file.FileInfo;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.look.InfoText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what is in a file. */
@Command(
        name = "info",
        description = "Tells what is in files: kind, labels, arrays, and which of them can be viewed without a copy.",
        footer = {
            "",
            "Of several files, or of a directory of files, a terminal shows a line each.",
            "",
            "Example: arrow-npz info prices.npz"
        })
public final class InfoCommand extends Verb {
    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files, NPY directories, directories of files, or - for a stream.")
    List<String> paths = List.of();

    @Option(names = "--json", description = "Print one JSON object per path also on a terminal.")
    boolean json;

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ArchiveFlags flags = new ArchiveFlags();

    public InfoCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        ReadOptions options = flags.apply(ReadOptions.defaults());
        Console screen = color.apply(console);
        FileSet files = FileSet.of(inputs.of(paths));
        List<FileInfo> several = new ArrayList<>();
        int code = each(files, (allocator, path) -> {
            FileInfo info = FileInfo.of(allocator, path, options, console);
            if (json || !console.outIsTerminal()) {
                JsonLines.print(info.toJson(), console.out());
            } else if (files.many()) {
                several.add(info);
            } else {
                InfoText.print(info, screen);
            }
        });
        if (!several.isEmpty()) {
            InfoText.print(several, screen);
        }
        return code;
    }
}
