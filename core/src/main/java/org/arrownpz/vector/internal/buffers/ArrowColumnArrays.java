package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the arrays of one stored column as buffers, one after the other, once dtype, length and null count are what
 * they must be. Closing gives up its own references.
 */
final class ArrowColumnArrays implements AutoCloseable {
    private final List<? extends @Nullable NumpyArray> arrays;
    private final @Nullable AllValidBitmaps ones;
    private final ArrowBuf none;
    private final Location location;
    private final @Nullable String column;
    private final List<ArrowBuf> regions = new ArrayList<>();
    private int next;

    /**
     * The arrays of a column.
     *
     * @param arrays null where a bitmap is left out
     * @param ones where bitmaps without nulls come from; null where only headers are checked
     * @param none an empty buffer, which stands for each where only headers are checked
     * @param column the column's name
     */
    ArrowColumnArrays(
            List<? extends @Nullable NumpyArray> arrays,
            @Nullable AllValidBitmaps ones,
            ArrowBuf none,
            Location location,
            @Nullable String column) {
        this.arrays = arrays;
        this.ones = ones;
        this.none = none;
        this.location = location;
        this.column = column;
    }

    /** Whether buffers are handed out, whose values can be looked at. */
    boolean haveValues() {
        return ones != null;
    }

    /** The number of arrays that were handed out. */
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
            return ones == null ? none : held(ones.forRows(node.length()));
        }
        ArrowBuf bits = exactly(ArrowColumnTypes.BYTES, EncodeBits.bytes(node.length()));
        if (ones == null) {
            return bits;
        }
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
        NumpyArray array = take(dtype);
        long expected = Math.multiplyExact(dtype.itemSize(), elements);
        long length = array.data().size();
        if (length != expected) {
            throw error("has a buffer of a length that is not its own (number " + (next - 1) + ")")
                    .expected(expected + " bytes")
                    .found(length)
                    .build();
        }
        return region(array);
    }

    /** Any number of elements of this dtype. */
    ArrowBuf any(ScalarDType dtype) throws NpzException {
        return region(take(dtype));
    }

    private NumpyArray take(ScalarDType dtype) throws NpzException {
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
        return array;
    }

    private ArrowBuf region(NumpyArray array) throws NpzException {
        return ones == null ? none : held(array.region(0, array.data().size()));
    }

    private ArrowBuf held(ArrowBuf region) {
        regions.add(region);
        return region;
    }

    /** The column's name for messages. */
    String name() {
        return SafeText.quote(String.valueOf(column));
    }

    /** An error that names the column. */
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
