package org.arrownpz.npz.internal.zip.read;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;

/** The stretch of a source that was read last. Used by one thread. */
public final class HeaderWindow {
    private final ByteSource source;
    /** As long as a local header is as a rule. */
    private byte[] bytes = new byte[256];

    private long start;
    private int length;

    public HeaderWindow(ByteSource source) {
        this.source = source;
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
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, needed);
        }
        length = 0;
        source.read(offset, ByteBuffer.wrap(bytes, 0, needed));
        start = offset;
        length = needed;
        return 0;
    }

    /** The bytes that were loaded, from index 0 on. */
    byte[] bytes() {
        return bytes;
    }
}
