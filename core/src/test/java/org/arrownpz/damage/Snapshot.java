package org.arrownpz.damage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;

/** All that a reader gets to see of a file, as values that compare by content. */
final class Snapshot {
    static final ReadOptions CHECKED = ReadOptions.defaults().withVerify(Verify.CRC);
    private static final Location LOCATION = Location.ofFile("damaged.npz");
    private static final int LARGEST_MEMBER = 1 << 20;

    private Snapshot() {}

    /** Kind, names, labels, types and values of a frame. */
    static List<Object> frame(BufferAllocator allocator, ArrowBuf file) throws NpzException {
        try (Frame frame = Frames.open(allocator, file, CHECKED)) {
            return frame(frame);
        }
    }

    private static List<Object> frame(Frame frame) throws NpzException {
        List<Object> seen = new ArrayList<>();
        seen.add(frame.kind());
        seen.add(frame.name().repr());
        seen.add(frame.rowCount());
        axis(frame.index(), seen);
        axis(frame.columns(), seen);
        seen.add(frame.schema());
        for (FieldVector vector : frame.root().getFieldVectors()) {
            seen.add(RandomVectors.values(vector));
        }
        for (Field field : frame.schema().getFields()) {
            if (field.getDictionary() != null) {
                seen.add(RandomVectors.values(frame.dictionaries()
                        .lookup(field.getDictionary().getId())
                        .getVector()));
            }
        }
        return seen;
    }

    private static void axis(FrameAxis axis, List<Object> seen) {
        seen.add(axis.toString()
                + axis.depth()
                + axis.levelClasses()
                + axis.name().repr()
                + axis.isAuto());
        for (int i = 0; !axis.labels().isEmpty() && i < axis.length(); i++) {
            seen.add(axis.label(i).repr());
        }
        axis.labels().forEach(level -> seen.add(level.dtype().toString()));
    }

    /** Names, headers and bytes of an archive's members, those of archives within it too. */
    static List<Object> archive(BufferAllocator allocator, ArrowBuf file) throws NpzException {
        return archive(allocator, ByteSources.of(file), LOCATION);
    }

    private static List<Object> archive(BufferAllocator allocator, ByteSource source, Location location)
            throws NpzException {
        List<Object> seen = new ArrayList<>();
        try (NpzFile file = NpzFile.open(allocator, source, location, CHECKED)) {
            for (NpzEntry entry : file.entries()) {
                seen.add(entry.name());
                if (entry.npy()) {
                    seen.addAll(array(file.array(entry.name())));
                } else if (entry.name().endsWith(".npz")) {
                    seen.add(archive(allocator, file.member(entry.name()), file.location(entry.name())));
                } else {
                    seen.add(ByteBuffer.wrap(file.bytes(entry.name(), LARGEST_MEMBER)));
                }
            }
        }
        return seen;
    }

    /** Header and bytes of an array. */
    static List<Object> array(NumpyArray array) throws NpzException {
        ByteBuffer bytes = ByteBuffer.allocate((int) array.header().dataLength());
        array.data().read(0, bytes);
        return List.of(array.header(), bytes.flip());
    }

    /** What reading gives, or null where the file is refused. */
    static @Nullable List<Object> tried(Reading reading) {
        try {
            return reading.read();
        } catch (NpzException e) {
            return null;
        }
    }

    /** A way to read. */
    interface Reading {
        List<Object> read() throws NpzException;
    }
}
