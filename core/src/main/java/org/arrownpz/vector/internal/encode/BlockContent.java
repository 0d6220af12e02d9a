package org.arrownpz.vector.internal.encode;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.kernel.Transpose;

/**
 * Columns as one array: a single column as a 1-D array (n-d for tensors), adjacent columns of one dtype as a 2-D array
 * in Fortran order, in which each column is contiguous. Tensors are in C order, but for those that were read from an array
 * in Fortran order.
 *
 * <p>Bytes go to the sink straight from value buffers where these hold the elements already; otherwise they pass
 * through a recycled scratch buffer of the vectors' allocator, without an object per value. Null rows are filled, so
 * that the same values give the same bytes whatever lies under the nulls. The vectors are borrowed: they must stay open
 * and unchanged until the last {@link #writeTo} has returned.
 *
 * <p>Used by one thread.
 */
public record BlockContent(List<Column> columns, Shape shape, StorageOrder order) implements ArrayContent {
    /**
     * One column.
     *
     * @param encoding how its rows become elements
     * @param chunks its vectors in order, of the field that the encoding was made for
     */
    public record Column(ColumnEncoding.Numpy encoding, List<? extends FieldVector> chunks) {
        public Column {
            chunks = List.copyOf(chunks);
        }

        /** The number of rows of all chunks. */
        public long rows() {
            return chunks.stream().mapToLong(FieldVector::getValueCount).sum();
        }
    }

    /**
     * One column as an array of its own.
     *
     * @param order what the header of a 1-D array says: FORTRAN as StaticFrame, C as NumPy. Tensors are in C order.
     */
    public static BlockContent array(Column column, StorageOrder order) {
        if (column.encoding().rowShape().dimensions() == 0) {
            return new BlockContent(List.of(column), Shape.of(column.rows()), order);
        }
        long[] rest = column.encoding().rowShape().lengths();
        long[] lengths = new long[rest.length + 1];
        lengths[0] = column.rows();
        System.arraycopy(rest, 0, lengths, 1, rest.length);
        return new BlockContent(List.of(column), Shape.of(lengths), StorageOrder.C);
    }

    /** One column as NumPy has it: of no dimensions where it was read from such an array, else as {@link #array}. */
    public static BlockContent ofColumn(Column column) {
        boolean scalar =
                "0".equals(column.chunks().get(0).getField().getMetadata().get(NumpyMetadata.DIMENSIONS))
                        && column.rows() == 1
                        && column.encoding().rowShape().dimensions() == 0;
        return scalar ? scalar(column) : isFortran(column) ? fortran(column) : array(column, StorageOrder.C);
    }

    // Lists that were read from an array in Fortran order; batches of rows cannot be one.
    private static boolean isFortran(Column column) {
        return "F".equals(column.chunks().get(0).getField().getMetadata().get(NumpyMetadata.ORDER))
                && column.chunks().size() == 1
                && column.encoding().rowShape().dimensions() > 0;
    }

    private static BlockContent fortran(Column column) {
        return new BlockContent(List.of(column), array(column, StorageOrder.C).shape(), StorageOrder.FORTRAN);
    }

    /**
     * The one row of a column as an array without dimensions.
     *
     * @throws IllegalArgumentException when there are more rows or fewer, or the row is an array
     */
    public static BlockContent scalar(Column column) {
        if (column.rows() != 1 || column.encoding().rowShape().dimensions() != 0) {
            throw new IllegalArgumentException("an array without dimensions holds one value");
        }
        return new BlockContent(List.of(column), Shape.of(), StorageOrder.C);
    }

    /** {@link #block(List, StorageOrder)} in Fortran order. */
    public static BlockContent block(List<Column> columns) {
        return block(columns, StorageOrder.FORTRAN);
    }

