package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks the stored parts of one column, by their headers alone or with their values, and makes the vector. Used once;
 * closing gives up the regions it holds.
 */
final class ArrowColumnComposer implements AutoCloseable {
    private final Field root;
    private final List<ArrowColumn.Node> nodes;
    private final ArrowColumnArrays arrays;
    private final BufferAllocator allocator;
    private final Location location;
    private int nextNode;

    /** One checked field. */
    private record Part(ArrowColumn.Node node, List<ArrowBuf> buffers, List<Part> children) {
        long length() {
            return node.length();
        }
    }

    /** Parts of a column, of which only headers are checked where there is no {@code ones}. */
    ArrowColumnComposer(
            Field root,
            List<ArrowColumn.Node> nodes,
            List<? extends @Nullable NumpyArray> arrays,
            BufferAllocator allocator,
            @Nullable AllValidBitmaps ones,
            Location location) {
        this.root = root;
        this.nodes = nodes;
        this.arrays = new ArrowColumnArrays(arrays, ones, allocator.getEmpty(), location, root.getName());
        this.allocator = allocator;
        this.location = location;
    }

    void check() throws NpzException {
        parts();
        // Leaves of the types that were checked are vectors of Arrow.
        if (!root.getChildren().isEmpty()) {
            make(null).close();
        }
    }

    FieldVector compose() throws NpzException {
        return make(parts());
    }

    private Part parts() throws NpzException {
        ArrowColumnTypes.check(root, location, 0);
        Part part = read(root);
        if (nextNode != nodes.size() || arrays.taken() != arrays.size()) {
            throw error("has more parts than its type")
                    .expected(nextNode + " nodes and " + arrays.taken() + " buffers")
                    .found(nodes.size() + " nodes and " + arrays.size() + " buffers")
                    .build();
        }
        return part;
    }

    /** The vector, without values where there is no part. */
    private FieldVector make(@Nullable Part part) throws NpzException {
        FieldVector vector = null;
        try {
            // Of a Null field, Arrow Java would keep the name only.
            vector = root.getType() instanceof ArrowType.Null ? new NullVector(root) : root.createVector(allocator);
            load(vector, root, part);
            MemoryAccess.deliverFaults();
            return vector;
        } catch (OutOfMemoryException e) {
            close(vector);
            throw Faults.limit(location, "for a column", e);
        } catch (NpzException | Error e) {
            close(vector);
            throw e;
        } catch (RuntimeException e) {
            // Arrow Java refuses some types and layouts with exceptions of many classes. Everything that it is given
            // here stems from the file, so that whatever it refuses is a fault of the file.
            close(vector);
            MemoryAccess.deliverFaults();
            throw error("cannot be held by Arrow Java").cause(e).build();
        }
    }

    private static void close(@Nullable FieldVector vector) {
        if (vector != null) {
            vector.close();
        }
    }

