package org.arrownpz.ipc.cdata;

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
 * Buffers at addresses that native code expects. Arrays in an NPZ file that others wrote begin at any byte; Java reads
 * them there, but the C Data interface recommends natural alignment, and native readers warn, slow down or give up.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Alignment {
    private static final int BYTES = 8;

    private Alignment() {}

    /**
     * The same values with every buffer at a multiple of 8 bytes: misaligned buffers are copied into allocator memory,
     * all others are shared. The caller closes the result; the vector stays the caller's.
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

    /** Whether every buffer of the vector and its children lies at a multiple of 8 bytes. */
    public static boolean isAligned(FieldVector vector) {
        for (ArrowBuf buffer : vector.getFieldBuffers()) {
            if (!isAligned(buffer)) {
                return false;
            }
        }
        return vector.getChildrenFromFields().stream().allMatch(Alignment::isAligned);
    }

    private static void load(FieldVector source, FieldVector target, Location location) throws NpzException {
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf buffer : source.getFieldBuffers()) {
                if (isAligned(buffer)) {
                    buffers.add(buffer);
                } else {
                    ArrowBuf copy = copy(buffer, source.getAllocator(), location);
                    copies.add(copy);
                    buffers.add(copy);
                }
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

    private static ArrowBuf copy(ArrowBuf buffer, BufferAllocator allocator, Location location) throws NpzException {
        long length = buffer.writerIndex();
        ArrowBuf copy = SafeMemory.allocate(allocator, length, location, "aligned columns");
        try (Rollback undo = Rollback.of(copy)) {
            SafeMemory.copy(buffer, 0, copy, 0, length, location);
            undo.commit();
        }
        return copy.writerIndex(length);
    }

    private static boolean isAligned(ArrowBuf buffer) {
        return buffer.capacity() == 0 || buffer.nioBuffer(0, 1).alignmentOffset(0, BYTES) == 0;
    }
}
