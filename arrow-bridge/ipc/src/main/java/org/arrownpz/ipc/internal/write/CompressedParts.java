package org.arrownpz.ipc.internal.write;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSink;
import org.arrownpz.ipc.internal.codec.Lz4Block;
import org.arrownpz.ipc.internal.codec.Lz4Frame;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of a batch, each compressed on its own: eight bytes of uncompressed length, then the data. A buffer that
 * would not become shorter follows -1 as it is, unless its values are wider than the prefix: readers would find them
 * misaligned. Values are copied before they are compressed: native code that runs over a mapped file cut short ends the
 * JVM.
 */
public final class CompressedParts implements AutoCloseable {
    private static final int ZSTD_LEVEL = 3;
    private static final long RAW = -1;

    private final BatchParts parts;
    private final @Nullable ArrowBuf[] compressed;

    private CompressedParts(BatchParts parts) {
        this.parts = parts;
        this.compressed = new ArrowBuf[parts.bufferCount()];
    }

    /**
     * Compresses all buffers; the caller closes the result.
     *
     * @param meter told of the bytes
     */
    public static CompressedParts of(
            BatchParts parts, CodecType codec, BufferAllocator allocator, Meter meter, Location location)
            throws NpzException {
        CompressedParts result = new CompressedParts(parts);
        try (Rollback undo = Rollback.of(result);
                Memory plain = new Memory(allocator, location);
                Memory packed = new Memory(allocator, location)) {
            Lz4Block.Table table = new Lz4Block.Table();
            for (int i = 0; i < result.compressed.length; i++) {
                long length = parts.length(i);
                meter.add(length);
                if (length == 0 || length > Integer.MAX_VALUE - (1 << 24)) {
                    continue;
                }
                plain.clear(length);
                parts.write(i, plain);
                boolean zstd = codec == CodecType.ZSTD;
                packed.clear(zstd ? Zstd.compressBound(length) : Lz4Frame.bound(length));
                int size = compress(plain.bytes((int) length), packed.bytes(), zstd, table);
                if (size >= length && !parts.isWide(i)) {
                    continue;
                }
                ArrowBuf kept = SafeMemory.allocate(allocator, size, location, "compressed values");
                result.compressed[i] = kept;
                SafeMemory.copy(packed.buffer(), 0, kept, 0, size, location);
            }
            return undo.commit(result);
        }
    }

    private static int compress(ByteBuffer plain, ByteBuffer packed, boolean zstd, Lz4Block.Table table) {
        if (!zstd) {
            return Lz4Frame.compress(plain, packed, table);
        }
        long size =
                Zstd.compressDirectByteBuffer(packed, 0, packed.remaining(), plain, 0, plain.remaining(), ZSTD_LEVEL);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("ZSTD failed: " + Zstd.getErrorName(size));
        }
        return (int) size;
    }

    /** Bytes of a buffer with its prefix, without padding. */
    public long length(int buffer) {
        ArrowBuf memory = compressed[buffer];
        long length = parts.length(buffer);
        return length == 0 ? 0 : Long.BYTES + (memory == null ? length : memory.capacity());
    }

    public void write(int buffer, ByteSink sink) throws NpzException {
        long length = parts.length(buffer);
        if (length == 0) {
            return;
        }
        ArrowBuf memory = compressed[buffer];
        ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sink.write(prefix.putLong(memory == null ? RAW : length).flip());
        if (memory == null) {
            parts.write(buffer, sink);
        } else {
            sink.write(memory, 0, memory.capacity());
        }
    }

    @Override
    public void close() {
        for (ArrowBuf memory : compressed) {
            if (memory != null) {
                memory.close();
            }
        }
    }

    /** Reused memory that can be written to like a file. */
    private static final class Memory implements ByteSink, AutoCloseable {
        private final BufferAllocator allocator;
        private final Location location;
        private @Nullable ArrowBuf memory;
        private long used;

        Memory(BufferAllocator allocator, Location location) {
            this.allocator = allocator;
            this.location = location;
        }

        void clear(long room) throws NpzException {
            used = 0;
            if (memory == null || memory.capacity() < room) {
                close();
                memory = SafeMemory.allocate(allocator, room, location, "compression");
            }
        }

        ArrowBuf buffer() {
            if (memory == null) {
                throw new IllegalStateException();
            }
            return memory;
        }

        ByteBuffer bytes() {
            return bytes((int) Math.min(Integer.MAX_VALUE, buffer().capacity()));
        }

        ByteBuffer bytes(int length) {
            return buffer().nioBuffer(0, length);
        }

        @Override
        public void write(ArrowBuf source, long offset, long length) throws NpzException {
            SafeMemory.copy(source, offset, buffer(), used, length, location);
            used += length;
        }

        @Override
        public void write(ByteBuffer source) {
            int length = source.remaining();
            buffer().setBytes(used, source);
            used += length;
        }

        @Override
        public void close() {
            if (memory != null) {
                memory.close();
                memory = null;
            }
        }
    }
}
