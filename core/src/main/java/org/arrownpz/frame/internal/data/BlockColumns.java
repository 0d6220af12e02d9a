package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The columns of a two-dimensional array; those that are asked for together are transposed together. */
record BlockColumns(NumpyArray block, IntFunction<String> names) implements ColumnSource {
    @Override
    public int count() {
        return (int) block.header().shape().length(1);
    }

    @Override
    public void read(
            VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException {
        vectors.addAll(reader.readColumns(block, names, wanted, rows));
    }

    @Override
    public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
        columns.block(block, names, wanted);
    }

    @Override
    public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
        arrays.accept(block);
    }
}
