package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.memory.Storage;

/**
 * A vector with its own copy of all offsets and type ids, and a share of all else. Arrow's validation reads offsets in
 * loops that some JVMs do not survive where the offsets lie in a mapped file that is cut short meanwhile.
 */
final class ValidationCopy {
    private final BufferAllocator allocator;
    private final Location location;
    private final List<ArrowBuf> fresh = new ArrayList<>();

    private ValidationCopy(BufferAllocator allocator, Location location) {
        this.allocator = allocator;
        this.location = location;
    }

    /** Whether there is anything to be copied. */
    static boolean isNeeded(FieldVector vector) {
        FieldVector storage = Storage.of(vector);
        return VectorSlices.hasOffsets(storage)
                || storage instanceof DenseUnionVector
                || storage.getChildrenFromFields().stream().anyMatch(ValidationCopy::isNeeded);
    }

    /** The copy, below extension types, which the caller closes. */
    static FieldVector of(FieldVector vector, Location location) throws NpzException {
        FieldVector source = Storage.of(vector);
        ValidationCopy copy = new ValidationCopy(source.getAllocator(), location);
        FieldVector target = source.getField().createVector(copy.allocator);
        try (Rollback undo = Rollback.of(target)) {
            copy.load(source, Storage.of(target));
            return undo.commit(target);
        } finally {
            copy.fresh.forEach(ArrowBuf::close);
        }
    }

    private void load(FieldVector source, FieldVector target) throws NpzException {
        int rows = source.getValueCount();
        target.loadFieldBuffers(new ArrowFieldNode(rows, 0), buffers(source));
        List<FieldVector> children = source.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            load(
                    Storage.of(children.get(i)),
                    Storage.of(target.getChildrenFromFields().get(i)));
        }
        VectorSlices.countRows(target, rows);
    }

    // Not getFieldBuffers where there are offsets: it reads the last one.
    private List<ArrowBuf> buffers(FieldVector vector) throws NpzException {
        if (VectorSlices.hasOffsets(vector)) {
            List<ArrowBuf> buffers = new ArrayList<>(List.of(vector.getValidityBuffer()));
            buffers.add(copied(vector.getOffsetBuffer()));
            if (!(vector instanceof ListVector || vector instanceof LargeListVector)) {
                buffers.add(vector.getDataBuffer());
            }
            return buffers;
        }
        List<ArrowBuf> buffers = new ArrayList<>(vector.getFieldBuffers());
        if (vector instanceof DenseUnionVector) {
            for (int i = 0; i < buffers.size(); i++) {
                buffers.set(i, copied(buffers.get(i)));
            }
        }
        return buffers;
    }

    private ArrowBuf copied(ArrowBuf source) throws NpzException {
        ArrowBuf target = Allocations.allocate(allocator, source.capacity(), location, "offsets to be validated");
        fresh.add(target);
        Allocations.copy(source, 0, target, 0, source.capacity(), location);
        return target.writerIndex(source.capacity());
    }
}
