package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The words of {@code info} about a file.
 *
 * @param path the file as named
 * @param kind npy, npz, frame, frame-dir, bus, safetensors, ipc, parquet, csv or json
 * @param rows rows, or -1 where there is no one table
 * @param columns columns without index levels, or -1
 * @param name the frame's name, or null
 * @param index the rows' index, or null
 * @param columnLabels the columns' index, or null
 * @param frames labels of a Bus' frames
 * @param members arrays and other members
 */
public record FileInfo(
        String path,
        String kind,
        long rows,
        long columns,
        @Nullable Label name,
        @Nullable FrameAxis index,
        @Nullable FrameAxis columnLabels,
        List<String> frames,
        List<MemberInfo> members) {
    /** Looks into a file: by its headers alone where it holds NumPy arrays. */
    public static FileInfo of(BufferAllocator allocator, String name, ReadOptions options, Console console)
            throws NpzException {
        Address address = Address.of(name);
        if (address.array() != null) {
            return of(allocator, address.path(), options, console).ofMember(name, address.array());
        }
        return ofFile(allocator, address.path(), options, console);
    }

    /** The facts on one of the members. */
    private FileInfo ofMember(String address, String array) {
        List<String> names = members.stream()
                .map(member -> member.member().name().replaceFirst("\\.npy$", ""))
                .toList();
        MemberInfo chosen = members.get(names.indexOf(ArraySet.require(array, names)));
        return new FileInfo(address, kind, -1, -1, null, null, null, List.of(), List.of(chosen));
    }

    private static FileInfo ofFile(BufferAllocator allocator, String name, ReadOptions options, Console console)
            throws NpzException {
        Format format = Source.format(name);
        if (format != null && format.isBatched()) {
            String kind = format.isRead() ? format.name().toLowerCase(Locale.ROOT) : "ipc";
            try (Frame frame = Source.open(allocator, name, new ReadFlags(), console)) {
                FrameAxis columns = frame.columns();
                return new FileInfo(
                        console.named(name),
                        kind,
                        frame.rowCount(),
                        columns.length(),
                        frame.name(),
                        frame.index(),
                        columns,
                        List.of(),
                        List.of());
            }
        }
        if (format == Format.SAFETENSORS) {
            return ofTensors(allocator, name, options, console);
        }
        FrameSummary told = Frames.inspect(allocator, Urls.path(name), options);
        List<MemberInfo> members = new ArrayList<>(told.members().size());
        for (FrameSummary.Member member : told.members()) {
            members.add(MemberInfo.of(member));
        }
        String kind = switch (told.kind()) {
            case FRAME -> Files.isDirectory(Urls.path(name)) ? "frame-dir" : "frame";
            case ARRAYS -> "npz";
            case ARRAY -> "npy";
            case BUS -> "bus";
        };
        boolean frame = told.kind() == FrameSummary.Kind.FRAME;
        return new FileInfo(
                console.named(name),
                kind,
                frame || told.kind() == FrameSummary.Kind.ARRAY ? told.rows() : -1,
                frame && told.rows() >= 0 ? told.columnIndex().length() : -1,
                frame ? told.name() : null,
                frame ? told.index() : null,
                frame ? told.columnIndex() : null,
                told.frames(),
                members);
    }

    private static FileInfo ofTensors(BufferAllocator allocator, String name, ReadOptions options, Console console)
            throws NpzException {
        List<MemberInfo> members = new ArrayList<>();
        try (NumpyArrays tensors = Safetensors.load(allocator, Urls.path(name), options)) {
            long at = 0;
            for (Map.Entry<String, NumpyArray> entry : tensors.toMap().entrySet()) {
                NumpyArray array = entry.getValue();
                long size = array.byteLength();
                // Tensors lie one after the other, from the header's end.
                long offset = array.header().dataOffset() + at;
                at += size;
                SmallFloat type = array.smallFloat();
                NumpyArray.Packed packed = array.packed();
                members.add(new MemberInfo(
                        new FrameSummary.Member(entry.getKey(), header(array), 0, size, size, offset, null, null),
                        packed != null ? packed.type() : type == null ? null : type.mlName()));
            }
        }
        return new FileInfo(console.named(name), "safetensors", -1, -1, null, null, null, List.of(), members);
    }

    /** The header, with the shape of the values where these are packed. */
    private static NpyHeader header(NumpyArray array) {
        NpyHeader header = array.header();
        NumpyArray.Packed packed = array.packed();
        return packed == null
                ? header
                : new NpyHeader(
                        1, header.dtype(), packed.shape(), header.order(), header.dataOffset(), header.dataLength());
    }

    public JsonObject toJson() {
        return new JsonObject()
                .put("path", path)
                .put("kind", kind)
                .putKnown("rows", rows)
                .putKnown("columns", columns)
                .put("name", text(name))
                .put("index", json(index))
                .put("column_labels", json(columnLabels))
                .put("frames", frames)
                .put("members", members.stream().map(MemberInfo::toJson).toList());
    }

    private static @Nullable String text(@Nullable Label name) {
        return name == null || name instanceof Label.None ? null : name.text();
    }

    private static @Nullable JsonObject json(@Nullable FrameAxis axis) {
        return axis == null
                ? null
                : new JsonObject()
                        .put("class", axis.indexClass().className())
                        .put("depth", axis.depth())
                        .put(
                                "levels",
                                axis.levelClasses().stream()
                                        .map(IndexClass::className)
                                        .toList())
                        .put("name", text(axis.name()))
                        .put("auto", axis.isAuto());
    }

    /** The bytes of the file, or of the files of its directory; -1 where they are not known. */
    public long bytes() {
        try {
            Path file = Urls.path(path);
            if (Files.isRegularFile(file)) {
                return Files.size(file);
            }
        } catch (IOException | InvalidPathException e) {
            return -1;
        }
        long sum = 0;
        for (MemberInfo member : members) {
            sum += member.member().compressedSize();
        }
        return members.isEmpty() ? -1 : sum;
    }
}
