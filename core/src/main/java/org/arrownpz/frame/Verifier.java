package org.arrownpz.frame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.read.ColumnLoader;
import org.arrownpz.frame.internal.store.FileKind;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.read.VectorReader;

/** Checks files without handing out their data. */
final class Verifier {
    private final BufferAllocator allocator;
    private final Path path;
    private final ReadOptions options;
    private String kind = "unknown";

    private Verifier(BufferAllocator allocator, Path path, ReadOptions options) {
        this.allocator = allocator;
        this.path = path;
        this.options = options;
    }

    static Verification verify(BufferAllocator allocator, Path path, ReadOptions options) {
        Verifier verifier = new Verifier(allocator, path, options);
        Location location = Location.ofFile(path.toString());
        try {
            MemoryAccess.reading(location, () -> {
                verifier.run();
                return location;
            });
            return new Verification(verifier.kind, options.verify(), null);
        } catch (NpzException e) {
            return new Verification(verifier.kind, options.verify(), e);
        }
    }

    private void run() throws NpzException {
        Location location = Location.ofFile(path.toString());
        if (Files.isDirectory(path)) {
            if (!FrameMembers.frames(path, options.limits()).isEmpty()) {
                kind = "bus";
                bus();
                return;
            }
            kind = "frame-dir";
            whole(Frames.open(allocator, path, options));
            return;
        }
        try (ByteSource source = ByteSources.open(allocator, path, options.mapping())) {
            if (FileKind.of(source, location) == FileKind.NPY) {
                kind = "npy";
                NumpyArray array = new NpyHeaderReader(options.limits()).open(source, location, false);
                if (options.verify() == Verify.CONTENT) {
                    content(array);
                }
                source.checkUnchanged();
                return;
            }
        }
        kind = "npz";
        try (NpzFile file = NpzFile.open(allocator, path, options)) {
            if (file.contains(FrameMetadata.MEMBER)) {
                kind = "frame";
                whole(Frames.open(allocator, path, options));
                members(file, false);
            } else if (FrameMembers.looksLikeFrame(file)) {
                kind = "frame";
                whole(Frames.open(allocator, path, options));
            } else if (!FrameMembers.frames(file).isEmpty()) {
                kind = "bus";
                bus();
            } else {
                members(file, true);
            }
            MemoryAccess.deliverFaults();
            file.checkUnchanged();
        }
    }

    /** Makes the columns, which is where nodes and buffers of Arrow columns, and values that are converted, are checked. */
    private static void whole(Frame opened) throws NpzException {
        try (Frame frame = opened) {
            if (frame.rowCount() <= VectorReader.MAX_ROWS) {
                frame.dictionaries();
                frame.root();
            }
        }
    }

    private void bus() throws NpzException {
        try (Bus bus = Bus.open(allocator, path, options)) {
            for (String label : bus.labels()) {
                whole(bus.frame(label));
            }
        }
    }

    // Every member of the archive, also those that a frame does not use.
    private void members(NpzFile file, boolean arrays) throws NpzException {
        for (String name : file.names()) {
            if (arrays && name.endsWith(".npy")) {
                NumpyArray array = file.array(name);
                if (options.verify() == Verify.CONTENT) {
                    content(array);
                }
            } else if (options.verify() != Verify.STRUCTURE && !name.endsWith("/")) {
                file.member(name);
            }
        }
    }

    private void content(NumpyArray array) throws NpzException {
        try (VectorReader reader = new VectorReader(allocator, options, array.location())) {
            long rows = array.header().shape().dimensions() == 0
                    ? 1
                    : array.header().shape().length(0);
            long step = Math.max(1, (64L << 20) / Math.max(1, array.header().dataLength() / Math.max(1, rows)));
            long from = 0;
            do {
                int count = (int) Math.min(Math.min(step, VectorReader.MAX_ROWS), rows - from);
                try (FieldVector vector = reader.readRows(array, "array", from, count)) {
                    ColumnLoader.validate(List.of(vector), options, array.location());
                }
                from += count;
            } while (from < rows);
        }
    }
}
