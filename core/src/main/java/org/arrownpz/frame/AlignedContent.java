package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
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

/** An array of a file as content to be written: its bytes as they are, or its columns one after the other. */
record AlignedContent(BufferAllocator allocator, NumpyArray array, boolean transposed) implements ArrayContent {
    private static final long AT_ONCE = 64L << 20;

    /** Whether the columns of an array lie strided. */
    static boolean isStrided(NumpyArray array) {
        return !array.header().columnsContiguous() && array.header().dataLength() > 0;
    }

    @Override
    public DType dtype() {
        return array.header().dtype();
    }

    @Override
    public Shape shape() {
        return array.header().shape();
    }

    @Override
    public StorageOrder order() {
        return transposed ? StorageOrder.FORTRAN : array.header().order();
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        if (transposed) {
            columns(sink);
        } else {
            bytes(sink);
        }
        array.data().checkUnchanged();
    }

    private void bytes(ByteSink sink) throws NpzException {
        long size = array.data().size();
        for (long at = 0; at < size; at += AT_ONCE) {
            long count = Math.min(AT_ONCE, size - at);
            try (ArrowBuf part = array.region(at, count)) {
                sink.write(part, 0, count);
            }
        }
    }

    // Elements are moved as plain bytes: whatever their dtype means, they stay as they are.
    private void columns(ByteSink sink) throws NpzException {
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
    }
}
