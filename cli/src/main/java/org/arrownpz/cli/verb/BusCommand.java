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
        description =
                "Puts the frames of a directory, .npz files or NPY directories, together in one archive: StaticFrame's"
                        + " Bus.",
        footer = {
            "",
            "Frames are labelled by their names without .npz, in the order of these, and stay as they are, byte for byte. What",
            "StaticFrame's to_manifest writes is such a directory. 'convert' takes a Bus apart.",
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
            Map<String, Path> members = members(allocator);
            long bytes = 0;
            for (Path member : members.values()) {
                bytes += Files.size(member);
            }
            Growth.show(progress, "writing " + target, target, bytes);
            write(allocator, members);
        }
        return ExitCodes.OK;
    }

    /** Files by the names that they get in the archive, in order. */
    private Map<String, Path> members(BufferAllocator allocator) throws IOException {
        Map<String, Path> archives = new TreeMap<>();
        Map<String, Path> parts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(source), "[!.]*")) {
            for (Path file : files) {
                boolean directory = ConvertPlan.isFrame(file);
                if (!directory && !(file.toString().endsWith(END) && Files.isRegularFile(file))) {
                    continue;
                }
                if (Frames.inspect(allocator, file).kind() != FrameSummary.Kind.FRAME) {
                    throw new UsageException(
                            Console.quote(file) + " holds no frame; convert its arrays to one with --form frame");
                }
                if (directory) {
                    parts(file, parts);
                } else {
                    archives.put(file.getFileName().toString(), file);
                }
            }
        }
        if (archives.isEmpty() == parts.isEmpty()) {
            throw new UsageException("there are " + (parts.isEmpty() ? "no" : "both") + " .npz files "
                    + (parts.isEmpty() ? "or" : "and") + " NPY directories in " + Console.quote(source));
        }
        archives.putAll(parts);
        return archives;
    }

    private static void parts(Path frame, Map<String, Path> parts) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(frame, "__*__.{npy,json}")) {
            for (Path file : files) {
                parts.put(frame.getFileName() + "/" + file.getFileName(), file);
            }
        }
    }

    private void write(BufferAllocator allocator, Map<String, Path> members) throws IOException {
        WriteOptions options = force ? WriteOptions.defaults().withOverwrite() : WriteOptions.defaults();
        try (NpzWriter writer = NpzWriter.create(Urls.path(target), options)) {
            for (Map.Entry<String, Path> member : members.entrySet()) {
                Mapping mapping = ReadOptions.defaults().mapping();
                try (ByteSource content = ByteSources.open(allocator, member.getValue(), mapping)) {
                    writer.copy(member.getKey(), content);
                }
            }
            writer.finish();
        }
    }
}
