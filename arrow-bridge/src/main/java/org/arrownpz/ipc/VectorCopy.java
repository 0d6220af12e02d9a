package org.arrownpz.ipc;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;

/** Vectors in allocator memory, which may be written to and grow, from vectors that view a file. */
final class VectorCopy {
    /** One offset of the large types: Arrow Java appends to no vector without any. */
    private static final int OFFSET = 8;

    private VectorCopy() {}

    /** A copy of all buffers, which the caller closes. */
    static FieldVector of(FieldVector vector, BufferAllocator allocator, Location location) throws NpzException {
        FieldVector copy = vector.getField().createVector(allocator);
        boolean done = false;
        try {
            load(vector, copy, allocator, location);
            done = true;
            return copy;
        } finally {
            if (!done) {
                copy.close();
            }
        }
    }

    private static void load(FieldVector source, FieldVector target, BufferAllocator allocator, Location location)
            throws NpzException {
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf buffer : source.getFieldBuffers()) {
                long length = buffer.readableBytes();
                ArrowBuf copy = Allocations.allocate(allocator, Math.max(length, OFFSET), location, "a joined column");
                copies.add(copy);
                if (length == 0) {
                    copy.setZero(0, OFFSET);
                }
                Allocations.copy(buffer, buffer.readerIndex(), copy, 0, length, location);
                copy.capacity(Math.max(length, copies.size() == 2 && length == 0 ? OFFSET : 0));
                copy.writerIndex(copy.capacity());
            }
            target.loadFieldBuffers(new ArrowFieldNode(source.getValueCount(), source.getNullCount()), copies);
        } finally {
            copies.forEach(ArrowBuf::close);
        }
        List<FieldVector> children = target.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            load(source.getChildrenFromFields().get(i), children.get(i), allocator, location);
        }
        if (target instanceof UnionVector union) {
            union.setValueCount(source.getValueCount());
        }
    }
}
