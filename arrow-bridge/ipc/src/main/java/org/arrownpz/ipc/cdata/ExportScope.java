package org.arrownpz.ipc.cdata;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;

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

    /**
     * The same values with every buffer at a multiple of 8 bytes: misaligned buffers are copied into allocator memory,
     * all others are shared. The caller closes the result; the vector stays the caller's.
     *
     * <p>Arrays in an NPZ file that others wrote begin at any byte; Java reads them there, but the C Data interface
     * recommends natural alignment, and native readers warn, slow down or give up.
     *
     * @throws NpzException LIMIT when the allocator cannot give the memory, FILE_CHANGED when a mapped file was cut
     *     short
     */
    public static FieldVector realign(FieldVector vector, Location location) throws NpzException {
        FieldVector result = vector.getField().createVector(vector.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            load(vector, result, location);
            return undo.commit(result);
        }
    }

    private static void load(FieldVector source, FieldVector target, Location location) throws NpzException {
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf buffer : source.getFieldBuffers()) {
                if (SafeMemory.isAligned(buffer)) {
                    buffers.add(buffer);
                    continue;
                }
                long length = buffer.writerIndex();
                ArrowBuf copy = SafeMemory.allocate(source.getAllocator(), length, location, "aligned columns");
                copies.add(copy);
                buffers.add(copy.writerIndex(length));
                SafeMemory.copy(buffer, 0, copy, 0, length, location);
            }
            List<FieldVector> from = source.getChildrenFromFields();
            List<FieldVector> to = target.getChildrenFromFields();
            for (int i = 0; i < from.size(); i++) {
                load(from.get(i), to.get(i), location);
            }
            // The bitmap is loaded, whatever the count of nulls says.
            target.loadFieldBuffers(new ArrowFieldNode(source.getValueCount(), 0), buffers);
        } finally {
            copies.forEach(ArrowBuf::close);
        }
    }
}
