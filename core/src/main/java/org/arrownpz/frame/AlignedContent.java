package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.read.VectorReader;

/** The columns of an array whose rows lie together, one after the other, as content to be written. */
record AlignedContent(BufferAllocator allocator, NumpyArray array) implements ArrayContent {
    private static final long AT_ONCE = 64L << 20;

    /** The content of an array whose columns, where they lie strided and are wanted, come one after the other. */
    static ArrayContent of(BufferAllocator allocator, NumpyArray array, boolean strided) {
        return strided ? new AlignedContent(allocator, array) : array;
    }

    /** Whether the columns of an array lie strided. */
    static boolean isStrided(NumpyArray array) {
        return !array.header().columnsContiguous() && array.header().dataLength() > 0;
    }

    @Override
    public DType dtype() {
        return array.dtype();
    }

    @Override
    public Shape shape() {
        return array.shape();
    }

    @Override
    public StorageOrder order() {
        return StorageOrder.FORTRAN;
    }

    // Elements are moved as plain bytes: whatever their dtype means, they stay as they are.
    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        NpyHeader header = array.header();
        long width = header.dtype().itemSize();
        NpyHeader plain = new NpyHeader(
                header.major(),
                ScalarDType.of(DTypeKind.VOID, Math.toIntExact(width)),
                header.shape(),
                header.order(),
                header.dataOffset(),
                header.dataLength());
        NumpyArray bytes = new NumpyArray(array.location(), plain, array.data());
        ReadOptions options = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
        long rows = header.shape().length(0);
        long columns = header.shape().length(1);
        int rowsAtOnce = (int) Math.min(rows, Math.max(1, AT_ONCE / width));
        // Several columns in one pass where whole ones fit; parts of a single one otherwise.
        int columnsAtOnce =
                rowsAtOnce < rows ? 1 : (int) Math.min(columns, Math.max(1, AT_ONCE / Math.max(1, rows * width)));
        try (VectorReader reader = new VectorReader(allocator, options, array.location())) {
            for (long first = 0; first < columns; first += columnsAtOnce) {
                int[] selected = new int[(int) Math.min(columnsAtOnce, columns - first)];
                for (int i = 0; i < selected.length; i++) {
                    selected[i] = Math.toIntExact(first + i);
                }
                for (long row = 0; row < rows; row += rowsAtOnce) {
                    int count = (int) Math.min(rowsAtOnce, rows - row);
                    List<FieldVector> vectors =
                            new ArrayList<>(reader.readColumns(bytes, position -> "column", selected, row, count));
                    try {
                        for (FieldVector vector : vectors) {
                            sink.write(vector.getDataBuffer(), 0, count * width);
                        }
                    } finally {
                        vectors.forEach(FieldVector::close);
                    }
                }
            }
        }
        array.data().checkUnchanged();
    }
}
