package org.arrownpz.fuzz;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.io.ByteSource;

/** The first bytes of a source that claims to be longer: for headers whose data are of no interest. */
record ClaimedSource(byte[] bytes, long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer target) {
        int length = target.remaining();
        Objects.checkFromIndexSize(offset, length, size);
        // What lies behind the bytes is 0.
        for (int i = 0; i < length; i++) {
            long at = offset + i;
            target.put(at < bytes.length ? bytes[(int) at] : 0);
        }
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
