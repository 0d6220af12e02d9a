package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The fields of an array of records; those that are asked for together are split together. */
public record RecordColumns(NumpyArray array) implements ColumnSource {
    @Override
    public int count() {
        return ((StructDType) array.header().dtype()).fields().size();
    }

    @Override
    public void read(
            VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException {
        vectors.addAll(reader.readFields(array, wanted, rows));
    }

    @Override
    public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
        columns.records(array, wanted);
    }

    @Override
    public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
        arrays.accept(array);
    }
}
