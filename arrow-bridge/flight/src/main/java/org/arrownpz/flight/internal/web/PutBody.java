package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A body that is an Arrow IPC stream, or a file, which is a stream after its first eight bytes. It is whole when the stream's
 * end mark has been read, and nothing but what ends a file follows. Used by one thread.
 */
final class PutBody implements Holdings.Body {
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int PREFIX = 8;
    private static final long END_MARK = 0xFFFFFFFF_00000000L;
    private static final int PIECE = 1 << 16;

    private final InputStream in;
    private final byte[] piece = new byte[PIECE];
    private final boolean file;
    private ByteBuffer first;
    /** The last eight bytes that were read. */
    private long tail;

    private boolean ended;
    private long count;

    PutBody(InputStream in) throws IOException {
        this.in = in;
        byte[] start = in.readNBytes(PREFIX);
        this.file = start.length == PREFIX && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
        this.first = ByteBuffer.wrap(file ? new byte[0] : start);
        this.count = start.length;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int wanted = Math.min(PIECE, target.remaining());
        if (first.hasRemaining()) {
            int some = Math.min(wanted, first.remaining());
            first.get(piece, 0, some);
            return taken(some, target);
        }
        int some = in.read(piece, 0, wanted);
        ended = some < 0;
        count += Math.max(0, some);
        return ended ? -1 : taken(some, target);
    }

    private int taken(int some, ByteBuffer target) {
        target.put(piece, 0, some);
        for (int i = Math.max(0, some - Long.BYTES); i < some; i++) {
            tail = (tail << Byte.SIZE) | (piece[i] & 0xFF);
        }
        return some;
    }

    @Override
    public boolean isWhole() {
        if (ended || tail != END_MARK) {
            return false;
        }
        try {
            byte[] last = new byte[0];
            boolean more = false;
            for (int some = in.read(piece); some >= 0; some = in.read(piece)) {
                byte[] both = Arrays.copyOf(last, last.length + some);
                System.arraycopy(piece, 0, both, last.length, some);
                last = Arrays.copyOfRange(both, Math.max(0, both.length - MAGIC.length), both.length);
                more |= some > 0;
                count += some;
            }
            return file ? Arrays.equals(last, MAGIC) : !more;
        } catch (IOException e) {
            return false;
        }
    }

    /** The bytes that have come. */
    long count() {
        return count;
    }

    @Override
    public boolean isOpen() {
        return !ended;
    }

    /** Leaves the rest of the body to {@link #isWhole}. */
    @Override
    public void close() {}
}
