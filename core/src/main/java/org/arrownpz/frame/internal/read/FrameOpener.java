package org.arrownpz.frame.internal.read;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.store.DirectoryStore;
import org.arrownpz.frame.internal.store.FileKind;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.internal.store.ZipStore;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Finds out what a file holds and gives it to the reader of that. */
public final class FrameOpener {
    private FrameOpener() {}

    /** Opens an NPZ file, an NPY directory or an NPY file. */
    public static FrameState open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        if (Files.isDirectory(path)) {
            if (!FrameMembers.frames(path, options.limits()).isEmpty()) {
                throw several(Location.ofFile(path.toString()), "directory");
            }
            return FrameReader.read(allocator, new DirectoryStore(allocator, path, options), options, List.of());
        }
        List<String> notes = new ArrayList<>();
        ByteSource source = ByteSources.open(allocator, path, options.mapping(), notes::add);
        return open(allocator, source, Location.ofFile(path.toString()), options, notes);
    }

    /** Opens an NPZ or NPY file; the source is closed with the frame, or at once on failure. */
    public static FrameState open(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options, List<String> notes)
            throws NpzException {
        NpzFile file;
        try (Rollback undo = Rollback.of(source)) {
            file = archive(allocator, source, location, options);
            undo.commit();
        }
        return file == null
                ? SingleArray.read(allocator, source, location, options, notes)
                : open(allocator, file, options, notes);
    }

    /**
     * The archive in a source, which is taken over, closed where it cannot be opened; null where it is a single array.
     * Local headers are checked all where all columns are wanted.
     */
    public static @Nullable NpzFile archive(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options) throws NpzException {
        if (FileKind.of(source, location) == FileKind.NPY) {
            return null;
        }
        return options.columns() == null && options.positions() == null
                ? NpzFile.open(allocator, source, location, options)
                : NpzFile.openLazily(allocator, source, location, options);
    }

    /** Opens the frame in an archive, which is closed with it, or at once on failure. */
    public static FrameState open(BufferAllocator allocator, NpzFile file, ReadOptions options, List<String> notes)
            throws NpzException {
        try (Rollback undo = Rollback.of(file)) {
            return undo.commit(parts(allocator, file, options, notes));
        }
    }

    private static FrameState parts(BufferAllocator allocator, NpzFile file, ReadOptions options, List<String> given)
            throws NpzException {
        List<String> notes = new ArrayList<>(given);
        if (options.vectors() != null) {
            notes.add("withVectors says nothing of an archive: one array of it is read by Frames.openArray");
        }
        FrameSummary.Kind kind = FrameMembers.kind(file);
        if (kind == FrameSummary.Kind.BUS) {
            throw several(file.location(), "archive");
        }
        return kind == FrameSummary.Kind.FRAME
                ? FrameReader.read(allocator, new ZipStore(file), options, notes)
                : PlainArrays.read(allocator, file, options, notes);
    }

    private static NpzException several(Location location, String what) {
        return location.error(ErrorCode.META_MISSING, "this " + what + " holds several frames")
                .remedy("Open it with Bus.open")
                .build();
    }

    /** One array of an archive. */
    public static FrameState openArray(BufferAllocator allocator, Path path, String key, ReadOptions options)
            throws NpzException {
        NpzFile file = NpzFile.openLazily(allocator, path, options);
        try (Rollback undo = Rollback.of(file)) {
            if (!file.contains(key)) {
                throw SafeText.unknown("array", key, file.keys());
            }
            NumpyArray array = file.array(key).as(options, key);
            ReadOptions named = options.vectors() == null && SingleArray.isColumn(array)
                    ? options.withVectors(file.entry(key).key())
                    : options;
            return undo.commit(SingleArray.read(allocator, array, new ZipStore(file), named, List.of()));
        }
    }
}
