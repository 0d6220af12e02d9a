package org.arrownpz.frame.internal.store;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.DirectoryFiles;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/** StaticFrame's NPY directory. Only names made from templates are opened; the listing is never trusted. */
public final class DirectoryStore implements MemberStore {
    private final BufferAllocator allocator;
    private final Path directory;
    private final ReadOptions options;
    private final Location location;
    private final DirectoryFiles files;
    private final NpyHeaderReader headers;
    private final Map<String, NumpyArray> arrays = new HashMap<>();
    private final List<ByteSource> sources = new ArrayList<>();

    public DirectoryStore(BufferAllocator allocator, Path directory, ReadOptions options) {
        this.allocator = allocator;
        this.directory = directory;
        this.options = options;
        this.location = Location.ofFile(directory.toString());
        this.files = new DirectoryFiles(allocator, directory, options.mapping());
        this.headers = new NpyHeaderReader(options.limits());
    }

    @Override
    public Location location() {
        return location;
    }

    @Override
    public boolean contains(String member) {
        return Files.exists(directory.resolve(member), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public synchronized NumpyArray array(String member) throws NpzException {
        NumpyArray known = arrays.get(member);
        if (known != null) {
            return known;
        }
        ByteSource source = open(member);
        sources.add(source);
        NumpyArray array = headers.open(source, location.member(member), true);
        arrays.put(member, array);
        return array;
    }

    @Override
    public byte[] bytes(String member, long limit) throws NpzException {
        try (ByteSource source = open(member)) {
            if (source.size() > limit) {
                throw location.member(member)
                        .fault(
                                ErrorCode.LIMIT,
                                "the member is longer than the limit",
                                "at most " + limit,
                                source.size());
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
            source.read(0, bytes);
            return bytes.array();
        }
    }

    private ByteSource open(String member) throws NpzException {
        Location place = location.member(member);
        try {
            // Copied files would keep a descriptor each.
            return options.mapping() == Mapping.COPY
                    ? new ReopenedSource(allocator, directory.resolve(member), place)
                    : files.open(member, place);
        } catch (NpzException e) {
            throw contains(member) ? e : place.fault(ErrorCode.META_MISSING, "the directory has no such file");
        }
    }

    @Override
    public @Nullable String surplus(FrameMembers expected) {
        for (String next : new String[] {
            FrameMembers.block(expected.blocks()),
            FrameMembers.indexLevel(expected.indexLevels()),
            FrameMembers.columnLevel(expected.columnLevels())
        }) {
            if (contains(next)) {
                return next;
            }
        }
        return null;
    }

    @Override
    public synchronized void checkUnchanged() throws NpzException {
        for (ByteSource source : sources) {
            source.checkUnchanged();
        }
    }

    @Override
    public void checkUnchanged(Iterable<NumpyArray> some) throws NpzException {
        for (NumpyArray array : some) {
            array.data().checkUnchanged();
        }
    }

    @Override
    public synchronized void close() {
        files.close();
        sources.forEach(ByteSource::close);
        sources.clear();
        arrays.clear();
    }
}
