package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.DictionaryEncoding;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.ArrayCopy;
import org.arrownpz.cli.file.BatchSource;
import org.arrownpz.cli.file.ConvertPlan;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Converts files. */
@Command(
        name = "convert",
        description = {
            "Converts between formats, told by the names' extensions.",
            "Formats: " + Format.KNOWN + ", or - for a stream."
        },
        footer = {
            "",
            "Arrays of .npy and .npz files keep dtype, shape and order there, unless --form frame asks for a table.",
            "Columns that NumPy and StaticFrame will not see as they are in the result are listed on standard error.",
            "",
            "Examples:",
            "  arrow-npz convert prices.npz prices.feather",
            "  arrow-npz convert prices.feather prices/",
            "  arrow-npz convert --to feather --out out data/*.npz",
            "  arrow-npz convert bus.zip --to npz --out frames",
            "  arrow-npz convert prices.npz - | duckdb"
        })
public final class ConvertCommand extends Verb {
    private static final int DEFLATE_LEVEL = 6;
    /** Rows between two looks at how far text is. */
    private static final int TEXT_ROWS = 1 << 12;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Source and target; with --to and --out: any number of sources, or directories of them.")
    List<String> paths = List.of();

    @Option(
            names = "--to",
            paramLabel = "EXT",
            completionCandidates = Extensions.class,
            description =
                    "Extension of the targets: npz, npy, safetensors, feather, arrow, ipc, arrows, parquet, csv, json, or npydir.")
    @Nullable
    String to;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory of the targets, which keep their stems.")
    @Nullable
    String out;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description =
                    "NPZ, NPY targets: as_read (default; arrays stay as they are), frame (a table), or arrays (np.savez).")
    ArchiveForm form = ArchiveForm.AS_READ;

    @Option(names = "--layout", paramLabel = "LAYOUT", description = "Columns as auto, numpy blocks or arrow buffers.")
    ColumnLayout layout = ColumnLayout.AUTO;

    @Option(names = "--strings", paramLabel = "STRINGS", description = "Text as auto, unicode (<U) or arrow buffers.")
    StringEncoding strings = StringEncoding.AUTO;

    @Option(
            names = "--dictionaries",
            paramLabel = "DICTIONARIES",
            description = "Dictionary columns as buffers (default) or decode (plain values).")
    DictionaryEncoding dictionaries = DictionaryEncoding.BUFFERS;

    @Option(
            names = "--dtype",
            paramLabel = "ARRAY=TYPE",
            description = "The type of opaque elements (V1, V2) of an array, for safetensors: bfloat16, float8_e4m3fn, "
                    + "float8_e5m2 or float8_e8m0fnu. May be repeated.")
    Map<String, String> dtypes = new LinkedHashMap<>();

    @Option(names = "--deflate", description = "Deflate members. StaticFrame cannot read such files.")
    boolean deflate;

    @Option(
            names = "--deflate-level",
            paramLabel = "LEVEL",
            description = "1 (fast) to 9 (small), with --deflate; default: 6.")
    @Nullable
    Integer deflateLevel;

    @Option(names = "--strict", description = "Refuse what NumPy or StaticFrame cannot hold as it is.")
    boolean strict;

    @Mixin
    ResultFlags result = new ResultFlags();

    @Mixin
    ReadFlags flags = new ReadFlags();

    public ConvertCommand(Console console) {
        super(console);
    }

    /** The values of {@code --to}. */
    static final class Extensions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("npz npy safetensors feather arrow ipc arrows parquet csv json npydir".split(" "))
                    .iterator();
        }
    }

    @Override
    public Integer call() throws Exception {
        requireRange("--deflate-level", deflateLevel, 1, 9);
        ResultFlags.refuse(deflateLevel != null && !deflate, "--deflate-level", "--deflate, which is not given");
        List<ConvertPlan.Job> jobs = jobs();
        jobs.forEach(this::check);
        boolean many = out != null;
        int done = 0;
        long start = System.nanoTime();
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            for (int i = 0; i < jobs.size(); i++) {
                ConvertPlan.Job job = jobs.get(i);
                String name = job.frame() == null ? job.source() : job.source() + ", frame " + job.frame();
                String text = "converting " + name + (many ? " (" + (i + 1) + " of " + jobs.size() + ")" : "");
                progress.show(text);
                done += attempt(name, !many, () -> convert(allocator, job, text, progress)) ? 1 : 0;
            }
        }
        if (many) {
            sayDone(done, jobs, (System.nanoTime() - start) / 1e9);
        }
        return done == jobs.size() ? ExitCodes.OK : ExitCodes.DATA;
    }

    /** The last line of a batch, for those who look at the terminal again when it is over. */
    private void sayDone(int done, List<ConvertPlan.Job> jobs, double seconds) {
        int failed = jobs.size() - done;
        console.say("converted " + done + (done == 1 ? " file" : " files") + " in " + Progress.span(seconds)
                + (failed == 0 ? "" : ", " + failed + " failed"));
    }

    private List<ConvertPlan.Job> jobs() throws IOException {
        if (to == null && out == null) {
            if (paths.size() != 2) {
                throw new UsageException("one source and one target, or sources with --to and --out");
            }
            if (FileSet.of(paths.subList(0, 1)).many()) {
                throw new UsageException("%s stands for several files: convert them with --to and --out"
                        .formatted(Console.quote(paths.get(0))));
            }
            return ConvertPlan.single(paths.get(0), paths.get(1), result.force, console.outIsTerminal());
        }
        if (to == null || out == null) {
            throw new UsageException("--to and --out belong together");
        }
        if (Urls.isUrl(out)) {
            throw new UsageException("--out takes a directory; objects are written one by one, to s3://BUCKET/KEY");
        }
        return ConvertPlan.many(paths, to, Path.of(out), result.force, this::frames);
    }

    /** The frames of a Bus of which none is chosen. */
    private List<String> frames(String source) throws IOException {
        if (flags.frame != null || flags.array != null || Source.format(source) != Format.BUS) {
            return List.of();
        }
        try (BufferAllocator allocator = allocator();
                Bus bus = Bus.open(allocator, Path.of(source), flags.of("").options())) {
            return bus.labels();
        } catch (NpzException e) {
            // Said when it is its turn.
            return List.of();
        }
    }

    /** Refuses flags that say nothing of a target's format. */
    private void check(ConvertPlan.Job job) {
        result.check(job);
        boolean archive = job.format() == Format.NPZ;
        boolean numpy = archive || job.format() == Format.NPY || job.format() == Format.NPYDIR;
        String use = "NumPy's formats, not for " + job.quotedTarget();
        ResultFlags.refuse(deflate && !archive, "--deflate", "NPZ files, not for " + job.quotedTarget());
        ResultFlags.refuse(form != ArchiveForm.AS_READ && !numpy, "--form", use);
        ResultFlags.refuse(
                result.labels() && form == ArchiveForm.ARRAYS, "--index or --name", "frames, not for --form arrays");
        ResultFlags.refuse(layout != ColumnLayout.AUTO && !numpy, "--layout", use);
        ResultFlags.refuse(strings != StringEncoding.AUTO && !numpy, "--strings", use);
        ResultFlags.refuse(dictionaries != DictionaryEncoding.BUFFERS && !numpy, "--dictionaries", use);
        ResultFlags.refuse(strict && !numpy, "--strict", use);
        ResultFlags.refuse(
                !dtypes.isEmpty() && job.format() != Format.SAFETENSORS,
                "--dtype",
                "safetensors files, not for " + job.quotedTarget());
    }

    private void convert(BufferAllocator allocator, ConvertPlan.Job planned, String text, Progress progress)
            throws IOException {
        ConvertPlan.Job job = planned.of(inputs);
        WriteOptions options = writeOptions();
        show(job, text, Growth.length(job.source()), progress);
        if (job.frame() == null
                && !result.labels()
                && new ArrayCopy(job, flags, options, types(), out).run(allocator)) {
            return;
        }
        ReadFlags read = job.frame() == null ? flags : flags.of(job.frame());
        progress.follow("reading" + text.substring(text.indexOf(' ')), 0);
        try (Frame source = Source.open(allocator, job.source(), read, console)) {
            if (out != null) {
                Files.createDirectories(Path.of(out));
            }
            if (job.format() == Format.CSV || job.format() == Format.JSON) {
                writeRows(allocator, source, job, text, progress);
            } else {
                show(job, text, isRaw(job) || deflate ? Growth.length(source, job.source()) : 0, progress);
                result.write(source, result.target(job, options), console);
            }
        }
    }

    private boolean isRaw(ConvertPlan.Job job) {
        return !deflate && result.compression == null && job.format().isRaw();
    }

    /** @param length of the values, as far as it is known */
    private void show(ConvertPlan.Job job, String text, long length, Progress progress) {
        if (deflate) {
            progress.follow(text, length);
        } else {
            Growth.show(progress, text, job.target(), isRaw(job) ? length : 0);
        }
    }

    /** Text takes long: how far it is, rows tell. */
    private void writeRows(BufferAllocator allocator, Frame source, ConvertPlan.Job job, String text, Progress progress)
            throws IOException {
        AtomicLong done = new AtomicLong();
        progress.follow(text, done::get, Progress.Unit.ROWS);
        try (BatchSource batches = BatchSource.of(allocator, source, TEXT_ROWS);
                ArrowReader rows = batches.all(done::set)) {
            result.write(rows, job.target(), false, console);
        }
    }

    private Map<String, SmallFloat> types() {
        Map<String, SmallFloat> types = new LinkedHashMap<>();
        dtypes.forEach((array, name) -> {
            SmallFloat type = SmallFloat.ofName(name);
            if (type == null) {
                throw new UsageException("--dtype does not know " + Console.quote(name));
            }
            types.put(array, type);
        });
        return types;
    }

    private WriteOptions writeOptions() {
        WriteOptions options = WriteOptions.defaults()
                .withForm(form)
                .withLayout(layout)
                .withStrings(strings)
                .withDictionaries(dictionaries)
                .deflate(deflate ? Objects.requireNonNullElse(deflateLevel, DEFLATE_LEVEL) : 0);
        options = strict ? options.withStrict() : options;
        return result.force ? options.withOverwrite() : options;
    }
}
