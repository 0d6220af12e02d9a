package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.memory.Buffers;

/** Zero-copy parts of vectors. */
final class Slices {
    private Slices() {}

    /** The given rows of each vector, sharing its memory; closed by the caller. Nothing is left open on failure. */
    static List<FieldVector> of(List<FieldVector> vectors, BufferAllocator allocator, int from, int count) {
        List<FieldVector> slices = new ArrayList<>(vectors.size());
        try {
            for (FieldVector vector : vectors) {
                slices.add(of(vector, allocator, from, count));
            }
            return slices;
        } catch (RuntimeException e) {
            slices.forEach(FieldVector::close);
            throw e;
        }
    }

    static FieldVector of(FieldVector vector, BufferAllocator allocator, int from, int count) {
        // Not getTransferPair, which knows no structs that hold fixed-size lists.
        FieldVector slice = vector.getField().createVector(allocator);
        try {
            if (storage(vector) instanceof DenseUnionVector union) {
                slice(union, from, count, (DenseUnionVector) storage(slice));
            } else {
                vector.makeTransferPair(slice).splitAndTransfer(from, count);
            }
            return slice;
        } catch (RuntimeException e) {
            slice.close();
            throw e;
        }
    }

    static boolean isDenseUnion(FieldVector vector) {
        return storage(vector) instanceof DenseUnionVector;
    }

    /** Moves a vector's memory into one of the same type, and closes it. */
    static void move(FieldVector vector, FieldVector target) {
        try (vector) {
            if (isDenseUnion(vector)) {
                share(vector, target);
            } else {
                vector.makeTransferPair(target).transfer();
            }
        }
    }

    // Arrow takes type codes for positions of children, fails for others, and moves a union without its children.
    private static void slice(DenseUnionVector union, int from, int count, DenseUnionVector target) {
        try (ArrowBuf types = Buffers.slice(union.getTypeBuffer(), from, count);
                ArrowBuf offsets = Buffers.slice(
                        union.getOffsetBuffer(), (long) Integer.BYTES * from, (long) Integer.BYTES * count)) {
            target.loadFieldBuffers(new ArrowFieldNode(count, 0), List.of(types, offsets));
        }
        List<FieldVector> targets = target.getChildrenFromFields();
        for (int i = 0; i < targets.size(); i++) {
            share(union.getChildrenFromFields().get(i), targets.get(i));
        }
    }

    /**
     * A second holder of a vector's memory, which the caller closes. Reads none of it, which a file that was cut short
     * under its mapping would answer with an error at any line.
     */
    static FieldVector whole(FieldVector vector, BufferAllocator allocator) {
        FieldVector share = vector.getField().createVector(allocator);
        try {
            share(vector, share);
            return share;
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private static void share(FieldVector vector, FieldVector target) {
        FieldVector from = storage(vector);
        FieldVector to = storage(target);
        int rows = from.getValueCount();
        List<ArrowBuf> fresh = new ArrayList<>();
        try {
            for (ArrowBuf buffer : buffers(from)) {
                fresh.add(Buffers.slice(buffer, 0, buffer.capacity()));
            }
            // The null count is read only where there is no bitmap.
            to.loadFieldBuffers(new ArrowFieldNode(rows, 0), fresh);
        } finally {
            fresh.forEach(ArrowBuf::close);
        }
        List<FieldVector> children = from.getChildrenFromFields();
        List<FieldVector> targets = to.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            share(children.get(i), targets.get(i));
        }
        if (to instanceof UnionVector union) {
            union.setValueCount(rows);
        }
    }

    // Arrow's getFieldBuffers reads the last offset of these.
    private static List<ArrowBuf> buffers(FieldVector vector) {
        if (vector instanceof BaseVariableWidthVector || vector instanceof BaseLargeVariableWidthVector) {
            return List.of(vector.getValidityBuffer(), vector.getOffsetBuffer(), vector.getDataBuffer());
        }
        if (vector instanceof ListVector || vector instanceof LargeListVector) {
            return List.of(vector.getValidityBuffer(), vector.getOffsetBuffer());
        }
        return vector.getFieldBuffers();
    }

    private static FieldVector storage(FieldVector vector) {
        FieldVector storage = vector;
        while (storage instanceof ExtensionTypeVector<?> extension) {
            storage = (FieldVector) extension.getUnderlyingVector();
        }
        return storage;
    }
}
