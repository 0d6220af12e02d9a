package org.arrownpz.frame;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.Lifetime;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.read.FrameReader;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.internal.store.ZipStore;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.support.Rollback;

/**
 * An archive of several frames, as StaticFrame's {@code Bus.to_zip_npz} and {@code Bus.to_zip_npy} write it. Frames are
 * read one by one, on demand. The caller closes the bus; frames live on their own, and keep the file open. Safe for use
 * by several threads.
 *
 * <pre>{@code
 * try (Bus bus = Bus.open(allocator, Path.of("years.zip"))) {
 *     for (String year : bus.labels()) {
 *         try (Frame frame = bus.frame(year)) {
 *             Frames.write(frame, Path.of(year + ".npz"), WriteOptions.defaults());
 *         }
 *     }
 * }
 * }</pre>
 */
public final class Bus implements AutoCloseable {
    private final BufferAllocator allocator;
    private final NpzFile file;
    /** Frames hold the file, too: they read it when they are asked for columns. */
    private final Lifetime hold;

    private final ReadOptions options;
    // Label to member of an inner archive, or to a prefix that ends in a slash.
    private final Map<String, String> places;

    private Bus(BufferAllocator allocator, NpzFile file, ReadOptions options, Map<String, String> places) {
        this.allocator = allocator;
        this.file = file;
        this.hold = new Lifetime(List.of(file));
        this.options = options;
        this.places = places;
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public static Bus open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens the archive and reads its directory only.
     *
     * @throws NpzException META_MISSING when the archive holds no frames
     */
    public static Bus open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        NpzFile file = NpzFile.open(allocator, path, options);
        Map<String, String> places = FrameMembers.frames(file);
        if (places.isEmpty()) {
            file.close();
            throw Location.ofFile(path.toString())
                    .error(ErrorCode.META_MISSING, "the archive holds no frames")
                    .expected("members LABEL.npz or LABEL/" + FrameMetadata.MEMBER)
                    .build();
        }
        return new Bus(allocator, file, options, places);
    }

    /** The labels in the archive's order. */
    public List<String> labels() {
        return List.copyOf(places.keySet());
    }

    /**
     * The frame of that label, which the caller closes. It views the archive where its members are stored; a frame
     * without a name in an inner NPZ gets its label as name, as StaticFrame does it.
     *
     * @throws IllegalArgumentException when there is no such label
     */
    public Frame frame(String label) throws NpzException {
        String place = places.get(label);
        if (place == null) {
            throw SafeText.unknown("frame", label, labels());
        }
        Lifetime held = hold.share();
        if (place.endsWith("/")) {
            return new Frame(FrameReader.read(allocator, new ZipStore(file, place, held), options, List.of()));
        }
        NpzFile inner;
        try (Rollback undo = Rollback.of(held)) {
            Location location = new Location(file.location().file(), place);
            inner = undo.commit(NpzFile.open(allocator, file.member(place), location, options));
        }
        Lifetime both = new Lifetime(List.of(inner, held));
        Frame frame = new Frame(FrameReader.read(allocator, new ZipStore(inner, "", both), options, List.of()));
        return frame.name() instanceof Label.None ? frame.withName(label) : frame;
    }

    @Override
    public void close() {
        hold.close();
    }
}
