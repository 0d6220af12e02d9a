package org.arrownpz.ipc.cdata;

import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Tells when native code has given back all that was exported to it. Every exported array takes a little memory of the
 * scope's allocator and returns it when its consumer releases it, which may happen on other threads after the call.
 *
 * <p>Native code reads an exported mapped file without any check of this library: if the file is cut short meanwhile, the
 * process ends, see {@link org.arrownpz.ReadOptions.Mapping}. Safe for use by several threads.
 */
public final class ExportScope {
    private static final int POLL_MILLIS = 2;

    private final BufferAllocator exports;

    /** A scope whose memory is taken from the given allocator, which need not be the one of the exported vectors. */
    public ExportScope(BufferAllocator parent, String name) {
        this.exports = parent.newChildAllocator(name, 0, Long.MAX_VALUE);
    }

    /** The allocator to export with. */
    public BufferAllocator allocator() {
        return exports;
    }

    /** Bytes that native code still holds descriptions of arrays in; 0 when it holds nothing. */
    public long outstanding() {
        return exports.getAllocatedMemory();
    }

    /**
     * Waits until everything is back, and ends the scope then. An interrupt does not end the wait, for native code does
     * not stop either; the caller sees it afterwards.
     *
     * @return false when the time was over first; the scope stays open then, since the memory is still in use
     */
    public boolean drain(Duration limit) {
        long start = System.nanoTime();
        boolean interrupted = false;
        while (outstanding() > 0 && System.nanoTime() - start < limit.toNanos()) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (outstanding() > 0) {
            return false;
        }
        exports.close();
        return true;
    }
}
