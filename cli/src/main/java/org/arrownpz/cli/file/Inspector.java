package org.arrownpz.cli.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NatPolicy;
import org.arrownpz.NpzException;
import org.arrownpz.TypeMapping;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Npy;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyFile;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npz.NpzEntry;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.ColumnPlan;
import org.arrownpz.vector.ColumnPlanner;
import org.jspecify.annotations.Nullable;

/** Looks into files for {@code info}; of plain arrays and archives it reads headers only. */
public final class Inspector {
    private static final String META = "__meta__.json";
    private static final String BLOCK = "__blocks_";
    private static final String COLUMN_LABELS = "__values_columns_0__.npy";
    private static final String ARROW_SCHEMA = "__arrow_schema__.npy";

    private final BufferAllocator allocator;
    private final ReadFlags flags;
    private final Console console;

    public Inspector(BufferAllocator allocator, ReadFlags flags, Console console) {
        this.allocator = allocator;
        this.flags = flags;
        this.console = console;
    }

    public FileInfo inspect(String name) throws NpzException {
        Format format = Source.format(name);
        if (format == Format.PIPE || (format != null && format.isIpc())) {
            try (Source source = Source.open(allocator, name, flags, console)) {
                return frame(
                        name, "ipc", source.frame(), source.frame().columns().length(), List.of());
            }
        }
        if (format != null && format.isRead()) {
            try (Source source = Source.open(allocator, name, flags, console)) {
                String kind = format.name().toLowerCase(Locale.ROOT);
                return frame(
                        name, kind, source.frame(), source.frame().columns().length(), List.of());
            }
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            List<MemberInfo> members = directory(path);
            return frame(name, "frame-dir", path, members);
        }
        return format == Format.NPZ || format == Format.BUS || isZip(path) ? archive(name, path) : array(name, path);
    }

    private static boolean isZip(Path path) {
        try (InputStream input = Files.newInputStream(path)) {
            byte[] start = input.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        } catch (IOException e) {
            // Whoever opens the file next says why it cannot be read.
            return false;
        }
    }

    private FileInfo array(String name, Path path) throws NpzException {
        try (NpyFile file = Npy.open(allocator, path, flags.options())) {
            NpyHeader header = file.array().header();
            long rows = header.shape().dimensions() == 0 ? 1 : header.shape().length(0);
            long size = header.dataOffset() + header.dataLength();
            MemberInfo member = new MemberInfo(
                    String.valueOf(path.getFileName()),
                    header,
                    "stored",
                    size,
                    size,
                    header.dataOffset(),
                    reason(file.array(), header.shape().dimensions() == 2));
            return new FileInfo(name, "npy", rows, -1, null, null, null, List.of(), List.of(member));
        }
    }

    private FileInfo archive(String name, Path path) throws NpzException {
        List<MemberInfo> members = new ArrayList<>();
        try (NpzFile file = NpzFile.open(allocator, path, flags.options())) {
            boolean frame = file.contains(META);
            for (NpzEntry entry : file.entries()) {
                members.add(member(file, entry, frame));
            }
            if (frame) {
                return frame(name, "frame", path, members);
            }
            if (file.names().stream().anyMatch(member -> member.endsWith(".npz") || member.endsWith("/" + META))) {
                try (Bus bus = Bus.open(allocator, path, flags.options())) {
                    return new FileInfo(name, "bus", -1, -1, null, null, null, bus.labels(), members);
                }
            }
        }
        return new FileInfo(name, "npz", -1, -1, null, null, null, List.of(), members);
    }

    private static MemberInfo member(NpzFile file, NpzEntry entry, boolean frame) throws NpzException {
        String method = entry.method() == 0 ? "stored" : entry.method() == 8 ? "deflated" : "method " + entry.method();
        long offset = entry.stored() && !entry.directory() ? file.payloadOffset(entry.name()) : -1;
        if (!entry.npy() || entry.encrypted()) {
            return new MemberInfo(entry.name(), null, method, entry.size(), entry.compressedSize(), offset, null);
        }
        NpyArray array = file.array(entry.name());
        String reason = entry.stored()
                ? reason(
                        array,
                        frame
                                && entry.name().startsWith(BLOCK)
                                && array.header().shape().dimensions() == 2)
                : "deflated";
        return new MemberInfo(
                entry.name(),
                array.header(),
                method,
                entry.size(),
                entry.compressedSize(),
                offset < 0 ? -1 : offset + array.header().dataOffset(),
                reason);
    }

    private List<MemberInfo> directory(Path path) throws NpzException {
        List<Path> files;
        try (Stream<Path> children = Files.list(path)) {
            files = children.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw Location.ofFile(path.toString())
                    .fault(ErrorCode.IO, "the directory cannot be listed")
                    .cause(e)
                    .exception();
        }
        List<MemberInfo> members = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".npy")) {
                try (NpyFile opened = Npy.open(allocator, file, flags.options())) {
                    NpyHeader header = opened.array().header();
                    long size = header.dataOffset() + header.dataLength();
                    boolean block = name.startsWith(BLOCK) && header.shape().dimensions() == 2;
                    members.add(new MemberInfo(
                            name, header, "stored", size, size, header.dataOffset(), reason(opened.array(), block)));
                }
            } else {
                long size = file.toFile().length();
                members.add(new MemberInfo(name, null, "stored", size, size, 0, null));
            }
        }
        return members;
    }

    /** A frame's labels come with its first column; the others, which may have to be transposed, are not read. */
    private FileInfo frame(String name, String kind, Path path, List<MemberInfo> members) throws NpzException {
        long columns = columns(members);
        boolean partly = columns > 1;
        try (Frame frame =
                Frames.open(allocator, path, partly ? flags.options().withPositions(List.of(0)) : flags.options())) {
            return frame(name, kind, frame, partly ? columns : frame.columns().length(), members);
        }
    }

    private static FileInfo frame(String name, String kind, Frame frame, long columns, List<MemberInfo> members) {
        return new FileInfo(
                name,
                kind,
                frame.rowCount(),
                columns,
                frame.name(),
                frame.index(),
                frame.columns(),
                List.of(),
                members);
    }

    /** The number of columns as labels or blocks tell it, or -1 where Arrow buffers hold some. */
    private static long columns(List<MemberInfo> members) {
        long sum = 0;
        for (MemberInfo member : members) {
            NpyHeader header = member.header();
            if (member.name().equals(ARROW_SCHEMA)) {
                return -1;
            }
            if (header == null || header.shape().dimensions() == 0) {
                continue;
            }
            if (member.name().equals(COLUMN_LABELS)) {
                return header.shape().length(0);
            }
            if (member.name().startsWith(BLOCK)) {
                sum += header.shape().dimensions() == 1 ? 1 : header.shape().length(1);
            }
        }
        return sum;
    }

    private static @Nullable String reason(NpyArray array, boolean columns) throws NpzException {
        ColumnPlan plan = columns
                ? ColumnPlanner.planColumns(array.location(), array.header(), TypeMapping.ARROW, NatPolicy.NULL)
                : ColumnPlanner.plan(array.location(), array.header(), TypeMapping.ARROW, NatPolicy.NULL);
        return plan.reason();
    }
}
