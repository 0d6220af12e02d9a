package org.arrownpz.cli.file;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.FlagValues.CommaList;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.ParquetOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the verbs that make a frame, and what becomes of it: a file, or rows on standard output. */
public final class ResultFlags {
    @Option(names = "--force", description = "Replace existing targets.")
    public boolean force;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = "Arrow targets: none (default), lz4 or zstd; such files cannot be mapped. Parquet targets: "
                    + "snappy (default), zstd, lz4 or none.")
    public @Nullable Compression compression;

    @Option(
            names = "--row-group-rows",
            paramLabel = "N",
            description = "Parquet targets: the most rows of a row group; default: 1048576.")
    public @Nullable Long rowGroupRows;

    @Option(
            names = "--index",
            split = ",",
            preprocessor = CommaList.class,
            paramLabel = "NAME",
            description =
                    "Make these columns the index of the result, outermost level first, in place of a former one.")
    public @Nullable List<String> index;

    @Option(names = "--name", paramLabel = "NAME", description = "Name the resulting frame.")
    public @Nullable String name;

    /** Whether labels are asked for, which arrays alone do not have. */
    public boolean labels() {
        return index != null || name != null;
    }

    /**
     * Refuses targets that cannot be, and flags that say nothing of them, before anything is read.
     *
     * @param target null for printing
     * @param json whether rows are to be printed as JSON
     */
    public void check(@Nullable String target, boolean json, Console console) {
        if (target == null) {
            refuse(compression != null, "--compression", "files, and rows are printed here");
            refuse(rowGroupRows != null, "--row-group-rows", "files, and rows are printed here");
            refuse(index != null, "--index", "files, and rows are printed here");
            refuse(name != null, "--name", "files, and rows are printed here");
            return;
        }
        refuse(json, "--json", "printing, and there is a target");
        ConvertPlan.single("", target, force, console.outIsTerminal()).forEach(this::check);
    }

    /** Refuses flags that say nothing of the target's format. */
    public void check(ConvertPlan.Job job) {
        boolean parquet = job.format() == Format.PARQUET;
        boolean arrow = job.format().isIpc() || job.format() == Format.PIPE;
        refuse(
                compression != null && !arrow && !parquet,
                "--compression",
                "Arrow and Parquet files, not for " + job.quotedTarget());
        refuse(
                compression == Compression.SNAPPY && !parquet,
                "--compression snappy",
                "Parquet files, not for " + job.quotedTarget());
        refuse(rowGroupRows != null && !parquet, "--row-group-rows", "Parquet files, not for " + job.quotedTarget());
        if (rowGroupRows != null && rowGroupRows < 1) {
            throw new UsageException("--row-group-rows takes a positive number, not " + rowGroupRows);
        }
        boolean keepsLabels = arrow || parquet || job.format() == Format.NPZ || job.format() == Format.NPYDIR;
        String use = "files that keep labels (.npz, NPY directories, Arrow, Parquet), not for " + job.quotedTarget();
        refuse(index != null && !keepsLabels, "--index", use);
        refuse(name != null && !keepsLabels, "--name", use);
    }

    /** Refuses a flag that is given and would be ignored. */
    public static void refuse(boolean ignored, String flag, String use) {
        if (ignored) {
            throw new UsageException(flag + " is for " + use);
        }
    }

    /** Writes the frame to the target, or prints its rows where that is null. */
    public void write(Frame frame, @Nullable String target, boolean json, Console console) throws IOException {
        if (target == null) {
            new Rows(console, json).print(frame, 0, frame.rowCount());
            return;
        }
        write(frame, target(target, console), console);
    }

    /** Writes the frame, under the labels that are asked for. */
    public void write(Frame frame, Target target, Console console) throws IOException {
        // Frames under other labels live as long as the one they are made of.
        try (Frame held = frame.share()) {
            Frame made = index == null ? held : held.withIndex(indexed(held, index));
            target.write(name == null ? made : made.withName(name), console);
        }
    }

    private static String[] indexed(Frame frame, List<String> wanted) throws IOException {
        ColumnNames names = ColumnNames.of(frame);
        for (String name : wanted) {
            if (names.levels().contains(name) && !names.columns().contains(name)) {
                throw new UsageException("--index takes columns in place of the former index, of which "
                        + Console.quote(name) + " is a level");
            }
        }
        return names.chosen(wanted).toArray(String[]::new);
    }

    /** The same for batches. */
    public void write(ArrowReader reader, @Nullable String target, boolean json, Console console) throws IOException {
        if (target == null) {
            new Rows(console, json).print(reader);
            return;
        }
        Target output = target(target, console);
        if (labels()) {
            output.whole(reader, frame -> write(frame, output, console));
        } else {
            output.write(reader, console);
        }
    }

    private Target target(String name, Console console) {
        ConvertPlan.Job job =
                ConvertPlan.single("", name, force, console.outIsTerminal()).get(0);
        return target(job, options());
    }

    /** The options for NumPy formats. */
    public WriteOptions options() {
        return force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
    }

    /** The output that a job and the flags ask for. */
    public Target target(ConvertPlan.Job job, WriteOptions options) {
        IpcOptions ipc = IpcOptions.defaults();
        ParquetOptions parquet = ParquetOptions.defaults().withDurability(options.durability());
        if (compression != null) {
            ipc = compression.arrow() == null ? ipc : ipc.withCompression(compression.arrow());
            parquet = parquet.withCompression(compression.parquet());
        }
        parquet = rowGroupRows == null ? parquet : parquet.withRowGroupRows(rowGroupRows);
        // Arrays that were read as such would be written so, without labels.
        boolean frame = labels() && options.form() == ArchiveForm.AS_READ;
        return new Target(
                job.target(), job.format(), frame ? options.withForm(ArchiveForm.FRAME) : options, ipc, parquet);
    }

    /** The values of {@code --compression}: names of codecs that Arrow or Parquet files have. */
    public enum Compression {
        NONE(IpcOptions.Compression.NONE, ParquetOptions.Compression.NONE),
        SNAPPY(null, ParquetOptions.Compression.SNAPPY),
        LZ4(IpcOptions.Compression.LZ4, ParquetOptions.Compression.LZ4),
        ZSTD(IpcOptions.Compression.ZSTD, ParquetOptions.Compression.ZSTD);

        private final IpcOptions.@Nullable Compression arrow;
        private final ParquetOptions.Compression parquet;

        Compression(IpcOptions.@Nullable Compression arrow, ParquetOptions.Compression parquet) {
            this.arrow = arrow;
            this.parquet = parquet;
        }

        /** The codec of Arrow files, which have no Snappy: null. */
        IpcOptions.@Nullable Compression arrow() {
            return arrow;
        }

        ParquetOptions.Compression parquet() {
            return parquet;
        }
    }
}