    private void load(FieldVector vector, Field field, @Nullable Part part) throws NpzException {
        if (part != null) {
            vector.loadFieldBuffers(
                    new ArrowFieldNode(part.length(), part.node().nullCount()), part.buffers());
        }
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.size() != field.getChildren().size()) {
            throw error("has children that Arrow Java cannot tell apart").build();
        }
        for (int i = 0; i < children.size(); i++) {
            Part child = part == null ? null : part.children().get(i);
            load(children.get(i), field.getChildren().get(i), child);
        }
        if (part == null) {
            return;
        }
        int length = (int) part.length();
        FieldVector storage = Storage.of(vector);
        VectorSlices.countRows(storage, length);
        if (storage instanceof RunEndEncodedVector) {
            // Before Arrow 18.2, loading did not set it.
            storage.setValueCount(length);
        }
    }

    private Part read(Field field) throws NpzException {
        if (nextNode >= nodes.size()) {
            throw error("has fewer nodes than its type").found(nodes.size()).build();
        }
        ArrowColumn.Node node = nodes.get(nextNode++);
        long rows = node.length();
        if (rows < 0 || node.nullCount() < 0 || node.nullCount() > rows) {
            throw error("has a row or null count that cannot be")
                    .found(node.nullCount() + " nulls in " + rows + " rows")
                    .build();
        }
        if (rows > Integer.MAX_VALUE - 8) {
            throw location.error(ErrorCode.LIMIT, "the column " + arrays.name() + " has more rows than a vector holds")
                    .expected("at most " + (Integer.MAX_VALUE - 8))
                    .found(rows)
                    .build();
        }
        ArrowType type = Storage.of(field.getType());
        boolean views = type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView;
        if (node.dataBuffers() < 0 || (!views && node.dataBuffers() > 0)) {
            throw error("has data buffers that its type does not have")
                    .found(node.dataBuffers())
                    .build();
        }
        List<ArrowBuf> buffers = new ArrayList<>();
        ArrowBuf bits = null;
        if (ArrowColumnTypes.hasValidity(type)) {
            bits = arrays.validity(node);
            buffers.add(bits);
        } else if (node.nullCount() != (type instanceof ArrowType.Null ? rows : 0)) {
            throw error("has nulls that its type does not have")
                    .found(node.nullCount())
                    .build();
        }
        ScalarDType fixed = ArrowColumnTypes.fixed(type);
        ScalarDType offset = ArrowColumnTypes.offsetWidth(type) == EncodeOffsets.WIDE
                ? ArrowColumnTypes.INT64
                : ArrowColumnTypes.INT32;
        if (fixed != null) {
            buffers.add(arrays.exactly(fixed, rows));
        } else {
            switch (type.getTypeID()) {
                case Null, FixedSizeList, Struct, RunEndEncoded -> {}
                case Bool -> buffers.add(arrays.exactly(ArrowColumnTypes.BYTES, EncodeBits.bytes(rows)));
                case Utf8, Binary, LargeUtf8, LargeBinary -> {
                    buffers.add(arrays.exactly(offset, rows + 1));
                    buffers.add(arrays.any(ArrowColumnTypes.BYTES));
                }
                case Utf8View, BinaryView -> {
                    buffers.add(arrays.exactly(ArrowColumnTypes.VIEW, rows));
                    if (node.dataBuffers() > arrays.size() - arrays.taken()) {
                        throw error("has fewer buffers than its type")
                                .found(arrays.size())
                                .build();
                    }
                    for (int i = 0; i < node.dataBuffers(); i++) {
                        buffers.add(arrays.any(ArrowColumnTypes.BYTES));
                    }
                }
                case List, Map, LargeList -> buffers.add(arrays.exactly(offset, rows + 1));
                case ListView, LargeListView -> {
                    buffers.add(arrays.exactly(offset, rows));
                    buffers.add(arrays.exactly(offset, rows));
                }
                case Union -> {
                    buffers.add(arrays.exactly(ScalarDType.of(DTypeKind.INT, 1), rows));
                    if (((ArrowType.Union) type).getMode() == UnionMode.Dense) {
                        buffers.add(arrays.exactly(ArrowColumnTypes.INT32, rows));
                    }
                }
                default -> throw error("is of a type that is not known").build();
            }
        }
        List<Part> children = new ArrayList<>(field.getChildren().size());
        for (Field child : field.getChildren()) {
            children.add(read(child));
        }
        Part part = new Part(node, buffers, children);
        check(field, part, node.nullCount() == 0 ? null : bits);
        return part;
    }

    private void check(Field field, Part part, @Nullable ArrowBuf bits) throws NpzException {
        ArrowBuf runEnds = null;
        if (Storage.of(field.getType()) instanceof ArrowType.RunEndEncoded) {
            Part ends = part.children().get(0);
            if (ends.node().nullCount() != 0) {
                throw error("has run ends that are null").build();
            }
            runEnds = ends.buffers().get(1);
        }
        long[] lengths = part.children().stream().mapToLong(Part::length).toArray();
        ColumnStructure structure = new ColumnStructure(field, part.length(), bits, part.buffers(), lengths, runEnds);
        String fault = structure.lengthFault(true);
        if (fault == null && arrays.haveValues()) {
            fault = structure.entryFault();
            // What was read of a page that is gone is bad, too, and is a file that has changed.
            if (fault != null) {
                MemoryAccess.deliverFaults();
            }
        }
        if (fault != null) {
            throw error(fault).build();
        }
    }

    private NpzException.Builder error(String problem) {
        return arrays.error(problem);
    }

    @Override
    public void close() {
        arrays.close();
    }
}
