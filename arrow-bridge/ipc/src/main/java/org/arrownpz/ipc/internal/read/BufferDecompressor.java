package org.arrownpz.ipc.internal.read;

import com.github.luben.zstd.Zstd;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.internal.codec.Lz4Frame;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses the buffers of a batch: eight bytes of uncompressed length (-1: stored as it is), then the data. The
 * compressed bytes are copied out of the file first: native code that runs over a mapping cut short ends the JVM.
 */
final class BufferDecompressor implements AutoCloseable {
    static final int PREFIX = 8;

    private final boolean zstd;
    private final BufferAllocator allocator;
    private final Location location;
    private final long offset;
    private final byte[] prefix = new byte[PREFIX];
    private @Nullable ArrowBuf scratch;

    private BufferDecompressor(boolean zstd, BufferAllocator allocator, Location location, long offset) {
        this.zstd = zstd;
        this.allocator = allocator;
        this.location = location;
        this.offset = offset;
    }

    static BufferDecompressor of(BatchTable batch, BufferAllocator allocator, Location location, long offset)
            throws NpzException {
        boolean zstd = batch.codec() == CompressionType.ZSTD;
        if (!(zstd || batch.codec() == CompressionType.LZ4_FRAME) || batch.method() != BodyCompressionMethod.BUFFER) {
            throw location.error(ErrorCode.VERSION, "buffers are compressed in an unknown way")
                    .at(offset)
                    .expected("LZ4 frames or ZSTD, buffer by buffer")
                    .found("codec " + batch.codec() + ", method " + batch.method())
                    .build();
        }
        return new BufferDecompressor(zstd, allocator, location, offset);
    }

    /** The uncompressed length of a buffer that is not empty, or -1 where its bytes follow as they are. */
    long plainLength(Body body, long start, long length) throws NpzException {
        if (length < PREFIX) {
            throw damaged("a compressed buffer lacks its length").build();
        }
        body.read(start, ByteBuffer.wrap(prefix), location);
        long plain = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (plain < -1) {
            throw damaged("a compressed buffer's length is negative")
                    .found(plain)
                    .build();
        }
        return plain;
    }

    /** The plain bytes, which the caller releases. */
    ArrowBuf decompress(Body body, long start, long length, long plainLength) throws NpzException {
        if (plainLength > Integer.MAX_VALUE || length > Integer.MAX_VALUE) {
            throw location.error(ErrorCode.LIMIT, "a compressed buffer of " + plainLength + " bytes is too long")
                    .at(offset)
                    .expected("at most " + Integer.MAX_VALUE)
                    .remedy("Write smaller batches")
                    .build();
        }
        ByteBuffer source = compressed(body, start + PREFIX, length - PREFIX);
        ArrowBuf plain = SafeMemory.allocate(allocator, plainLength, location, "a decompressed buffer");
        try (Rollback undo = Rollback.of(plain)) {
            if (plainLength > 0) {
                inflate(source, plain.nioBuffer(0, (int) plainLength));
            }
            plain.writerIndex(plainLength);
            return undo.commit(plain);
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | ArithmeticException
                | BufferUnderflowException e) {
            throw damaged("a compressed buffer cannot be decompressed").cause(e).build();
        }
    }

    private ByteBuffer compressed(Body body, long start, long length) throws NpzException {
        ArrowBuf memory = scratch;
        if (memory == null || memory.capacity() < length) {
            close();
            memory = SafeMemory.allocate(allocator, length, location, "compressed bytes");
            scratch = memory;
        }
        body.copy(start, length, memory, location);
        return length == 0 ? ByteBuffer.allocateDirect(0) : memory.nioBuffer(0, (int) length);
    }

    private void inflate(ByteBuffer source, ByteBuffer target) throws NpzException {
        long written;
        if (zstd) {
            written = Zstd.decompressDirectByteBuffer(target, 0, target.remaining(), source, 0, source.remaining());
            if (Zstd.isError(written)) {
                throw damaged("a ZSTD buffer is damaged")
                        .found(Zstd.getErrorName(written))
                        .build();
            }
        } else {
            written = Lz4Frame.decompress(source, target);
        }
        if (written != target.remaining()) {
            throw damaged("a compressed buffer has another length than it says")
                    .expected(target.remaining())
                    .found(written)
                    .build();
        }
    }

    private NpzException.Builder damaged(String problem) {
        return location.error(ErrorCode.META_SCHEMA, problem).at(offset);
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
            scratch = null;
        }
    }
}
