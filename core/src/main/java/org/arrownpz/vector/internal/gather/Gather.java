package org.arrownpz.vector.internal.gather;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.arrownpz.vector.internal.kernel.GatherNested;
import org.arrownpz.vector.internal.kernel.GatherRows;
import org.jspecify.annotations.Nullable;

/** Copies picked rows of vectors of every type. Row −1 gives a null. */
public final class Gather {
    private static final String WHAT = "rows in another order";
    private static final int VIEW_BYTES = 16;

    private final Scope scope;

    /** @param scope holds the memory until the vectors have it */
    public Gather(Scope scope) {
        this.scope = scope;
    }

    /**
     * A vector of the source's field with the picked rows, which the caller closes.
     *
     * @param rows 32-bit row numbers
     */
    public FieldVector rows(FieldVector source, ArrowBuf rows, int count, BufferAllocator allocator)
            throws NpzException {
        FieldVector target = source.getField().createVector(allocator);
        try (Rollback undo = Rollback.of(target)) {
            fill(source, target, rows, count);
            return undo.commit(target);
        }
    }

    /** Loads an empty vector of the source's type with the picked rows. */
    public void fill(FieldVector source, FieldVector target, ArrowBuf rows, int count) throws NpzException {
        FieldVector from = Storage.of(source);
        FieldVector to = Storage.of(target);
        Field field = from.getField();
        ArrowType type = field.getType();
        long all = from.getValueCount();
        switch (type.getTypeID()) {
            case Null -> to.setValueCount(count);
            case Union -> union((ArrowType.Union) type, from, to, rows, count);
            case RunEndEncoded -> runs(from, to, rows, count);
            case Bool -> {
                ArrowBuf values = scope.bytes((count + 7L) / 8, WHAT);
                Scope.guard(() -> GatherRows.bits(from.getDataBuffer(), all, rows, count, values));
                Vectors.load(to, count, validity(from, rows, count), values);
            }
            case Utf8, Binary -> text(from, to, 4, rows, count);
            case LargeUtf8, LargeBinary -> text(from, to, 8, rows, count);
            case Utf8View, BinaryView -> {
                ArrowBuf[] buffers = from.getFieldBuffers().toArray(ArrowBuf[]::new);
                buffers[1] = fixed(buffers[1], all, VIEW_BYTES, rows, count);
                buffers[0] = validity(from, rows, count);
                Vectors.load(to, count, buffers);
            }
            case List, Map -> lists(from, to, 4, rows, count);
            case LargeList -> lists(from, to, 8, rows, count);
            case ListView -> views(from, to, 4, rows, count);
            case LargeListView -> views(from, to, 8, rows, count);
            case FixedSizeList -> {
                int size = ((ArrowType.FixedSizeList) type).getListSize();
                if (arrays(from, to, size, rows, count)) {
                    return;
                }
                int total = Math.multiplyExact(count, size);
                ArrowBuf children = scope.ints(total, WHAT);
                Scope.guard(() -> GatherNested.children(size, rows, count, children));
                Vectors.load(to, count, validity(from, rows, count));
                fill(child(from, 0), child(to, 0), children, total);
                scope.release(children);
            }
            case Struct -> {
                Vectors.load(to, count, validity(from, rows, count));
                List<FieldVector> children = from.getChildrenFromFields();
                for (int i = 0; i < children.size(); i++) {
                    fill(children.get(i), child(to, i), rows, count);
                }
            }
            default -> {
                ArrowBuf values = fixed(from.getDataBuffer(), all, width(type), rows, count);
                Vectors.load(to, count, validity(from, rows, count), values);
            }
        }
    }

    /** Lists of numbers without nulls, each of which is picked as a whole; false where these are not. */
    private boolean arrays(FieldVector from, FieldVector to, int size, ArrowBuf rows, int count) throws NpzException {
        FieldVector items = Storage.of(child(from, 0));
        int all = from.getValueCount();
        if (!(items instanceof BaseFixedWidthVector numbers)
                || items instanceof BitVector
                || size == 0
                || items.getValueCount() / size < all) {
            return false;
        }
        ArrowBuf bits = items.getValidityBuffer();
        if (!Scope.guarded(() -> GatherRows.full(bits, all, size, rows, count))) {
            return false;
        }
        int width = Math.multiplyExact(numbers.getTypeWidth(), size);
        int total = Math.multiplyExact(count, size);
        ArrowBuf values = fixed(items.getDataBuffer(), all, width, rows, count);
        Vectors.load(to, count, validity(from, rows, count));
        Vectors.load(Storage.of(child(to, 0)), total, scope.ones(total), values);
        return true;
    }

    private static FieldVector child(FieldVector vector, int index) {
        return vector.getChildrenFromFields().get(index);
    }

    /** Bytes of a value of a fixed-width type. */
    public static int width(ArrowType type) {
        ScalarDType element = ArrowColumnTypes.fixed(type);
        if (element == null) {
            throw new IllegalArgumentException("columns of type " + type + " cannot be put in order");
        }
        return Math.toIntExact(element.itemSize());
    }

    private ArrowBuf fixed(ArrowBuf source, long all, int width, ArrowBuf rows, int count) throws NpzException {
        ArrowBuf values = scope.bytes(Math.multiplyExact((long) width, count), WHAT);
        Scope.guard(() -> GatherRows.fixed(source, all, width, rows, count, values));
        return values;
    }

