package org.arrownpz.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** A window onto another source. */
final class SlicedSource implements ByteSource {
    private final ByteSource parent;
    private final long start;
    private final long size;

    SlicedSource(ByteSource parent, long start, long size) {
        Objects.checkFromIndexSize(start, size, parent.size());
        this.parent = parent;
        this.start = start;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        parent.read(start + offset, target);
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        return parent.region(start + offset, length);
    }

    @Override
    public boolean views(long length) {
        return parent.views(length);
    }

    @Override
    public @Nullable String copied() {
        return parent.copied();
    }

    @Override
    public boolean isReadQuickly() {
        return parent.isReadQuickly();
    }

    @Override
    public long transferTo(long offset, long length, FileChannel target) throws IOException {
        Objects.checkFromIndexSize(offset, length, size);
        return parent.transferTo(start + offset, length, target);
    }

    @Override
    public boolean expect(long offset, long length) {
        return parent.expect(start + offset, length);
    }

    @Override
    public @Nullable String traffic() {
        return parent.traffic();
    }

    @Override
    public @Nullable Object state() {
        Object state = parent.state();
        return state == null ? null : List.of(state, start, size);
    }

    @Override
    public ByteSource slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size);
        return new SlicedSource(parent, start + offset, length);
    }

    @Override
    public void checkUnchanged() throws NpzException {
        parent.checkUnchanged();
    }

    @Override
    public void close() {
        // The parent owns file and memory.
    }
}
