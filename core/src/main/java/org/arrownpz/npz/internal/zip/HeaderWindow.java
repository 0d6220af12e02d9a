package org.arrownpz.npz.internal.zip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.arrownpz.NpzException;
import org.arrownpz.memory.ByteSource;

/**
 * The stretch of a source that was read last. Where a read is a system call or a request, it fetches 64 KiB at a time,
 * so that walking over many small members takes few reads; a mapped source is read exactly. Used by one thread.
 */
public final class HeaderWindow {
    private static final int STRETCH = 64 << 10;

    private final ByteSource source;
    private final int least;
    private byte[] bytes;
    private ByteBuffer buffer;
    private long start;
    private int length;

    public HeaderWindow(ByteSource source) {
        this.source = source;
        this.least = source.views(1) ? 0 : STRETCH;
        this.bytes = new byte[Math.max(least, 256)];
        this.buffer = ByteBuffer.wrap(bytes);
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
        source.read(offset, buffer.clear().limit(wanted));
        start = offset;
        length = wanted;
        return 0;
    }

    byte[] bytes() {
        return bytes;
    }
}
