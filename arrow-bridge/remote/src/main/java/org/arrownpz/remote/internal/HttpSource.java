package org.arrownpz.remote.internal;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;

/** A file behind a server: every region is a copy in allocator memory. Nothing is held but memory of the heap. */
final class HttpSource implements ByteSource {
    /** One step of a long region, for buffers of Java end at 2 GiB. */
    private static final int STEP = 1 << 30;

    private final BufferAllocator allocator;
    private final HttpFile file;

    HttpSource(BufferAllocator allocator, HttpFile file) {
        this.allocator = allocator;
        this.file = file;
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        file.read(offset, target);
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size());
        ArrowBuf memory = SafeMemory.fresh(allocator, length, file.location(), "a region of the file");
        try (Rollback undo = Rollback.of(memory)) {
            for (long done = 0; done < length; done += STEP) {
                file.read(offset + done, memory.nioBuffer(done, (int) Math.min(STEP, length - done)));
            }
            return undo.commit(memory.writerIndex(length));
        }
    }

    @Override
    public boolean expect(long offset, long length) {
        Objects.checkFromIndexSize(offset, Math.min(length, size() - offset), size());
        file.expect(offset, Math.min(length, size() - offset));
        return true;
    }

    @Override
    public String traffic() {
        return file.traffic();
    }

    @Override
    public void close() {
        // Connections belong to all files together.
    }
}
