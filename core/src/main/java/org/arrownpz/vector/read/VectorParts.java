package org.arrownpz.vector.read;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.support.Rollback;

/**
 * The buffers of a vector to be, each with one reference that this object owns. Nested types are built from the leaves
 * up, since a leaf's type may turn out to be another one than planned.
 */
record VectorParts(Field field, int rows, int nulls, List<ArrowBuf> buffers, List<VectorParts> children) {
    /** The vector, which the caller closes. The parts are spent afterwards, also when this fails. */
    FieldVector toVector(BufferAllocator allocator) {
        try {
            FieldVector vector = field.createVector(allocator);
            try (Rollback undo = Rollback.of(vector)) {
                load(vector);
                return undo.commit(vector);
            }
        } finally {
            release();
        }
    }

    private void load(FieldVector vector) {
        vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
        if (!children.isEmpty()) {
            List<FieldVector> targets = vector.getChildrenFromFields();
            for (int i = 0; i < children.size(); i++) {
                children.get(i).load(targets.get(i));
            }
        }
    }

    void release() {
        for (ArrowBuf buffer : buffers) {
            buffer.getReferenceManager().release();
        }
        for (VectorParts child : children) {
            child.release();
        }
    }
}
