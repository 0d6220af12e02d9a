package org.arrownpz.array;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.jspecify.annotations.Nullable;

/** Sparse matrices as lists of Arrow, and back: what SciPy calls indptr is what Arrow calls offsets. */
final class SparseLists {
    static final String FORMAT = "scipy.sparse.format";
    static final String SHAPE = "scipy.sparse.shape";
    static final String ARRAY = "scipy.sparse.array";
    private static final Pattern LENGTHS = Pattern.compile("([0-9]{1,19}), ?([0-9]{1,19})");

    private SparseLists() {}

    /** Two lengths, or null. */
    static long @Nullable [] shape(@Nullable String text) {
        Matcher matcher = LENGTHS.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return new long[] {Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))};
        } catch (NumberFormatException e) {
            // 19 digits may be more than 63 bits.
            return null;
        }
    }

    /** The lists; shapes and dtypes of the arrays are checked already. */
    static VectorSchemaRoot root(
            NumpyArrays arrays,
            NumpyArray indptr,
            NumpyArray places,
            long bound,
            Map<String, String> metadata,
            BufferAllocator allocator)
            throws NpzException {
        List<FieldVector> lists = new ArrayList<>();
        try (Rollback undo = Rollback.all(lists);
                FieldVector offsets = arrays.vector("indptr");
                FieldVector indices = arrays.vector("indices");
                FieldVector data = arrays.vector("data");
                AllValidBitmaps ones = new AllValidBitmaps(allocator, indptr.location())) {
            int width = offsets instanceof BigIntVector ? Long.BYTES : Integer.BYTES;
            int rows = offsets.getValueCount() - 1;
            checkOffsets(offsets, width, indices.getValueCount(), indptr.location());
            checkPlaces(indices, bound, places.location());
            lists.add(list("indices", offsets, rows, indices, ones, allocator));
            lists.add(list("data", offsets, rows, data, ones, allocator));
            List<Field> fields = new ArrayList<>();
            lists.forEach(list -> fields.add(list.getField()));
            return undo.commit(new VectorSchemaRoot(new Schema(fields, metadata), lists, rows));
        }
    }

    private static void checkOffsets(FieldVector offsets, int width, long values, Location location)
            throws NpzException {
        ArrowBuf buffer = offsets.getDataBuffer();
        int entries = offsets.getValueCount();
        long first = MemoryAccess.guarded(location, () -> GatherChecks.offsets(buffer, 1, width, 0));
        long bad = first >= 0
                ? 0
                : MemoryAccess.guarded(location, () -> GatherChecks.offsets(buffer, entries, width, values));
        if (bad >= 0) {
            throw location.error(ErrorCode.VALUE, "indptr does not rise from 0 to the number of values")
                    .expected("at most " + values + " values")
                    .found("entry " + bad)
                    .build();
        }
    }

    private static void checkPlaces(FieldVector indices, long bound, Location location) throws NpzException {
        int width = indices instanceof BigIntVector ? Long.BYTES : Integer.BYTES;
        ArrowBuf buffer = indices.getDataBuffer();
        int count = indices.getValueCount();
        long bad = MemoryAccess.guarded(location, () -> GatherChecks.places(buffer, count, width, bound));
        if (bad >= 0) {
            throw location.error(ErrorCode.VALUE, "an index lies outside of the matrix")
                    .expected("0 or above, and below " + bound)
                    .found("index " + bad)
                    .build();
        }
    }

    private static FieldVector list(
            String name,
            FieldVector offsets,
            int rows,
            FieldVector values,
            AllValidBitmaps ones,
            BufferAllocator allocator)
            throws NpzException {
        boolean large = offsets instanceof BigIntVector;
        Field field = org.arrownpz.vector.internal.gather.Vectors.list(name, values.getField(), large);
        FieldVector list = field.createVector(allocator);
        try (Rollback undo = Rollback.of(list);
                ArrowBuf bits = ones.forRows(rows)) {
            ArrowBuf entries = offsets.getDataBuffer();
            entries.readerIndex(0).writerIndex((rows + 1L) * (large ? Long.BYTES : Integer.BYTES));
            org.arrownpz.vector.internal.gather.Vectors.load(list, rows, bits, entries);
            VectorSlices.load(values, list.getChildrenFromFields().get(0));
            return undo.commit(list);
        }
    }

    /** The arrays of a matrix, and what they lie in. */
    record Content(ArrayContent indptr, ArrayContent indices, ArrayContent data, List<AutoCloseable> owned)
            implements AutoCloseable {
        @Override
        public void close() {
            AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
        }
    }

    /**
     * Lists as the arrays of a matrix.
     *
     * @param rows how many lists there are
     * @param bound what indices lie below
     */
    static Content content(FieldVector indices, FieldVector data, long rows, long bound, BufferAllocator allocator)
            throws NpzException {
        int width = width(indices);
        if (width == 0 || width(data) != width) {
            throw new IllegalArgumentException("indices and data are lists of one kind, not "
                    + indices.getField().getType() + " and " + data.getField().getType());
        }
        if (indices.getValueCount() != rows || data.getValueCount() != rows) {
            throw new IllegalArgumentException("the shape has " + rows + " lists, not " + indices.getValueCount()
                    + " of indices and " + data.getValueCount() + " of data");
        }
        if (indices.getNullCount() + data.getNullCount() > 0) {
            throw new IllegalArgumentException("rows of a sparse matrix may be empty, not null");
        }
        List<AutoCloseable> owned = new ArrayList<>();
        Location nowhere = Location.ofFile(null);
        try (Rollback undo = Rollback.all(owned)) {
            // Copies of what says where values lie begin at 0, and cannot change while they are looked at.
            List<FieldVector> cut = VectorSlices.share(List.of(indices, data), allocator, 0, (int) rows, nowhere);
            owned.addAll(cut);
            FieldVector places = cut.get(0).getChildrenFromFields().get(0);
            FieldVector values = cut.get(1).getChildrenFromFields().get(0);
            long entries = rows + 1;
            ArrowBuf offsets = cut.get(0).getOffsetBuffer();
            long bytes = rows == 0 ? 0 : entries * width;
            ArrowBuf others = cut.get(1).getOffsetBuffer();
            if (ByteFunctionHelpers.equal(offsets, 0, bytes, others, 0, bytes) == 0) {
                throw new IllegalArgumentException("a row has as many indices as data");
            }
            if (!(places instanceof IntVector || places instanceof BigIntVector) || places.getNullCount() > 0) {
                throw new IllegalArgumentException("indices are lists of 32-bit or 64-bit integers without nulls");
            }
            int itemWidth = places instanceof BigIntVector ? Long.BYTES : Integer.BYTES;
            ArrowBuf buffer = places.getDataBuffer();
            long bad = MemoryAccess.guarded(
                    nowhere, () -> GatherChecks.places(buffer, places.getValueCount(), itemWidth, bound));
            if (bad >= 0) {
                throw new IllegalArgumentException(
                        "index " + bad + " lies outside of the matrix, at " + bound + " or above, or below 0");
            }
            ArrowBuf indptr = offsets;
            if (rows == 0) {
                // No lists need no offset, but SciPy wants the first one.
                indptr = Allocations.allocate(allocator, width, nowhere, "an offset");
                owned.add(indptr);
                indptr.setZero(0, width);
            }
            ArrayContent starts =
                    ArrayContent.of(indptr, ScalarDType.of(DTypeKind.INT, width), Shape.of(entries), StorageOrder.C);
            return undo.commit(new Content(starts, Vectors.array(places), Vectors.array(values), owned));
        }
    }

    private static int width(FieldVector lists) {
        return lists instanceof ListVector ? Integer.BYTES : lists instanceof LargeListVector ? Long.BYTES : 0;
    }
}
