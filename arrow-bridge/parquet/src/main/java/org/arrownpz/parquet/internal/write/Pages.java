package org.arrownpz.parquet.internal.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.SafeMemory;

/** The finished pages of a chunk, in allocator memory: a dictionary, which is known last, comes before them. */
final class Pages implements AutoCloseable {
    /** Of each buffer: allocators round lengths up to the next power of two. */
    private static final int PIECE = 1 << 16;

    private final BufferAllocator allocator;
    private final Location location;
    private final List<ArrowBuf> buffers = new ArrayList<>();
    private long bytes;

    Pages(BufferAllocator allocator, Location location) {
        this.allocator = allocator;
        this.location = location;
    }

    void add(Bytes page) throws NpzException {
        for (int from = 0; from < page.size(); from += PIECE) {
            int length = Math.min(PIECE, page.size() - from);
            ArrowBuf buffer = SafeMemory.allocate(allocator, length, location, "pages of a Parquet file");
            buffers.add(buffer);
            buffer.setBytes(0, page.array(), from, length);
        }
        bytes += page.size();
    }

    long bytes() {
        return bytes;
    }

    void writeTo(Output out) throws IOException {
        for (ArrowBuf buffer : buffers) {
            out.write(buffer.nioBuffer(0, Math.toIntExact(buffer.capacity())));
        }
    }

    /** The target of a file's bytes. */
    interface Output {
        void write(ByteBuffer bytes) throws IOException;
    }

    @Override
    public void close() {
        buffers.forEach(ArrowBuf::close);
        buffers.clear();
    }
}
