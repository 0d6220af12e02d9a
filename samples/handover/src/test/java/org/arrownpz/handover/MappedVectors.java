package org.arrownpz.handover;

import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.nio.FloatBuffer;

/**
 * Rows of a mapped matrix for JVector, of up to 2 GiB.
 *
 * <p>Copied: one row at a time, into a vector of JVector's own, for it computes on no other; nothing for the matrix. Memory:
 * the file's mapping, which the buffer keeps. Byte order: the machine's, as {@code floatBuffer()} gives it.
 */
record MappedVectors(FloatBuffer rows, int dimension) implements RandomAccessVectorValues {
    private static final VectorTypeSupport VECTORS =
            VectorizationProvider.getInstance().getVectorTypeSupport();

    @Override
    public int size() {
        return rows.remaining() / dimension;
    }

    @Override
    public VectorFloat<?> getVector(int row) {
        float[] values = new float[dimension];
        rows.get(row * dimension, values);
        return VECTORS.createFloatVector(values);
    }

    @Override
    public boolean isValueShared() {
        return false;
    }

    @Override
    public RandomAccessVectorValues copy() {
        return this;
    }
}
