package org.arrownpz.cli.verb;

import static org.arrownpz.cli.console.Console.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.ConvertPlan;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.HeaderFlag;
import org.arrownpz.cli.file.PasteSource;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds arrays to an archive. */
@Command(
        name = "add",
        description = "Adds arrays of .npy files to an NPZ archive, whose other members stay as they are.",
        footer = {
            "",
            "Each array is named as its file or by NAME=. The archive is replaced in one step.",
            "",
            "Examples:",
            "  arrow-npz add model.npz bias=b.npy",
            "  arrow-npz add model.npz w.npy b.npy -o larger.npz"
        })
public final class AddCommand extends Verb {
    @Parameters(index = "0", paramLabel = "ARCHIVE", description = "An .npz file.")
    String archive = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "[NAME=]PATH", description = "The .npy files to add.")
    List<String> paths = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "PATH",
            description = "Write the result there and leave the archive as it is.")
    @Nullable
    String target;

    @Option(names = "--force", description = "Replace arrays of the same names, and an existing target.")
    boolean force;

    @Mixin
    HeaderFlag header = new HeaderFlag();

    public AddCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        requireArchive(archive);
        String written = archive;
        if (target != null) {
            requireArchive(target);
            ConvertPlan.refuseExisting(target, force);
            written = target;
        }
        Map<String, Path> files = new LinkedHashMap<>();
        for (String path : paths) {
            PasteSource source = PasteSource.parse(path, inputs);
            if (source.name() == null || Source.format(source.path()) != Format.NPY) {
                throw new UsageException("arrays of .npy files are added, not " + quote(source.path()));
            }
            if (files.putIfAbsent(source.name(), Urls.path(source.path())) != null) {
                throw new UsageException(
                        "two arrays are called " + quote(source.name()) + ": name one of them (NAME=PATH)");
            }
        }
        ReadOptions read = header.apply(ReadOptions.defaults());
        WriteOptions write = force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
        List<AutoCloseable> owned = new ArrayList<>();
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            Growth.show(progress, written);
            try {
                Map<String, NumpyArray> arrays = new LinkedHashMap<>();
                for (Map.Entry<String, Path> file : files.entrySet()) {
                    NumpyArray array = Npy.load(allocator, file.getValue(), read);
                    owned.add(array);
                    arrays.put(file.getKey(), array);
                }
                Npz.add(allocator, Urls.path(archive), Urls.path(written), arrays, read, write);
            } finally {
                AutoCloseables.close(owned);
            }
        }
        return ExitCodes.OK;
    }

    private static void requireArchive(String path) {
        if (Format.ofName(path) != Format.NPZ) {
            throw new UsageException("arrays are added to an .npz file, not to " + quote(path));
        }
    }
}
