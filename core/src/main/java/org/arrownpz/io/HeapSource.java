package org.arrownpz.io;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Bytes on the Java heap that are only ever read, never handed out as off-heap regions.
 *
 * <p>Safe for use by several threads.
 */
final class HeapSource implements ByteSource {
    private final ByteBuffer bytes;

    /** A source over the buffer's remaining bytes, which must not change. */
    HeapSource(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public long size() {
        return bytes.capacity();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        target.put(bytes.slice((int) offset, target.remaining()));
    }

    @Override
    public ArrowBuf region(long offset, long length) {
        throw new IllegalStateException("bytes on the heap are no region of memory");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
