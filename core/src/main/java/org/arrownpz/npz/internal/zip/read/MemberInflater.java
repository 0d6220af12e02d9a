package org.arrownpz.npz.internal.zip.read;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npz.internal.zip.StoredChecksum;
import org.arrownpz.support.Rollback;

/**
 * Inflates deflated members (RFC 1951) and checks size, end of stream and checksum exactly.
 *
 * <p>Compressed bytes are read into an own buffer, never inflated from a region that may be a mapping: a page missing
 * under zlib ends the JVM. A stated size takes memory only when it is small, in a usual proportion to the compressed
 * bytes that are there, or proven by inflating once without keeping anything. Reusable for several members by one
 * thread; close it.
 */
public final class MemberInflater implements AutoCloseable {
    private static final int CHUNK = 64 << 10;
    /** A size up to this, or up to the usual ratio, is believed; above it is proven first. */
    private static final long BELIEVED = 1 << 20;

    private static final long USUAL_RATIO = 8;
    /** Deflate's best: 258 bytes from two bits. */
    private static final long BEST_RATIO = 1032;

    private final BufferAllocator allocator;
    private final Inflater inflater = new Inflater(true);
    private final ArrowBuf input;

    /** @throws NpzException LIMIT when the allocator cannot give the input buffer */
    public MemberInflater(BufferAllocator allocator, Location location) throws NpzException {
        this.allocator = allocator;
        try (Rollback undo = Rollback.of(() -> inflater.end())) {
            this.input = Allocations.allocate(allocator, CHUNK, location, "compressed bytes");
            undo.commit();
        }
    }

    /**
     * Inflates a member into allocator memory.
     *
     * @param compressed exactly the member's data
     * @return a buffer of exactly the member's size, which the caller releases
     * @throws NpzException ZIP_DATA, ZIP_SIZE, ZIP_CRC, LIMIT, or what the source throws
     */
    public ArrowBuf inflate(ByteSource compressed, long size, int crc, Location location) throws NpzException {
        if (size > allocator.getHeadroom()) {
            requirePossible(compressed, size, location);
            throw location.error(ErrorCode.LIMIT, "the member inflates to more than the allocator can give")
                    .expected("at most " + allocator.getHeadroom() + " bytes")
                    .found(size + " bytes")
                    .remedy("Give the allocator a higher limit")
                    .build();
        }
        if (size > BELIEVED && size / USUAL_RATIO > compressed.size()) {
            verify(compressed, size, crc, location);
        }
        ArrowBuf target = Allocations.allocate(allocator, size, location, "inflated data");
        try (Rollback undo = Rollback.of(target)) {
            run(compressed, size, crc, location, target);
            return undo.commit(target.writerIndex(size));
        }
    }

    /** Inflates a member and checks it, keeping nothing. Throws as {@link #inflate}. */
    public void verify(ByteSource compressed, long size, int crc, Location location) throws NpzException {
        try (ArrowBuf chunk = Allocations.allocate(allocator, CHUNK, location, "inflated data")) {
            run(compressed, size, crc, location, chunk);
        }
    }

    private static void requirePossible(ByteSource compressed, long size, Location location) throws NpzException {
        if (size > 0 && compressed.size() == 0) {
            throw location.fault(ErrorCode.ZIP_DATA, "the deflate stream is empty");
        }
        if (size / BEST_RATIO > compressed.size()) {
            throw location.error(ErrorCode.ZIP_SIZE, "no deflate stream of this length gives so many bytes")
                    .expected(size + " bytes")
                    .found(compressed.size() + " compressed bytes")
                    .build();
        }
    }

    /** Inflates to the whole target where it has the member's size, else over and over to its beginning. */
    private void run(ByteSource compressed, long size, int crc, Location location, ArrowBuf target)
            throws NpzException {
        requirePossible(compressed, size, location);
        inflater.reset();
        CRC32 checksum = new CRC32();
        boolean keep = target.capacity() == size;
        Input feed = new Input(compressed);
        long done = 0;
        try {
            while (done < size) {
                int room = (int) Math.min(CHUNK, size - done);
                ByteBuffer window = target.nioBuffer(keep ? done : 0, room);
                int given = step(window, feed, location);
                if (given == 0) {
                    requireAllUsed(feed, location);
                    throw location.fault(
                            ErrorCode.ZIP_SIZE, "the deflate stream gives fewer bytes than stated", size, done);
                }
                checksum.update(window.flip());
                done += given;
            }
            if (step(ByteBuffer.allocate(1), feed, location) != 0) {
                throw location.error(ErrorCode.ZIP_SIZE, "the deflate stream gives more bytes than stated")
                        .expected(size)
                        .build();
            }
        } catch (DataFormatException e) {
            throw location.error(ErrorCode.ZIP_DATA, "the deflate stream is broken")
                    .found(String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
        requireAllUsed(feed, location);
        StoredChecksum.compare(crc, (int) checksum.getValue(), location);
    }

    private void requireAllUsed(Input feed, Location location) throws NpzException {
        long unused = inflater.getRemaining() + feed.left();
        if (unused != 0) {
            throw location.fault(ErrorCode.ZIP_DATA, unused + " bytes follow the end of the deflate stream");
        }
    }

    /** Gives at least one byte, or none at the end of the stream. */
    private int step(ByteBuffer window, Input feed, Location location) throws NpzException, DataFormatException {
        while (true) {
            int given = inflater.inflate(window);
            if (given > 0 || inflater.finished()) {
                return given;
            }
            if (inflater.needsDictionary()) {
                throw location.fault(ErrorCode.ZIP_DATA, "the deflate stream wants a dictionary");
            }
            if (feed.left() == 0) {
                throw location.fault(ErrorCode.ZIP_DATA, "the deflate stream ends early");
            }
            inflater.setInput(feed.next());
        }
    }

    /** The compressed bytes, chunk by chunk in the own buffer. */
    private final class Input {
        private final ByteSource compressed;
        private long read;

        Input(ByteSource compressed) {
            this.compressed = compressed;
        }

        long left() {
            return compressed.size() - read;
        }

        ByteBuffer next() throws NpzException {
            int length = (int) Math.min(input.capacity(), left());
            ByteBuffer chunk = input.nioBuffer(0, length);
            compressed.read(read, chunk);
            read += length;
            return chunk.flip();
        }
    }

    @Override
    public void close() {
        inflater.end();
        input.close();
    }
}
