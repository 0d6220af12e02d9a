package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.Memory;

/**
 * Rows of vectors of every type, shared or copied. Arrow's own code for that reads offsets, in ways that some JVMs do not
 * survive where they lie in a mapped file that is cut short meanwhile, takes type codes of dense unions for positions of
 * children, and loses the children when it moves such a union.
 *
 * <p>All methods are safe for use by several threads as long as nobody closes or changes the vectors given to them.
 */
public final class VectorSlices {
    private VectorSlices() {}

    /**
     * The given rows of each vector, which the caller closes. Values share the vectors' memory, and so do bitmaps if
     * {@code from} is a multiple of 8. What says where values lie (offsets, views, type codes of dense unions, run ends) is
     * a copy where it is mapped, or where it would not begin at 0. Nothing is left open on failure.
     *
     * @param location the file that vectors may view, for messages
     * @throws NpzException FILE_CHANGED when a page of what is copied is gone; LIMIT when the allocator cannot give the
     *     memory
     * @throws IndexOutOfBoundsException when the range is not within a vector, or an offset leads out of its values
     */
    public static List<FieldVector> share(
            List<FieldVector> vectors, BufferAllocator allocator, int from, int count, Location location)
            throws NpzException {
        return slices(vectors, new VectorSlicer(allocator, location, false), from, count);
    }

    /**
     * Copies of the given rows of each vector, in memory of the allocator alone: writable, closed by the caller. Holds
     * only what these rows need. Nothing is left open on failure.
     *
     * @throws NpzException as {@link #share}
     * @throws IndexOutOfBoundsException as {@link #share}
     */
    public static List<FieldVector> copy(
            List<FieldVector> vectors, BufferAllocator allocator, int from, int count, Location location)
            throws NpzException {
        return slices(vectors, new VectorSlicer(allocator, location, true), from, count);
    }

    private static List<FieldVector> slices(List<FieldVector> vectors, VectorSlicer slicer, int from, int count)
            throws NpzException {
        List<FieldVector> slices = new ArrayList<>(vectors.size());
        try (Rollback undo = Rollback.all(slices)) {
            for (FieldVector vector : vectors) {
                slices.add(slicer.slice(vector, from, count));
            }
            return undo.commit(slices);
        }
    }

    /**
     * A second holder of a vector's memory, which the caller closes. Reads none of it; what Arrow does with the result may
     * do so, as with the vector itself.
     */
    public static FieldVector whole(FieldVector vector, BufferAllocator allocator) {
        FieldVector share = vector.getField().createVector(allocator);
        try (Rollback undo = Rollback.of(share)) {
            load(vector, share);
            return undo.commit(share);
        }
    }

