package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.io.ByteSource;

/** Bytes in the heap as a source that counts its reads and, on request, claims to be longer than it is. */
class HeapSource implements ByteSource {
    private final byte[] bytes;
    private final long size;
    int reads;

    HeapSource(byte[] bytes) {
        this(bytes, bytes.length);
    }

    HeapSource(byte[] bytes, long claimedSize) {
        this.bytes = bytes;
        this.size = claimedSize;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), (long) bytes.length);
        reads++;
        target.put(bytes, (int) offset, target.remaining());
    }

    @Override
    public ArrowBuf region(long offset, long length) {
        throw new UnsupportedOperationException("headers need no regions");
    }

    @Override
    public boolean views(long length) {
        return false;
    }

    @Override
    public void close() {}
}
