package org.arrownpz.frame.internal.read;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.internal.data.ColumnOutline;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.internal.store.DirectoryStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.internal.store.ZipStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.FrameSummary.Kind;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;

/** Summarizes files: settles columns and labels as opening does, and stops before it makes a vector. */
public final class FrameInspector {
    /** A file that is no table at all. */
    private static final TablePlan NONE = TablePlan.of(FrameAxis.automatic(0), -1, List.of(), List.of(), Form.FRAME);

    private FrameInspector() {}

    /** A file of one array; the source stays the caller's. */
    public static FrameSummary array(ByteSource source, Location location, ReadOptions options) throws NpzException {
        return MemoryAccess.reading(location, () -> {
            NumpyArray array;
            try {
                array = new NpyHeaderReader(options.limits()).open(source, location, false);
                source.checkUnchanged();
            } catch (NpzException e) {
                if (e.code() != ErrorCode.OBJECT_DTYPE) {
                    throw e;
                }
                return summary(NONE, Kind.ARRAY, List.of(MemberList.of(source, location, e)), List.of(), options);
            }
            TablePlan plan = SingleArray.plan(array.as(options, Npy.UNNAMED), options);
            return summary(plan, Kind.ARRAY, List.of(MemberList.of(array, options)), List.of(), options);
        });
    }

    /** An archive, which stays the caller's. */
    public static FrameSummary archive(BufferAllocator allocator, NpzFile file, ReadOptions options)
            throws NpzException {
        ZipStore store = ZipStore.ofHeaders(file);
        return settled(store, () -> archive(allocator, file, store, options));
    }

    private static FrameSummary archive(BufferAllocator allocator, NpzFile file, ZipStore store, ReadOptions options)
            throws NpzException {
        Kind kind = FrameMembers.kind(file);
        return switch (kind) {
            case FRAME -> frame(allocator, store, options, () -> MemberList.of(file, store, true, options));
            case BUS -> {
                List<String> frames = List.copyOf(FrameMembers.frames(file).keySet());
                yield summary(NONE, kind, MemberList.of(file, store, false, options), frames, options);
            }
            default -> {
                TablePlan plan = PlainArrays.plan(file, store, options);
                yield summary(plan, kind, MemberList.of(file, store, false, options), List.of(), options);
            }
        };
    }

    /** A directory of NPY files, or of frames. */
    public static FrameSummary directory(BufferAllocator allocator, Path path, ReadOptions options)
            throws NpzException {
        Map<String, Path> frames = FrameMembers.frames(path, options.limits());
        if (!frames.isEmpty()) {
            return summary(NONE, Kind.BUS, List.of(), List.copyOf(frames.keySet()), options);
        }
        try (DirectoryStore store = new DirectoryStore(allocator, path, options)) {
            return settled(
                    store, () -> frame(allocator, store, options, () -> MemberList.of(allocator, path, options)));
        }
    }

    private static FrameSummary frame(
            BufferAllocator allocator,
            MemberStore store,
            ReadOptions options,
            MemoryAccess.Reading<List<FrameSummary.Member>> members)
            throws NpzException {
        TablePlan plan;
        try {
            plan = FrameReader.plan(allocator, store, options);
        } catch (NpzException e) {
            if (e.code() != ErrorCode.OBJECT_DTYPE) {
                throw e;
            }
            FrameMetadata meta = FrameReader.metadata(store, options);
            // How many columns blocks or labels of Python objects hold is not known.
            plan = new TablePlan(
                    meta.name(),
                    FrameAxis.ofRows(meta.index(), 0, meta.index().depth()),
                    FrameAxis.ofRows(meta.columns(), 0, meta.columns().depth()),
                    -1,
                    List.of(),
                    List.of(),
                    Form.FRAME,
                    false,
                    Map.of(),
                    null);
        }
        return summary(plan, Kind.FRAME, members.run(), List.of(), options);
    }

    private static FrameSummary summary(
            TablePlan plan, Kind kind, List<FrameSummary.Member> members, List<String> frames, ReadOptions options)
            throws NpzException {
        Map<String, String> metadata = new LinkedHashMap<>(plan.origin());
        metadata.remove(FrameMetadata.PANDAS_KEY);
        ColumnOutline columns = new ColumnOutline(options);
        for (ColumnSource source : plan.sources()) {
            source.outline(columns, null);
        }
        return new FrameSummary(
                kind,
                plan.name(),
                plan.rows(),
                plan.index(),
                plan.columns(),
                columns.columns(),
                metadata,
                members,
                frames);
    }

    private static FrameSummary settled(ArrayStore store, MemoryAccess.Reading<FrameSummary> reading)
            throws NpzException {
        try {
            FrameSummary summary = MemoryAccess.reading(store.location(), reading);
            store.checkUnchanged();
            return summary;
        } catch (IndexOutOfBoundsException e) {
            // What was checked is different now: the file has been rewritten meanwhile.
            store.checkUnchanged();
            throw e;
        }
    }
}
