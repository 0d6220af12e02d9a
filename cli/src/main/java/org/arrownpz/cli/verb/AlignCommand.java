package org.arrownpz.cli.verb;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.Address;
import org.arrownpz.cli.file.ConvertPlan;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.HeaderFlag;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.cli.file.WriteNotes;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.AlignReport;
import org.arrownpz.support.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rewrites files so that they can be viewed without copies. */
@Command(
        name = "align",
        description = "Rewrites an NPZ, NPY or Bus file or an NPY directory so that all of it is read without copies.",
        footer = {
            "",
            "Arrays start at multiples of 64 bytes, members are stored, blocks of frames are in Fortran order. Values,",
            "labels, metadata and the order of members stay. Data are checked against their checksums first.",
            "",
            "Examples:",
            "  arrow-npz align theirs.npz fast.npz",
            "  arrow-npz align --tolerant --force damaged.npz damaged.npz"
        })
public final class AlignCommand extends Verb {
    @Parameters(index = "0", paramLabel = "IN", description = "A .npz, .npy or .zip file, or an NPY directory.")
    String source = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The target; may be the source, with --force.")
    String target = "";

    @Option(
            names = "--tolerant",
            description = "Repair archives with bytes before, between and after members; those bytes are dropped.")
    boolean tolerant;

    @Option(names = "--force", description = "Replace an existing target.")
    boolean force;

    @Option(names = "--strict", description = "Refuse what NumPy or StaticFrame will not see as it is.")
    boolean strict;

    @Option(names = "--json", description = "Print what was done as a JSON object.")
    boolean json;

    @Mixin
    HeaderFlag header = new HeaderFlag();

    public AlignCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (source.equals("-") || target.equals("-")) {
            throw new UsageException("align reads and writes files, not streams");
        }
        ConvertPlan.refuseExisting(target, force);
        ReadOptions read = header.apply(ReadOptions.defaults());
        if (tolerant) {
            read = read.withZipLayout(ZipLayout.TOLERANT);
        }
        WriteOptions write = force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
        AlignReport report;
        Address address = Address.of(source);
        if (address.array() != null) {
            throw new UsageException("align rewrites whole files, not one array: convert " + Console.quote(source)
                    + " into an .npy file");
        }
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            List<String> unseen = WriteNotes.of(allocator, address.path(), read);
            if (strict && !unseen.isEmpty()) {
                throw new UsageException(String.join("; ", unseen) + " (--strict)");
            }
            Growth.show(progress, "aligning " + source, target, Growth.length(source));
            report = Frames.align(allocator, Urls.path(address.path()), Urls.path(target), read, write);
            if (!unseen.isEmpty()) {
                WriteNotes.of(allocator, target, read).forEach(console::say);
            }
        }
        if (json) {
            JsonObject done = new JsonObject()
                    .put("path", target)
                    .put("members", report.members())
                    .put("transposed", report.transposed())
                    .put("inflated", report.inflated());
            JsonLines.print(done, console.out());
        } else if (console.errIsTerminal()) {
            console.say(SafeText.escape(target, 4096) + ": " + report.members() + " members, " + report.transposed()
                    + " transposed, " + report.inflated() + " inflated");
        }
        return ExitCodes.OK;
    }
}
