package org.arrownpz.npz.internal.zip.read;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a source that was read last. Where a read is a system call or a request, it fetches 64 KiB at a time,
 * so that walking over many small members takes few reads; of a mapped source, it copies little more than is asked for.
 * Used by one thread.
 */
public final class HeaderWindow implements AutoCloseable {
    private static final int STRETCH = 64 << 10;
    /** From a mapping, or what keeps what it fetched: a local header, and the header of an array behind it. */
    private static final int TWO_HEADERS = 256;

    private final ByteSource source;
    private final Location location;
    /** All of a mapped source, held so that not every read has to. */
    private final @Nullable ArrowBuf held;

    private final int least;
    private byte[] bytes;
    private ByteBuffer buffer;
    private long start;
    private int length;

    /** A window for one look, or few. Need not be closed. */
    public HeaderWindow(ByteSource source) {
        this(source, Location.ofFile(null), null, least(source));
    }

    private static int least(ByteSource source) {
        return source.views(1) ? 0 : source.expect(0, 0) ? TWO_HEADERS : STRETCH;
    }

    private HeaderWindow(ByteSource source, Location location, @Nullable ArrowBuf held, int least) {
        this.source = source;
        this.location = location;
        this.held = held;
        this.least = least;
        this.bytes = new byte[Math.max(least, TWO_HEADERS)];
        this.buffer = ByteBuffer.wrap(bytes);
    }

    /**
     * A window for walking over all of a source. The caller closes it.
     *
     * @param location the source, for messages
     */
    public static HeaderWindow over(ByteSource source, Location location) throws NpzException {
        long size = source.size();
        return size > 0 && source.views(size)
                ? new HeaderWindow(source, location, source.region(0, size), TWO_HEADERS)
                : new HeaderWindow(source);
    }

    /**
     * Makes the given bytes available.
     *
     * @param needed bytes from the offset; the range must be within the source
     * @return the index of the offset in {@link #bytes()}
     */
    int load(long offset, int needed) throws NpzException {
        if (offset >= start && offset + needed <= start + length) {
            return (int) (offset - start);
        }
        int wanted = (int) Math.min(Math.max(needed, least), source.size() - offset);
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, wanted);
            buffer = ByteBuffer.wrap(bytes);
        }
        length = 0;
        buffer.clear().limit(wanted);
        if (held == null) {
            source.read(offset, buffer);
        } else {
            Allocations.copy(held, offset, buffer, location);
        }
        start = offset;
        length = wanted;
        return 0;
    }

    /** The bytes that were loaded, from index 0 on. */
    public byte[] bytes() {
        return bytes;
    }

    /** The index of an offset in {@link #bytes()}; meaningless where nothing is {@link #available} there. */
    public int index(long offset) {
        return (int) (offset - start);
    }

    /** The number of bytes from an offset on that happen to be loaded. */
    public int available(long offset) {
        return offset < start ? 0 : (int) Math.max(0, start + length - offset);
    }

    @Override
    public void close() {
        if (held != null) {
            held.close();
        }
    }
}
