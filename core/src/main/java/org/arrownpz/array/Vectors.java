package org.arrownpz.array;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.StringEncoding;
import org.arrownpz.WriteOptions;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.arrownpz.vector.read.VectorReader;

/** NumPy arrays as Arrow vectors, and back. All methods are safe for use by several threads. */
public final class Vectors {
    private Vectors() {}

    /** {@link #of(BufferAllocator, NumpyArray, String, ReadOptions)} with the default options. */
    public static FieldVector of(BufferAllocator allocator, NumpyArray array, String name) throws NpzException {
        return of(allocator, array, name, ReadOptions.defaults());
    }

    /**
     * An array as a vector: its elements for 0-d (one row) and 1-d, records as structs, fixed-size lists of each row's
     * elements for more dimensions. A view of the file where its layout allows that, as FORMAT_COVERAGE.md has it for
     * every dtype; then read-only: {@code set} on it ends the JVM.
     *
     * @param allocator takes what is copied, and the validity bits
     * @param name the name of the vector's field
     * @param options type mapping, NaT and misfit policy
     * @return the vector, which the caller closes; it outlives the array
     * @throws NpzException what {@link VectorReader} throws
     */
    public static FieldVector of(BufferAllocator allocator, NumpyArray array, String name, ReadOptions options)
            throws NpzException {
        // The vector keeps the bits it was given.
        try (AllValidBitmaps ones = new AllValidBitmaps(allocator, array.location())) {
            return new VectorReader(allocator, options, ones, null).read(array, name);
        }
    }

    /**
     * A vector as an array: fixed-width values as they lie, bits as bools, text as {@code U}, binary as {@code S},
     * fixed-size lists as further dimensions, structs that were read from records as records. Borrowed: the vector must
     * stay open and unchanged until the array is written.
     *
     * @throws NpzException FILE_CHANGED when the vector is that of a mapped file that was cut short
     * @throws IllegalArgumentException when NumPy has no dtype for the vector's type, or the vector holds nulls other than
     *     those of times, which become NaT
     */
    public static ArrayContent array(FieldVector vector) throws NpzException {
        WriteOptions options = WriteOptions.defaults().withStrings(StringEncoding.UNICODE);
        ColumnEncoding encoding = ColumnEncoder.plan(List.of(vector), options, false);
        if (!(encoding instanceof ColumnEncoding.Numpy numpy)) {
            throw new IllegalArgumentException("NumPy has no such array: " + encoding);
        }
        if (numpy.needsValidity()) {
            throw new IllegalArgumentException(
                    "the vector has " + numpy.nullCount() + " nulls, which " + numpy.dtype() + " cannot hold");
        }
        return BlockContent.ofColumn(new BlockContent.Column(numpy, List.of(vector)));
    }

    /** What is to be saved. */
    static ArrayContent content(Object value) throws NpzException {
        return value instanceof FieldVector vector ? array(vector) : ArrayContent.of(value);
    }
}
