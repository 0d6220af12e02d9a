package org.arrownpz.frame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.internal.store.DirectoryStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.internal.store.ZipStore;
import org.arrownpz.frame.label.Label;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.support.Rollback;

/**
 * Several frames in an archive, as StaticFrame's {@code to_zip_npz} and {@code to_zip_npy} write it, or in a directory, as
 * its {@code to_manifest} does: of a Bus, a Yarn or a Quilt. Frames are read one by one, on demand. The caller closes the bus; frames live on their own, and keep the file open. Safe for use
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
    /** Frames hold the file, too: they read it when they are asked for columns. */
    private final Lifetime hold;

    private final ReadOptions options;
    private final Map<String, Place> places;

    /** Opens a frame, and closes the hold with it, or at once on failure. */
    private interface Place {
        Frame open(Lifetime held) throws NpzException;
    }

    private Bus(BufferAllocator allocator, ReadOptions options, List<? extends AutoCloseable> files) {
        this.allocator = allocator;
        this.hold = new Lifetime(files);
        this.options = options;
        this.places = new LinkedHashMap<>();
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} with {@link ReadOptions#defaults()}. */
    public static Bus open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens the archive and reads its directory only, or lists the directory of frames.
     *
     * @throws NpzException META_MISSING when it holds no frames
     */
    public static Bus open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        Bus bus = Files.isDirectory(path) ? directory(allocator, path, options) : archive(allocator, path, options);
        if (bus.places.isEmpty()) {
            bus.close();
            throw Location.ofFile(path.toString())
                    .error(ErrorCode.META_MISSING, "there are no frames in it")
                    .expected("LABEL.npz or LABEL/" + FrameMetadata.MEMBER)
                    .build();
        }
        return bus;
    }

    private static Bus directory(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        Bus bus = new Bus(allocator, options, List.of());
        // Labels and paths come from the listing alone, so that none leads elsewhere.
        FrameMembers.frames(path, options.limits())
                .forEach((label, frame) -> bus.places.put(label, held -> {
                    held.close();
                    return bus.read(
                            Files.isDirectory(frame)
                                    ? new DirectoryStore(allocator, frame, options)
                                    : new ZipStore(NpzFile.open(allocator, frame, options)));
                }));
        return bus;
    }

    private static Bus archive(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        NpzFile file = NpzFile.open(allocator, path, options);
        Bus bus = new Bus(allocator, options, List.of(file));
        FrameMembers.frames(file)
                .forEach((label, place) -> bus.places.put(
                        label,
                        held -> place.endsWith("/")
                                ? bus.read(new ZipStore(file, place, held))
                                : bus.inner(file, place, label, held)));
        return bus;
    }

    private Frame inner(NpzFile file, String member, String label, Lifetime held) throws NpzException {
        NpzFile inner;
        try (Rollback undo = Rollback.of(held)) {
            Location location = new Location(file.location().file(), member);
            inner = undo.commit(NpzFile.open(allocator, file.member(member), location, options));
        }
        Frame frame = read(new ZipStore(inner, "", new Lifetime(List.of(inner, held))));
        return frame.name() instanceof Label.None ? frame.withName(label) : frame;
    }

    private Frame read(MemberStore store) throws NpzException {
        return new Frame(FrameReader.read(allocator, store, options, List.of()));
    }

    /** The labels in the archive's order; those of a directory in alphabetical order. */
    public List<String> labels() {
        return List.copyOf(places.keySet());
    }

    /**
     * The frame of that label, which the caller closes. It views the archive where its members are stored; a frame
     * without a name in an NPZ file of an archive gets its label as name, as StaticFrame does it.
     *
     * @throws IllegalArgumentException when there is no such label
     */
    public Frame frame(String label) throws NpzException {
        Place place = places.get(label);
        if (place == null) {
            throw SafeText.unknown("frame", label, labels());
        }
        return place.open(hold.share());
    }

    @Override
    public void close() {
        hold.close();
    }
}
