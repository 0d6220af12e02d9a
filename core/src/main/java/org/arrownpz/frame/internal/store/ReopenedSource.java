package org.arrownpz.frame.internal.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;

/**
 * A file that is opened for each access and copied from, so that a directory of thousands of them holds no descriptor.
 */
final class ReopenedSource implements ByteSource {
    private final BufferAllocator allocator;
    private final Path path;
    private final Location location;
    private final long size;

    ReopenedSource(BufferAllocator allocator, Path path, Location location) throws NpzException {
        this.allocator = allocator;
        this.path = path;
        this.location = location;
        try (ByteSource source = ByteSources.open(allocator, path, Mapping.COPY)) {
            this.size = source.size();
        }
    }

    @Override
    public long size() {
        return size;
    }

    private ByteSource open() throws NpzException {
        ByteSource source = ByteSources.open(allocator, path, Mapping.COPY);
        if (source.size() != size) {
            long found = source.size();
            source.close();
            throw location.fault(ErrorCode.FILE_CHANGED, "the file has another size than before", size, found);
        }
        return source;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        try (ByteSource source = open()) {
            source.read(offset, target);
        }
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        try (ByteSource source = open()) {
            return source.region(offset, length);
        }
    }

    @Override
    public void close() {
        // Nothing stays open between accesses.
    }
}
