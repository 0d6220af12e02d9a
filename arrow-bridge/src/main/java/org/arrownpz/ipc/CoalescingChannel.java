package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Gathers small writes: Arrow's writers make four system calls for each column. Large ones pass through. Has to be
 * flushed at the end, and does not close what it writes to.
 */
final class CoalescingChannel implements WritableByteChannel {
    private static final int CAPACITY = 1 << 20;

    private final WritableByteChannel target;
    private final ByteBuffer pending = ByteBuffer.allocateDirect(CAPACITY);
    private boolean open = true;

    CoalescingChannel(WritableByteChannel target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = source.remaining();
        if (count > pending.remaining()) {
            flush();
        }
        if (count > pending.remaining()) {
            drain(source);
        } else {
            pending.put(source);
        }
        return count;
    }

    /** Hands on everything written so far. */
    void flush() throws IOException {
        drain(pending.flip());
        pending.clear();
    }

    private void drain(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            target.write(source);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Does not flush: what a failed writer left behind is of no use. */
    @Override
    public void close() {
        open = false;
    }
}
