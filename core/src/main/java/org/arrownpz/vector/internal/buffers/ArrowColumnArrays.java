package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the arrays of one stored column as buffers, one after the other, once dtype, length and null count are what
 * they must be. Closing gives up its own references.
 */
final class ArrowColumnArrays implements AutoCloseable {
    private final List<? extends @Nullable NumpyArray> arrays;
    private final AllValidBitmaps ones;
    private final Location location;
    private final @Nullable String column;
    private final List<ArrowBuf> regions = new ArrayList<>();
    private int next;

    /**
     * The arrays of a column.
     *
     * @param arrays null where a bitmap is left out
     * @param column the column's name
     */
    ArrowColumnArrays(
            List<? extends @Nullable NumpyArray> arrays,
            AllValidBitmaps ones,
            Location location,
            @Nullable String column) {
        this.arrays = arrays;
        this.ones = ones;
        this.location = location;
        this.column = column;
    }

    /** How many were handed out. */
    int taken() {
        return next;
    }

    int size() {
        return arrays.size();
    }

    /** The bitmap of a field; all ones, which are shared, where nothing is null. */
    ArrowBuf validity(ArrowColumn.Node node) throws NpzException {
        if (next >= arrays.size()) {
            throw error("has fewer buffers than its type").found(arrays.size()).build();
        }
        NumpyArray array = arrays.get(next);
        if ((array == null) != (node.nullCount() == 0)) {
            throw error("has a validity bitmap where nothing is null, or none where something is")
                    .build();
        }
        if (array == null) {
            next++;
            ArrowBuf shared = ones.forRows(node.length());
            regions.add(shared);
            return shared;
        }
        ArrowBuf bits = exactly(ArrowColumnTypes.BYTES, EncodeBits.bytes(node.length()));
        long nulls = EncodeBits.countZeros(bits, 0, node.length());
        if (nulls != node.nullCount()) {
            throw error("has a null count that is not its bitmap's")
                    .expected(node.nullCount())
                    .found(nulls)
                    .build();
        }
        return bits;
    }

    /** Exactly so many elements of this dtype. */
    ArrowBuf exactly(ScalarDType dtype, long elements) throws NpzException {
        ArrowBuf region = any(dtype);
        long expected = Math.multiplyExact(dtype.itemSize(), elements);
        if (region.capacity() != expected) {
            throw error("has a buffer of a length that is not its own (number " + (next - 1) + ")")
                    .expected(expected + " bytes")
                    .found(region.capacity())
                    .build();
        }
        return region;
    }

    /** Any number of elements of this dtype. */
    ArrowBuf any(ScalarDType dtype) throws NpzException {
        NumpyArray array = next < arrays.size() ? arrays.get(next) : null;
        if (array == null) {
            throw error("lacks buffer number " + next).build();
        }
        next++;
        DType found = array.header().dtype();
        if (!dtype.equals(found) || array.header().shape().dimensions() != 1) {
            throw array.location()
                    .error(ErrorCode.META_SCHEMA, "the array is no buffer of the Arrow column " + name())
                    .expected(dtype + " in one dimension")
                    .found(SafeText.escape(found + " " + array.header().shape()))
                    .build();
        }
        ArrowBuf region = array.region(0, array.data().size());
        regions.add(region);
        return region;
    }

    /** The column's name for messages. */
    String name() {
        return SafeText.quote(String.valueOf(column));
    }

    /** What is wrong with the column. */
    NpzException.Builder error(String problem) {
        return location.error(ErrorCode.META_SCHEMA, "the Arrow column " + name() + " " + problem);
    }

    @Override
    public void close() {
        // The vector has references of its own.
        for (ArrowBuf region : regions) {
            region.close();
        }
        regions.clear();
    }
}
