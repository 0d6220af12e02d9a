package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.HeaderFlag;
import org.arrownpz.cli.file.PasteSource;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts files side by side. */
@Command(
        name = "paste",
        description = "Puts the columns of several files of the same number of rows side by side.",
        footer = {
            "",
            "An .npy file is one column, named as the file or by NAME=: rows of a matrix become vectors.",
            "",
            "Examples:",
            "  arrow-npz paste ids.parquet embeddings.npy -o table.parquet",
            "  arrow-npz paste ids.npy vector=embeddings.npy -o table.npz"
        })
public final class PasteCommand extends Verb {
    @Parameters(
            paramLabel = "[NAME=]PATH",
            arity = "1..*",
            description = "Files of any format, or - for one on standard input, in the order of their columns.")
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

    public PasteCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        result.check(target, false, console);
        Map<String, PasteSource> sources = new LinkedHashMap<>();
        for (String path : paths) {
            PasteSource source = PasteSource.parse(path, inputs);
            if (sources.putIfAbsent(source.path(), source) != null) {
                throw new UsageException(Console.quote(source.path()) + " is named twice");
            }
        }
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            Growth.show(progress, target);
            List<AutoCloseable> owned = new ArrayList<>();
            try {
                if (areArrays(sources, allocator)) {
                    long bytes = 0;
                    for (String path : sources.keySet()) {
                        bytes += Growth.length(path);
                    }
                    Growth.show(progress, "writing " + target, target, bytes);
                    Npz.save(Urls.path(target), arrays(sources, allocator, owned), result.options());
                } else {
                    tables(sources, allocator, owned);
                }
            } finally {
                AutoCloseables.close(owned);
            }
        }
        return ExitCodes.OK;
    }

    private void tables(Map<String, PasteSource> sources, BufferAllocator allocator, List<AutoCloseable> owned)
            throws IOException {
        Map<String, ArrowReader> readers = new LinkedHashMap<>();
        for (PasteSource source : sources.values()) {
            readers.put(source.path(), source.open(allocator, header, console, owned));
        }
        try (ArrowReader pasted = Frames.paste(allocator, readers)) {
            result.write(pasted, target, false, console);
        }
    }

    /** Whether arrays go from NumPy's files to an archive, as they are. */
    private boolean areArrays(Map<String, PasteSource> sources, BufferAllocator allocator) throws IOException {
        if (Format.ofName(target) != Format.NPZ || result.labels()) {
            return false;
        }
        for (PasteSource source : sources.values()) {
            if (!source.isArrays(allocator, options())) {
                return false;
            }
        }
        return true;
    }

    private Map<String, NumpyArray> arrays(
            Map<String, PasteSource> sources, BufferAllocator allocator, List<AutoCloseable> owned) throws IOException {
        Map<String, NumpyArray> arrays = new LinkedHashMap<>();
        for (PasteSource source : sources.values()) {
            Path path = Urls.path(source.path());
            if (Format.ofName(source.path()) == Format.NPZ) {
                NumpyArrays archive = Npz.load(allocator, path, options());
                owned.add(archive);
                for (String name : archive.names()) {
                    add(name, archive.get(name), source, arrays);
                }
            } else {
                NumpyArray array = Npy.load(allocator, path, options());
                owned.add(array);
                add(Objects.requireNonNull(source.name()), array, source, arrays);
            }
        }
        return arrays;
    }

    private static void add(String name, NumpyArray array, PasteSource source, Map<String, NumpyArray> arrays)
            throws IOException {
        if (!arrays.isEmpty()) {
            Map.Entry<String, NumpyArray> first = arrays.entrySet().iterator().next();
            if (rows(array) != rows(first.getValue())) {
                throw Location.ofFile(source.path())
                        .error(ErrorCode.FRAME_SHAPE, "columns side by side have as many rows as each other")
                        .expected(rows(first.getValue()) + " rows, as " + Console.quote(first.getKey()) + " has them")
                        .found(rows(array) + " rows")
                        .build();
            }
        }
        if (arrays.putIfAbsent(name, array) != null) {
            throw new IllegalArgumentException("the column " + Console.quote(name) + " is in "
                    + Console.quote(source.path()) + " and in a file before it: columns side by side need names of "
                    + "their own (NAME=PATH)");
        }
    }

    private static long rows(NumpyArray array) {
        Shape shape = array.header().shape();
        return shape.dimensions() == 0 ? 1 : shape.length(0);
    }

    private ReadOptions options() {
        return header.apply(ReadOptions.defaults());
    }
}
