package org.arrownpz.cli.file;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.print.Rows;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.IpcCompression;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the verbs that make a frame, and what becomes of it: a file, or rows on standard output. */
public final class ResultFlags {
    @Option(names = "--force", description = "Replace existing targets.")
    public boolean force;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = "Arrow targets: none (default), lz4 or zstd. Compressed files cannot be mapped.")
    public @Nullable IpcCompression compression;

    /**
     * Refuses targets that cannot be, and flags that say nothing of them, before anything is read.
     *
     * @param target null for printing
     * @param json whether rows are to be printed as JSON
     */
    public void check(@Nullable String target, boolean json, Console console) {
        if (target == null) {
            refuse(compression != null, "--compression", "files, and rows are printed here");
            return;
        }
        refuse(json, "--json", "printing, and there is a target");
        ConvertPlan.single("", target, force, console.outIsTerminal()).forEach(this::check);
    }

    /** Refuses flags that say nothing of the target's format. */
    public void check(ConvertPlan.Job job) {
        boolean arrow = job.format().isIpc() || job.format() == Format.PIPE;
        refuse(compression != null && !arrow, "--compression", "Arrow files, not for " + job.quotedTarget());
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
        sayHidden(target, target(target, console).write(frame, console), console);
    }

    /** The same for batches. */
    public void write(ArrowReader reader, @Nullable String target, boolean json, Console console) throws IOException {
        if (target == null) {
            new Rows(console, json).print(reader);
            return;
        }
        sayHidden(target, target(target, console).write(reader, console), console);
    }

    private Target target(String name, Console console) {
        ConvertPlan.Job job =
                ConvertPlan.single("", name, force, console.outIsTerminal()).get(0);
        WriteOptions options = force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
        return target(job, options);
    }

    /** The output that a job and the flags ask for. */
    public Target target(ConvertPlan.Job job, WriteOptions options) {
        return new Target(
                job.target(), job.format(), options, compression == null ? IpcCompression.NONE : compression);
    }

    /** Tells which columns NumPy and StaticFrame do not see in a file. */
    public static void sayHidden(String target, List<String> hidden, Console console) {
        if (!hidden.isEmpty()) {
            console.say(SafeText.escape(target, 4096) + ": NumPy and StaticFrame will not see "
                    + (hidden.size() == 1 ? "column " : hidden.size() + " columns: ")
                    + SafeText.escape(String.join(", ", hidden), 1000));
        }
    }
}
