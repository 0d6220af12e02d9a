package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.ConvertPlan;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a Bus of frames. */
@Command(
        name = "bus",
        description = "Puts the frames of a directory, its .npz files, together in one archive: StaticFrame's Bus.",
        footer = {
            "",
            "Frames are labelled by their files' names without .npz, in the order of these, and stay as they are, byte for",
            "byte. 'convert' takes a Bus apart.",
            "",
            "Examples:",
            "  arrow-npz bus frames bus.zip",
            "  arrow-npz convert bus.zip --to npz --out apart"
        })
public final class BusCommand extends Verb {
    private static final String END = ".npz";

    @Parameters(index = "0", paramLabel = "DIR", description = "A directory of frames.")
    String source = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The archive, a name that ends in .zip.")
    String target = "";

    @Option(names = "--force", description = "Replace an existing target.")
    boolean force;

    public BusCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if (Format.ofName(target) != Format.BUS) {
            throw new UsageException("a Bus is a .zip file, and no " + Console.quote(target));
        }
        if (!Files.isDirectory(Path.of(source))) {
            throw new UsageException("there is no directory " + Console.quote(source));
        }
        ConvertPlan.refuseExisting(target, force);
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            Map<String, Path> frames = frames(allocator);
            long bytes = 0;
            for (Path frame : frames.values()) {
                bytes += Files.size(frame);
            }
            Growth.show(progress, "writing " + target, target, bytes);
            write(allocator, frames);
        }
        return ExitCodes.OK;
    }

    /** By label, in order. */
    private Map<String, Path> frames(BufferAllocator allocator) throws IOException {
        Map<String, Path> frames = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(source), "*" + END)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(".") || !Files.isRegularFile(file)) {
                    continue;
                }
                if (Frames.inspect(allocator, file).kind() != FrameSummary.Kind.FRAME) {
                    throw new UsageException(
                            Console.quote(file) + " holds no frame; convert its arrays to one with --form frame");
                }
                frames.put(name.substring(0, name.length() - END.length()), file);
            }
        }
        if (frames.isEmpty()) {
            throw new UsageException("there are no .npz files in " + Console.quote(source));
        }
        return frames;
    }

    private void write(BufferAllocator allocator, Map<String, Path> frames) throws IOException {
        WriteOptions options = force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
        try (NpzWriter writer = NpzWriter.create(Urls.path(target), options)) {
            for (Map.Entry<String, Path> frame : frames.entrySet()) {
                Mapping mapping = ReadOptions.defaults().mapping();
                try (ByteSource content = ByteSources.open(allocator, frame.getValue(), mapping)) {
                    writer.copy(frame.getKey() + END, content);
                }
            }
            writer.finish();
        }
    }
}