    /**
     * Replaces the content of a root by rows from {@link #share} or {@link #copy}, which are closed.
     *
     * @throws NpzException LIMIT when the allocator cannot give the memory, which unions need for a moment; the root is
     *     empty then
     */
    public static void move(List<FieldVector> rows, VectorSchemaRoot root, int count) throws NpzException {
        try (Rollback undo = Rollback.of(() -> root.clear())) {
            root.clear();
            for (int i = 0; i < rows.size(); i++) {
                if (holdsDenseUnion(rows.get(i))) {
                    standIn(root.getVector(i), count);
                } else {
                    load(rows.get(i), root.getVector(i));
                }
            }
            root.setRowCount(count);
            for (int i = 0; i < rows.size(); i++) {
                if (holdsDenseUnion(rows.get(i))) {
                    load(rows.get(i), root.getVector(i));
                }
            }
            undo.commit();
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(null), "for a batch", e);
        } finally {
            rows.forEach(FieldVector::close);
        }
    }

    /**
     * Fills dense unions with rows of no type. Arrow's root can only be told its row count together with its vectors, and a
     * dense union then cuts its children to the rows that it counts, as if each had a value of its own, or counts what
     * happens to be in fresh memory. What is to be in them is loaded afterwards.
     *
     * @param vector an empty vector
     * @throws OutOfMemoryException when the allocator cannot give the memory
     */
    public static void standIn(FieldVector vector, int rows) {
        FieldVector storage = Storage.of(vector);
        if (storage instanceof DenseUnionVector) {
            try (ArrowBuf types = storage.getAllocator().buffer(rows);
                    ArrowBuf offsets = storage.getAllocator().buffer((long) Integer.BYTES * rows)) {
                types.setOne(0, rows);
                storage.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(types, offsets));
            }
        } else if (storage instanceof StructVector || storage instanceof UnionVector) {
            storage.getChildrenFromFields().forEach(child -> standIn(child, rows));
        } else if (storage instanceof FixedSizeListVector list) {
            standIn(list.getDataVector(), Math.multiplyExact(rows, list.getListSize()));
        }
    }

    /** Whether a vector or one of its children views a file, or other memory that may go or change while it is read. */
    public static boolean isMapped(FieldVector vector) {
        FieldVector storage = Storage.of(vector);
        return buffers(storage).stream().anyMatch(Buffers::isMapped)
                || storage.getChildrenFromFields().stream().anyMatch(VectorSlices::isMapped);
    }

    /** Whether two vectors of one field have the same rows in the same memory, of which nothing is read. */
    public static boolean isShared(FieldVector left, FieldVector right) {
        FieldVector one = Storage.of(left);
        FieldVector other = Storage.of(right);
        List<ArrowBuf> own = buffers(one);
        List<ArrowBuf> others = buffers(other);
        if (one.getValueCount() != other.getValueCount() || own.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < own.size(); i++) {
            if (!Memory.isShared(own.get(i), others.get(i))) {
                return false;
            }
        }
        List<FieldVector> children = one.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            if (!isShared(children.get(i), other.getChildrenFromFields().get(i))) {
                return false;
            }
        }
        return !own.isEmpty() || !children.isEmpty();
    }

    /** Bytes of the buffers of a vector and its children, as far as its rows reach; reads none that is mapped. */
    public static long bytes(FieldVector vector) {
        return bytes(vector, true);
    }

    /** The same without bitmaps. */
    public static long valueBytes(FieldVector vector) {
        return bytes(vector, false);
    }

    private static long bytes(FieldVector vector, boolean bitmaps) {
        FieldVector storage = Storage.of(vector);
        long rows = storage.getValueCount();
        long bytes = 0;
        if (hasOffsets(storage)) {
            int width = hasWideOffsets(storage) ? Long.BYTES : Integer.BYTES;
            bytes = rows == 0 ? 0 : (bitmaps ? EncodeBits.bytes(rows) : 0) + (rows + 1) * width;
            if (isText(storage) && rows > 0) {
                ArrowBuf offsets = storage.getOffsetBuffer();
                bytes += Buffers.isMapped(offsets)
                        ? storage.getDataBuffer().capacity()
                        : width == Long.BYTES ? offsets.getLong(rows * width) : offsets.getInt(rows * width);
            }
        } else {
            boolean skips =
                    !bitmaps && ArrowColumnTypes.hasValidity(storage.getField().getType());
            for (ArrowBuf buffer : storage.getFieldBuffers()) {
                bytes += skips ? 0 : buffer.readableBytes();
                skips = false;
            }
        }
        for (FieldVector child : storage.getChildrenFromFields()) {
            bytes += bytes(child, bitmaps);
        }
        return bytes;
    }

    /** Makes an empty vector of the same field a holder of a vector's memory, as {@link #whole} does. */
    public static void load(FieldVector vector, FieldVector target) {
        load(vector, target, vector.getValueCount());
    }

    /** The same for the first rows, without a copy whatever the type. */
    public static void load(FieldVector vector, FieldVector target, int rows) {
        FieldVector from = Storage.of(vector);
        FieldVector to = Storage.of(target);
        List<ArrowBuf> shown = new ArrayList<>();
        for (ArrowBuf buffer : buffers(from)) {
            shown.add(Buffers.borrow(buffer, 0, buffer.capacity()));
        }
        // The null count is read only where there is no bitmap.
        to.loadFieldBuffers(new ArrowFieldNode(rows, 0), shown);
        List<FieldVector> targets = children(to);
        List<FieldVector> children = to instanceof DenseUnionVector union
                ? children((DenseUnionVector) from, codes(union))
                : from.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            FieldVector child = children.get(i);
            int count = child.getValueCount();
            if (rows < from.getValueCount()) {
                if (from instanceof StructVector || from instanceof UnionVector) {
                    count = rows;
                } else if (from instanceof FixedSizeListVector list) {
                    count = rows * list.getListSize();
                }
            }
            load(child, targets.get(i), count);
        }
        countRows(to, rows);
    }

    /** The children in the order of the field's, which for dense unions is that of their type codes. */
    public static List<FieldVector> children(FieldVector vector) {
        if (!(vector instanceof DenseUnionVector union)) {
            return vector.getChildrenFromFields();
        }
        return children(union, codes(union));
    }

    private static List<FieldVector> children(DenseUnionVector union, int[] codes) {
        List<FieldVector> children = new ArrayList<>();
        for (int code : codes) {
            children.add((FieldVector) union.getVectorByType((byte) code));
        }
        return children;
    }

    static int[] codes(DenseUnionVector union) {
        return ((ArrowType.Union) union.getField().getType()).getTypeIds();
    }

    /**
     * Tells a sparse union, whose children are loaded, its row count once more: it counts them apart for the size of its
     * buffers. Not where Arrow would read mapped offsets, or cut dense unions, on that occasion.
     */
    public static void countRows(FieldVector vector, int rows) {
        if (vector instanceof UnionVector union && !holdsDenseUnion(union) && !holdsMappedOffsets(union)) {
            union.setValueCount(rows);
        }
    }

    /** Whether a vector or one of its children is a dense union. */
    public static boolean holdsDenseUnion(FieldVector vector) {
        FieldVector storage = Storage.of(vector);
        return storage instanceof DenseUnionVector
                || storage.getChildrenFromFields().stream().anyMatch(VectorSlices::holdsDenseUnion);
    }

    private static boolean holdsMappedOffsets(FieldVector vector) {
        FieldVector storage = Storage.of(vector);
        boolean counted =
                hasOffsets(storage) || storage instanceof ListViewVector || storage instanceof LargeListViewVector;
        return counted && Buffers.isMapped(storage.getOffsetBuffer())
                || storage.getChildrenFromFields().stream().anyMatch(VectorSlices::holdsMappedOffsets);
    }

    // Arrow's getFieldBuffers reads the last offset of these.
    private static List<ArrowBuf> buffers(FieldVector vector) {
        if (!hasOffsets(vector)) {
            return vector.getFieldBuffers();
        }
        return isText(vector)
                ? List.of(vector.getValidityBuffer(), vector.getOffsetBuffer(), vector.getDataBuffer())
                : List.of(vector.getValidityBuffer(), vector.getOffsetBuffer());
    }

    static boolean hasOffsets(FieldVector vector) {
        return isText(vector) || vector instanceof ListVector || vector instanceof LargeListVector;
    }

    private static boolean hasWideOffsets(FieldVector vector) {
        return vector instanceof BaseLargeVariableWidthVector || vector instanceof LargeListVector;
    }

    private static boolean isText(FieldVector vector) {
        return vector instanceof BaseVariableWidthVector || vector instanceof BaseLargeVariableWidthVector;
    }
}
