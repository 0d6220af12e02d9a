package org.arrownpz.frame.internal.read;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.jspecify.annotations.Nullable;

/** Lists members: what their headers say, and whether their bytes can be viewed. */
final class MemberList {
    private static final String SUFFIX = ".npy";

    private MemberList() {}

    /** The array of a file of its own. */
    static FrameSummary.Member of(NumpyArray array, ReadOptions options) throws NpzException {
        return file(name(array.location()), array, array.header().shape().dimensions() == 2, options);
    }

    /** A file of its own whose header cannot be read. */
    static FrameSummary.Member of(ByteSource source, Location location, NpzException fault) {
        return new FrameSummary.Member(name(location), null, 0, source.size(), source.size(), -1, null, fault);
    }

    private static String name(Location location) {
        String name = location.file() == null ? "" : new File(location.file()).getName();
        // Other providers than this system's may have Windows' paths.
        return name.indexOf(":\\") == 1 || name.startsWith("\\\\") ? name.substring(name.lastIndexOf('\\') + 1) : name;
    }

    /** The members of an archive. */
    static List<FrameSummary.Member> of(NpzFile file, MemberStore store, boolean frame, ReadOptions options)
            throws NpzException {
        List<FrameSummary.Member> members = new ArrayList<>(file.size());
        for (NpzEntry entry : file.entries()) {
            members.add(member(file, store, entry, frame, options));
        }
        return members;
    }

    private static FrameSummary.Member member(
            NpzFile file, MemberStore store, NpzEntry entry, boolean frame, ReadOptions options) throws NpzException {
        NpyHeader header = null;
        String reason = null;
        NpzException fault = null;
        long offset = -1;
        try {
            offset = entry.stored() && !entry.directory() ? file.payloadOffset(entry.name()) : -1;
            if (entry.npy() && !entry.encrypted()) {
                NumpyArray array = store.array(entry.name());
                boolean columns = frame && isTable(entry.name(), array.header());
                reason = entry.stored() ? reason(array, columns, options) : "deflated";
                header = array.header();
                offset = offset < 0 ? -1 : offset + header.dataOffset();
            }
        } catch (NpzException e) {
            fault = e;
        }
        return new FrameSummary.Member(
                entry.name(), header, entry.method(), entry.size(), entry.compressedSize(), offset, reason, fault);
    }

    /** The files of a directory. */
    static List<FrameSummary.Member> of(BufferAllocator allocator, Path directory, ReadOptions options)
            throws NpzException {
        List<FrameSummary.Member> members = new ArrayList<>();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path file : children.filter(Files::isRegularFile).sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                long size = Files.size(file);
                if (!name.endsWith(SUFFIX)) {
                    members.add(new FrameSummary.Member(name, null, 0, size, size, 0, null, null));
                    continue;
                }
                try (NumpyArray array = Npy.load(allocator, file, options)) {
                    members.add(file(name, array, isTable(name, array.header()), options));
                } catch (NpzException e) {
                    members.add(new FrameSummary.Member(name, null, 0, size, size, -1, null, e));
                }
            }
            return members;
        } catch (IOException e) {
            throw Location.ofFile(directory.toString())
                    .error(ErrorCode.IO, "the directory cannot be listed")
                    .cause(e)
                    .build();
        }
    }

    private static FrameSummary.Member file(String name, NumpyArray array, boolean columns, ReadOptions options)
            throws NpzException {
        NpyHeader header = array.header();
        long size = header.dataOffset() + header.dataLength();
        return new FrameSummary.Member(
                name, header, 0, size, size, header.dataOffset(), reason(array, columns, options), null);
    }

    private static boolean isTable(String member, NpyHeader header) {
        return FrameMembers.isBlock(member) && header.shape().dimensions() == 2;
    }

    private static @Nullable String reason(NumpyArray array, boolean columns, ReadOptions options) throws NpzException {
        ColumnPlan plan = columns
                ? ColumnPlanner.planColumns(
                        array.location(), array.header(), options.typeMapping(), options.natPolicy())
                : ColumnPlanner.plan(array.location(), array.header(), options.typeMapping(), options.natPolicy());
        return plan.reason();
    }
}
