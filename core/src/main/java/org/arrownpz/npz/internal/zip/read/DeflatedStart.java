package org.arrownpz.npz.internal.zip.read;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;

/**
 * A deflated member of which only the start is wanted, for the header of an array. Each read inflates from the beginning
 * up to its end, into the heap: callers read no more than a header, whose length they have checked.
 *
 * @param compressed the member's bytes in the archive; not owned
 * @param size the bytes that it states to inflate to
 * @param location the member, for messages
 */
public record DeflatedStart(ByteSource compressed, long size, Location location) implements ByteSource {
    private static final int CHUNK = 2 << 10;

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        byte[] bytes = new byte[Math.toIntExact(offset + target.remaining())];
        Inflater inflater = new Inflater(true);
        try {
            inflate(inflater, bytes);
        } catch (DataFormatException e) {
            throw location.error(ErrorCode.ZIP_DATA, "the deflate stream is broken")
                    .found(String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
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
                    throw location.fault(ErrorCode.ZIP_DATA, "the deflate stream ends within the header");
                }
                compressed.read(fed, ByteBuffer.wrap(chunk, 0, next));
                inflater.setInput(chunk, 0, next);
                fed += next;
            }
        }
    }

    @Override
    public ArrowBuf region(long offset, long length) {
        throw new IllegalStateException("only the header of " + location + " is read");
    }

    @Override
    public void close() {
        // The compressed bytes are the archive's.
    }
}
