package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** An array as one column. */
record ArrayColumn(NumpyArray array, String name) implements ColumnSource {
    @Override
    public int count() {
        return 1;
    }

    @Override
    public void read(
            VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException {
        FieldVector vector = reader.readRows(array, name, rows);
        vectors.add(array.header().shape().dimensions() == 0 ? scalar(vector) : vector);
    }

    private static FieldVector scalar(FieldVector vector) {
        try (vector) {
            FieldVector marked = ColumnOutline.scalar(vector.getField()).createVector(vector.getAllocator());
            vector.makeTransferPair(marked).transfer();
            return marked;
        }
    }

    @Override
    public boolean isLong() {
        long element = elementBytes(array.header().dtype());
        return element > 0 && array.header().dataLength() / element > VectorReader.MAX_ROWS;
    }

    /** Bytes of one value of the innermost vector. */
    private static long elementBytes(DType dtype) {
        if (dtype instanceof SubarrayDType list) {
            return elementBytes(list.element());
        }
        boolean pair = dtype instanceof ScalarDType scalar && scalar.kind() == DTypeKind.COMPLEX;
        return pair ? dtype.itemSize() / 2 : dtype.itemSize();
    }

    @Override
    public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
        columns.array(array, name);
    }

    @Override
    public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
        arrays.accept(array);
    }
}
