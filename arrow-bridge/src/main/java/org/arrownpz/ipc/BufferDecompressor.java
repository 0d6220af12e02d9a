package org.arrownpz.ipc;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;
import org.arrownpz.memory.Buffers;

/** Decompresses the buffers of a batch: eight bytes of uncompressed length (-1: stored as it is), then the data. */
final class BufferDecompressor {
    private static final int PREFIX = 8;
    private static final int CHUNK = 64 << 10;

    private final boolean zstd;
    private final BufferAllocator allocator;
    private final Location location;
    private final long offset;

    private BufferDecompressor(boolean zstd, BufferAllocator allocator, Location location, long offset) {
        this.zstd = zstd;
        this.allocator = allocator;
        this.location = location;
        this.offset = offset;
    }

    static BufferDecompressor of(BodyCompression compression, BufferAllocator allocator, Location location, long offset)
            throws NpzException {
        boolean zstd = compression.codec() == CompressionType.ZSTD;
        if (!(zstd || compression.codec() == CompressionType.LZ4_FRAME)
                || compression.method() != BodyCompressionMethod.BUFFER) {
            throw location.fault(ErrorCode.VERSION, "buffers are compressed in an unknown way")
                    .at(offset)
                    .expected("LZ4 frames or ZSTD, buffer by buffer")
                    .found("codec " + compression.codec() + ", method " + compression.method())
                    .exception();
        }
        return new BufferDecompressor(zstd, allocator, location, offset);
    }

    /** The plain bytes, which the caller releases; the compressed buffer stays the caller's. */
    ArrowBuf decompress(ArrowBuf compressed) throws NpzException {
        if (compressed.capacity() < PREFIX) {
            throw damaged("a compressed buffer lacks its length").exception();
        }
        long length = compressed.getLong(0);
        if (length == -1) {
            return Buffers.slice(compressed, PREFIX, compressed.capacity() - PREFIX);
        }
        if (length < 0) {
            throw damaged("a compressed buffer's length is negative").exception();
        }
        ArrowBuf plain = Allocations.allocate(allocator, length, location, "a decompressed buffer");
        boolean done = false;
        try {
            ByteBuffer target = plain.nioBuffer(0, Math.toIntExact(length));
            ByteBuffer source = compressed.nioBuffer(PREFIX, Math.toIntExact(compressed.capacity() - PREFIX));
            if (zstd) {
                inflateZstd(source, target);
            } else {
                inflateLz4(source, target);
            }
            if (target.hasRemaining()) {
                throw damaged("a compressed buffer is shorter than it says").exception();
            }
            plain.writerIndex(length);
            done = true;
            return plain;
        } catch (IOException | RuntimeException e) {
            if (e instanceof NpzException typed) {
                throw typed;
            }
            throw damaged("a compressed buffer cannot be decompressed").cause(e).exception();
        } finally {
            if (!done) {
                plain.close();
            }
        }
    }

    private void inflateZstd(ByteBuffer source, ByteBuffer target) throws NpzException {
        long result = Zstd.decompressDirectByteBuffer(target, 0, target.remaining(), source, 0, source.remaining());
        if (Zstd.isError(result)) {
            throw damaged("a ZSTD buffer is damaged")
                    .found(Zstd.getErrorName(result))
                    .exception();
        }
        target.position(Math.toIntExact(result));
    }

    private void inflateLz4(ByteBuffer source, ByteBuffer target) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream input = new FramedLZ4CompressorInputStream(new ByteBufferInput(source))) {
            for (int read = input.read(chunk); read >= 0; read = input.read(chunk)) {
                if (read > target.remaining()) {
                    throw damaged("a compressed buffer is longer than it says").exception();
                }
                target.put(chunk, 0, read);
            }
        }
    }

    private static final class ByteBufferInput extends InputStream {
        private final ByteBuffer bytes;

        ByteBufferInput(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int start, int length) {
            if (length == 0) {
                return 0;
            }
            int count = Math.min(length, bytes.remaining());
            if (count == 0) {
                return -1;
            }
            bytes.get(target, start, count);
            return count;
        }
    }

    private NpzException.Builder damaged(String problem) {
        return location.fault(ErrorCode.META_SCHEMA, problem).at(offset);
    }
}
