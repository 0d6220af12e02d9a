package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

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
            vector.makeTransferPair(slice).splitAndTransfer(from, count);
            return slice;
        } catch (RuntimeException e) {
            slice.close();
            throw e;
        }
    }
}