    /** The bitmap of the picked rows. */
    ArrowBuf validity(FieldVector from, ArrowBuf rows, int count) throws NpzException {
        int all = from.getValueCount();
        @Nullable ArrowBuf bits = all == 0 ? null : from.getValidityBuffer();
        // Few rows of many: to look at all bits would take longer than to pick those asked for.
        boolean few = count < all >> 6;
        if (Scope.guarded(
                () -> (bits == null || !few && EncodeBits.allOnes(bits, all)) && !GatherRows.anyNull(rows, count))) {
            return scope.ones(count);
        }
        ArrowBuf target = scope.bytes((count + 7L) / 8, "a bitmap");
        Scope.guard(() -> GatherRows.bits(bits, all, rows, count, target));
        return target;
    }

    private void text(FieldVector from, FieldVector to, int width, ArrowBuf rows, int count) throws NpzException {
        ArrowBuf data = from.getDataBuffer();
        ArrowBuf offsets = scope.bytes((count + 1L) * width, WHAT);
        long total = offsets(from, width, data.capacity(), rows, count, offsets);
        ArrowBuf bytes = scope.bytes(total, WHAT);
        Scope.guard(() -> GatherRows.bytes(data, from.getOffsetBuffer(), width, rows, count, bytes, total));
        Vectors.load(to, count, validity(from, rows, count), offsets, bytes);
    }

    private static long offsets(FieldVector from, int width, long limit, ArrowBuf rows, int count, ArrowBuf target)
            throws NpzException {
        return Scope.guarded(() ->
                GatherRows.offsets(from.getOffsetBuffer(), from.getValueCount(), width, limit, rows, count, target));
    }

    private void lists(FieldVector from, FieldVector to, int width, ArrowBuf rows, int count) throws NpzException {
        ArrowBuf offsets = scope.bytes((count + 1L) * width, WHAT);
        int total = Math.toIntExact(offsets(from, width, child(from, 0).getValueCount(), rows, count, offsets));
        ArrowBuf children = scope.ints(total, WHAT);
        Scope.guard(() -> GatherNested.children(from.getOffsetBuffer(), width, rows, count, children, total));
        Vectors.load(to, count, validity(from, rows, count), offsets);
        fill(child(from, 0), child(to, 0), children, total);
        scope.release(children);
    }

    // Views may lie in any order: the child stays where it is.
    private void views(FieldVector from, FieldVector to, int width, ArrowBuf rows, int count) throws NpzException {
        List<ArrowBuf> own = from.getFieldBuffers();
        long all = from.getValueCount();
        ArrowBuf offsets = fixed(own.get(1), all, width, rows, count);
        ArrowBuf sizes = fixed(own.get(2), all, width, rows, count);
        Vectors.load(to, count, validity(from, rows, count), offsets, sizes);
        VectorSlices.load(child(from, 0), child(to, 0));
    }

    private void union(ArrowType.Union type, FieldVector from, FieldVector to, ArrowBuf rows, int count)
            throws NpzException {
        List<FieldVector> children = from.getChildrenFromFields();
        int[] ids = type.getTypeIds();
        boolean isDense = type.getMode() == UnionMode.Dense;
        ArrowBuf typeIds = scope.bytes(count, WHAT);
        long all = from.getValueCount();
        ArrowBuf own = isDense ? ((DenseUnionVector) from).getTypeBuffer() : ((UnionVector) from).getTypeBuffer();
        byte ofNull = ids.length == 0 ? 0 : (byte) ids[0];
        int[] counts = Scope.guarded(() -> GatherNested.typeIds(own, all, rows, count, ofNull, typeIds));
        if (!isDense) {
            Vectors.load(to, count, typeIds);
            for (int i = 0; i < children.size(); i++) {
                fill(children.get(i), child(to, i), rows, count);
            }
            ((UnionVector) to).setValueCount(count);
            return;
        }
        ArrowBuf offsets = scope.ints(count, WHAT);
        EncodeFixed.zero(offsets, 0, offsets.capacity());
        ArrowBuf source = ((DenseUnionVector) from).getOffsetBuffer();
        Vectors.load(to, count, typeIds, offsets);
        for (int i = 0; i < children.size(); i++) {
            int id = ids[i];
            int picked = counts[id];
            ArrowBuf childRows = scope.ints(picked, WHAT);
            // The offsets loaded above are the same memory.
            Scope.guard(() -> GatherNested.dense(typeIds, source, all, rows, count, id, offsets, childRows));
            fill(children.get(i), child(to, i), childRows, picked);
            scope.release(childRows);
        }
    }

    private void runs(FieldVector from, FieldVector to, ArrowBuf rows, int count) throws NpzException {
        FieldVector ends = child(from, 0);
        FieldVector values = child(from, 1);
        int width = width(ends.getField().getType());
        ArrowBuf targetEnds = scope.bytes((long) count * width, WHAT);
        ArrowBuf runRows = scope.ints(count, WHAT);
        int runs = Scope.guarded(() ->
                GatherNested.runs(ends.getDataBuffer(), ends.getValueCount(), width, rows, count, targetEnds, runRows));
        targetEnds.writerIndex((long) runs * width);
        Vectors.load(to, count);
        Vectors.load(child(to, 0), runs, scope.ones(runs), targetEnds);
        fill(values, child(to, 1), runRows, runs);
    }

    /** The rows {@code from} to {@code from + count} as numbers. */
    public static ArrowBuf range(Scope scope, int from, int count) throws NpzException {
        ArrowBuf rows = scope.ints(count, WHAT);
        Scope.guard(() -> GatherRows.range(from, count, rows));
        return rows;
    }
}
