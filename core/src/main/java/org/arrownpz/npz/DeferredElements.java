package org.arrownpz.npz;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeader;

/** The elements of an array whose member is inflated or checked when they are first asked for. */
record DeferredElements(MemberData data, int member, NpyHeader header) implements ByteSource {
    @Override
    public long size() {
        return header.dataLength();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        data.content(member).read(header.dataOffset() + offset, target);
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size());
        return data.content(member).region(header.dataOffset() + offset, length);
    }

    @Override
    public boolean views(long length) {
        return false;
    }

    @Override
    public void close() {
        // The member is the archive's.
    }
}