    /**
     * Columns as a 2-D array. Those of several vectors are in Fortran order, whatever is asked for.
     *
     * @throws IllegalArgumentException when there is none, or dtypes or row counts differ, or rows are arrays
     */
    public static BlockContent block(List<Column> columns, StorageOrder order) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a block has at least one column");
        }
        Column first = columns.get(0);
        long rows = first.rows();
        for (Column column : columns) {
            if (!column.encoding().sameBlock(first.encoding()) || column.rows() != rows) {
                throw new IllegalArgumentException("columns of one block have one dtype and row count, not "
                        + first.encoding().dtype() + " x " + rows + " and "
                        + column.encoding().dtype() + " x " + column.rows());
            }
        }
        boolean whole = columns.stream().allMatch(column -> column.chunks().size() == 1);
        return new BlockContent(
                List.copyOf(columns), Shape.of(rows, columns.size()), whole ? order : StorageOrder.FORTRAN);
    }

    @Override
    public DType dtype() {
        return columns.get(0).encoding().dtype();
    }

    private boolean isReordered() {
        return order == StorageOrder.FORTRAN
                && columns.size() == 1
                && columns.get(0).encoding().rowShape().dimensions() > 0;
    }

    /** Whether all bytes go from the vectors' buffers to the sink without a conversion. */
    public boolean isDirect() {
        if (isReordered()) {
            return false;
        }
        for (Column column : columns) {
            for (FieldVector chunk : column.chunks()) {
                if (chunk.getValueCount() > 0 && column.encoding().element().direct(Storage.of(chunk)) == null) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * @throws NpzException FILE_CHANGED when a vector's mapped file was cut short, LIMIT when there is no memory for
     *     the scratch buffer, and what the sink throws
     */
    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        try {
            if (order == StorageOrder.C && columns.size() > 1) {
                writeRows(sink);
            } else if (isReordered()) {
                writeFortran(sink);
            } else {
                writeColumns(sink);
            }
        } catch (InternalError e) {
            throw changed(e);
        } catch (IndexOutOfBoundsException e) {
            String name = columns.get(0).chunks().get(0).getName();
            throw new IllegalArgumentException(
                    "the vector " + SafeText.quote(name) + (columns.size() == 1 ? "" : " or one of its block")
                            + " has buffers shorter than its rows",
                    e);
        }
    }

    private void writeColumns(ByteSink sink) throws NpzException {
        for (Column column : columns) {
            for (FieldVector chunk : column.chunks()) {
                try (BlockContentScratch scratch = new BlockContentScratch(chunk.getAllocator())) {
                    write(column.encoding().element(), Storage.of(chunk), scratch, sink);
                }
            }
        }
    }

    /** Row by row: elements of the columns in turns. */
    private void writeRows(ByteSink sink) throws NpzException {
        List<FieldVector> vectors = new ArrayList<>(columns.size());
        columns.forEach(column -> vectors.add(Storage.of(column.chunks().get(0))));
        long width = columns.get(0).encoding().element().rowBytes();
        long rowBytes = Math.multiplyExact(width, columns.size());
        long rows = columns.get(0).rows();
        if (rows == 0 || rowBytes == 0) {
            return;
        }
        try (BlockContentScratch scratch =
                new BlockContentScratch(columns.get(0).chunks().get(0).getAllocator())) {
            ArrowBuf memory = scratch.atLeast(rowBytes);
            int step = (int) Math.min(rows, memory.capacity() / rowBytes);
            for (int first = 0; first < rows; first += step) {
                int count = (int) Math.min(step, rows - first);
                for (int i = 0; i < columns.size(); i++) {
                    columns.get(i)
                            .encoding()
                            .element()
                            .encode(vectors.get(i), first, count, memory, i * width, rowBytes);
                }
                sink.write(memory, 0, count * rowBytes);
            }
        }
    }

    /** Lists of several dimensions with the first index running fastest; the rows are encoded at once where they must be. */
    private void writeFortran(ByteSink sink) throws NpzException {
        Column column = columns.get(0);
        ColumnEncoderElement element = column.encoding().element();
        FieldVector vector = Storage.of(column.chunks().get(0));
        int rows = vector.getValueCount();
        long rowBytes = element.rowBytes();
        if (rows == 0 || rowBytes == 0) {
            return;
        }
        // In C order, the last dimension is the first of an array in Fortran order.
        long[] lengths = shape.lengths();
        long[] turned = new long[lengths.length];
        long elements = 1;
        for (int i = 0; i < lengths.length; i++) {
            turned[i] = lengths[lengths.length - 1 - i];
            elements = Math.multiplyExact(elements, lengths[i]);
        }
        long width = Math.multiplyExact(rowBytes, (long) rows) / elements;
        long slab = elements / turned[0] * width;
        BufferAllocator allocator = column.chunks().get(0).getAllocator();
        try (BlockContentScratch encoded = new BlockContentScratch(allocator);
                BlockContentScratch scratch = new BlockContentScratch(allocator)) {
            ArrowBuf source = element.direct(vector);
            if (source == null) {
                source = encoded.atLeast(Math.multiplyExact(rowBytes, (long) rows));
                element.encode(vector, 0, rows, source, 0, rowBytes);
            }
            ArrowBuf memory = scratch.atLeast(slab);
            long step = Math.min(turned[0], memory.capacity() / slab);
            for (long first = 0; first < turned[0]; first += step) {
                long count = Math.min(step, turned[0] - first);
                Transpose.fortranRows(source, 0, turned, first, count, memory, width);
                sink.write(memory, 0, count * slab);
            }
        }
    }

    private static void write(
            ColumnEncoderElement element, FieldVector vector, BlockContentScratch scratch, ByteSink sink)
            throws NpzException {
        int rows = vector.getValueCount();
        long rowBytes = element.rowBytes();
        if (rows == 0 || rowBytes == 0) {
            return;
        }
        ArrowBuf direct = element.direct(vector);
        if (direct != null) {
            sink.write(direct, 0, Math.multiplyExact(rowBytes, (long) rows));
            return;
        }
        ArrowBuf memory = scratch.atLeast(rowBytes);
        int step = (int) Math.min(rows, memory.capacity() / rowBytes);
        for (int first = 0; first < rows; first += step) {
            int count = Math.min(step, rows - first);
            element.encode(vector, first, count, memory, 0, rowBytes);
            sink.write(memory, 0, count * rowBytes);
        }
    }

    // The JVM reports a page of a mapped file that is gone as InternalError.
    public static NpzException changed(InternalError cause) {
        return Location.ofFile(null)
                .error(ErrorCode.FILE_CHANGED, "the file that a column is mapped from was cut short while it was read")
                .cause(cause)
                .build();
    }
}
