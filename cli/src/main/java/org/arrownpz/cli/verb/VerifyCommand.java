package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.SafeText;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Ink.ColorFlag;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.Address;
import org.arrownpz.cli.file.ArchiveFlags;
import org.arrownpz.cli.file.ArraySet;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.Tables;
import org.arrownpz.support.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks files. */
@Command(
        name = "verify",
        description = "Checks files and NPY directories without printing their data.",
        footer = {
            "",
            "Levels: structure (headers, directory, sizes, metadata), crc (also checksums), content (also values).",
            "Exit code 1 when any file is not in order.",
            "",
            "Example: arrow-npz verify --level content --json *.npz"
        })
public final class VerifyCommand extends Verb {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, NPY directories, or directories of files.")
    List<String> paths = List.of();

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            defaultValue = "crc",
            description = "structure, crc or content; default: ${DEFAULT-VALUE}.")
    Verify level = Verify.CRC;

    @Option(names = "--json", description = "Print one JSON object per path also on a terminal.")
    boolean json;

    @Mixin
    ColorFlag color = new ColorFlag();

    @Mixin
    ArchiveFlags flags = new ArchiveFlags();

    public VerifyCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        for (String path : paths) {
            if (path.equals("-")) {
                throw new UsageException("standard input cannot be verified; name files");
            }
        }
        Console screen = color.apply(console);
        FileSet files = FileSet.of(inputs.of(paths));
        int bad = 0;
        try (BufferAllocator allocator = allocator()) {
            for (String path : files.names()) {
                Verification verdict = verify(allocator, path);
                bad += verdict.ok() ? 0 : 1;
                String named = console.named(path);
                print(json, json(named, verdict), () -> text(named, verdict, screen));
                console.out().flush();
            }
        }
        if (files.many() && !json && console.outIsTerminal()) {
            screen.print(summary(files.names().size(), bad, screen));
        }
        return bad == 0 ? ExitCodes.OK : ExitCodes.DATA;
    }

    private Verification verify(BufferAllocator allocator, String name) {
        try {
            return judge(allocator, name);
        } catch (OutOfMemoryException | OutOfMemoryError e) {
            // The other files are not at fault.
            NpzException fault = Location.ofFile(name)
                    .error(ErrorCode.LIMIT, "out of memory")
                    .remedy("Give Java more with -Xmx")
                    .cause(e)
                    .build();
            return new Verification("unknown", level, fault);
        }
    }

    private Verification judge(BufferAllocator allocator, String name) {
        Address address = Address.of(name);
        Path path = Urls.path(address.path());
        Format format = Source.format(address.path());
        ReadOptions options = flags.apply(ReadOptions.defaults().withVerify(level));
        String array = address.array();
        if (array != null) {
            return verdict("npy", () -> checkArray(allocator, path, array, options));
        }
        if (format != null && format.isIpc()) {
            return verdict("ipc", () -> checkIpc(allocator, path));
        }
        if (format != null && format.isRead()) {
            ReadOptions read = ReadOptions.defaults().withVerify(level);
            return verdict(
                    format.name().toLowerCase(Locale.ROOT),
                    () -> Tables.read(allocator, path, read).close());
        }
        if (format == Format.SAFETENSORS) {
            ReadOptions read = flags.apply(ReadOptions.defaults());
            return verdict(
                    "safetensors", () -> Safetensors.load(allocator, path, read).close());
        }
        return Frames.verify(allocator, path, options);
    }

    /** Reads a file, which throws what is wrong with it. */
    private interface Check {
        void run() throws IOException;
    }

    private Verification verdict(String kind, Check check) {
        try {
            check.run();
            return new Verification(kind, level, null);
        } catch (NpzException e) {
            return new Verification(kind, level, e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One array of an archive, with the checksum of its member. */
    private void checkArray(BufferAllocator allocator, Path path, String array, ReadOptions options)
            throws NpzException {
        try (NumpyArrays arrays = Npz.load(allocator, path, options)) {
            ArraySet.require(array, arrays.names());
            if (level == Verify.CONTENT) {
                arrays.vector(array).close();
            } else {
                arrays.get(array);
            }
        }
    }

    private void checkIpc(BufferAllocator allocator, Path path) throws IOException {
        try (IpcFile file = Ipc.read(allocator, path, level)) {
            ArrowReader reader = file.reader();
            file.schema();
            boolean more = true;
            while (more) {
                more = reader.loadNextBatch();
            }
        }
    }

    private JsonObject json(String path, Verification verdict) {
        NpzException fault = verdict.fault();
        return new JsonObject()
                .put("path", path)
                .put("ok", verdict.ok())
                .put("kind", verdict.kind())
                .put("level", name(verdict.level()))
                .put("code", fault == null ? null : fault.code().name())
                .put("member", fault == null ? null : fault.member())
                .putKnown("offset", fault == null ? -1 : fault.offset())
                .put("message", fault == null ? null : console.named(String.valueOf(fault.getMessage())));
    }

    private static String text(String path, Verification verdict, Console screen) {
        NpzException fault = verdict.fault();
        return fault == null
                ? Ink.GREEN.on(screen, "ok") + "   " + SafeText.escape(path, 4096) + " (" + verdict.kind() + ", "
                        + name(verdict.level()) + ")\n"
                : Ink.RED.on(screen, "BAD") + "  " + screen.named(String.valueOf(fault.getMessage())) + "\n";
    }

    private static String summary(int all, int bad, Console screen) {
        String files = Figures.count(all, "file") + ": ";
        return bad == 0
                ? files + Ink.GREEN.on(screen, "all in order") + "\n"
                : files + (all == bad ? "" : Figures.count(all - bad) + " in order, ")
                        + Ink.RED.on(screen, Figures.count(bad) + " not") + "\n";
    }

    private static String name(Verify level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
