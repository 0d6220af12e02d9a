package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Some columns of a source, in an order of their own. */
record Part(ColumnSource whole, int[] positions) implements ColumnSource {
    @Override
    public int count() {
        return positions.length;
    }

    @Override
    public void read(
            VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException {
        whole.read(reader, ones, chosen(wanted), rows, vectors);
    }

    @Override
    public boolean hasNulls(int column) {
        return whole.hasNulls(positions[column]);
    }

    @Override
    public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
        whole.outline(columns, chosen(wanted));
    }

    @Override
    public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
        whole.arrays(chosen(wanted), arrays);
    }

    @Override
    public boolean readsRows() {
        return whole.readsRows();
    }

    @Override
    public ColumnSource some(int[] wanted) {
        return new Part(whole, chosen(wanted));
    }

    /** Positions among these columns, as positions in the whole. */
    private int[] chosen(int @Nullable [] wanted) {
        if (wanted == null) {
            return positions;
        }
        int[] chosen = new int[wanted.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = positions[wanted[i]];
        }
        return chosen;
    }
}
