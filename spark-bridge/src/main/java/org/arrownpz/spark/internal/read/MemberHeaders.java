package org.arrownpz.spark.internal.read;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npz.NpzEntry;
import org.arrownpz.npz.NpzFile;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an archive's arrays, for planning: of a deflated member only the beginning is inflated, so that columns
 * which nobody selects cost nothing. The arrays' values cannot be had from here.
 */
final class MemberHeaders {
    private static final int DEFLATED = 8;

    private final NpzFile file;
    private final ByteSource source;
    private final NpyHeaderReader reader;

    /**
     * Headers of an archive.
     *
     * @param source the bytes that the archive was opened in; not owned
     */
    MemberHeaders(NpzFile file, ByteSource source, ReadLimits limits) {
        this.file = file;
        this.source = source;
        this.reader = new NpyHeaderReader(limits);
    }

    /** The array of a member, or null where there is no such member. */
    @Nullable
    NpyArray ifPresent(String member) throws NpzException {
        return file.contains(member) ? of(member) : null;
    }

    /** The array of a member that is there. */
    NpyArray of(String member) throws NpzException {
        NpzEntry entry = file.entry(member);
        if (entry.method() != DEFLATED || entry.encrypted()) {
            return file.array(member);
        }
        Location place = file.location(member);
        ByteSource compressed = source.slice(file.payloadOffset(member), entry.compressedSize());
        return reader.open(new Beginning(compressed, entry.size(), place), place, true);
    }

    /** Whether any array has to be inflated as a whole before a part of it can be read. */
    boolean isDeflated() {
        return file.entries().stream().anyMatch(entry -> entry.npy() && entry.method() == DEFLATED);
    }

    /** An inflated member of which only the beginning is asked for, and inflated anew each time. */
    private record Beginning(ByteSource compressed, long size, Location place) implements ByteSource {
        private static final int CHUNK = 2 << 10;

        @Override
        public void read(long offset, ByteBuffer target) throws NpzException {
            Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
            // No more than a header, whose length the reader has checked.
            byte[] bytes = new byte[Math.toIntExact(offset + target.remaining())];
            Inflater inflater = new Inflater(true);
            try {
                inflate(inflater, bytes);
            } catch (DataFormatException e) {
                throw place.fault(ErrorCode.ZIP_DATA, "the deflate stream is broken")
                        .found(String.valueOf(e.getMessage()))
                        .cause(e)
                        .exception();
            } finally {
                inflater.end();
            }
            target.put(bytes, (int) offset, target.remaining());
        }

        private void inflate(Inflater inflater, byte[] bytes) throws NpzException, DataFormatException {
            byte[] chunk = new byte[CHUNK];
            long fed = 0;
            int done = 0;
            while (done < bytes.length) {
                int given = inflater.inflate(bytes, done, bytes.length - done);
                done += given;
                if (given == 0) {
                    int next = (int) Math.min(chunk.length, compressed.size() - fed);
                    if (next == 0 || !inflater.needsInput()) {
                        throw place.fault(ErrorCode.ZIP_DATA, "the deflate stream ends within the header")
                                .exception();
                    }
                    compressed.read(fed, ByteBuffer.wrap(chunk, 0, next));
                    inflater.setInput(chunk, 0, next);
                    fed += next;
                }
            }
        }

        @Override
        public ArrowBuf region(long offset, long length) {
            throw new IllegalStateException("only the header of " + place + " was read");
        }

        @Override
        public boolean views(long length) {
            return false;
        }

        @Override
        public void close() {
            // The compressed bytes are the archive's.
        }
    }
}
