package org.arrownpz.ipc.internal.message;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One array for metadata that are read, looked at and forgotten, kept for whoever comes next: the metadata of wide
 * tables are long enough to be a garbage collector's special case. Safe for several threads, of which one gets it.
 */
final class SpareBytes {
    private static final int MIN_BYTES = 1 << 16;
    private static final int MOST = 1 << 24;

    private static final AtomicReference<@Nullable SoftReference<byte[]>> SPARE = new AtomicReference<>();

    private SpareBytes() {}

    /** A little-endian buffer with room for so many bytes, whose array may be longer. */
    static ByteBuffer take(int length) {
        if (length >= MIN_BYTES && length <= MOST) {
            SoftReference<byte[]> spare = SPARE.getAndSet(null);
            byte[] bytes = spare == null ? null : spare.get();
            if (bytes != null && bytes.length >= length) {
                return little(bytes, length);
            }
        }
        return little(new byte[length], length);
    }

    private static ByteBuffer little(byte[] bytes, int length) {
        return ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Takes a buffer back after its last use. */
    static void giveBack(ByteBuffer buffer) {
        byte[] bytes = buffer.array();
        if (bytes.length >= MIN_BYTES && bytes.length <= MOST) {
            SPARE.set(new SoftReference<>(bytes));
        }
    }
}
