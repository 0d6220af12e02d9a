package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.jspecify.annotations.Nullable;

/** Checks the stored parts of one column and makes the vector. Used once; closing gives up the regions it holds. */
final class ArrowColumnComposer implements AutoCloseable {
    private static final int TYPE_IDS = Byte.MAX_VALUE + 1;

    private final Field root;
    private final List<ArrowColumn.Node> nodes;
    private final ArrowColumnArrays arrays;
    private final Location location;
    private int nextNode;

    /** One checked field. */
    private record Part(ArrowColumn.Node node, List<ArrowBuf> buffers, List<Part> children) {
        long length() {
            return node.length();
        }
    }

    ArrowColumnComposer(
            Field root,
            List<ArrowColumn.Node> nodes,
            List<? extends @Nullable NumpyArray> arrays,
            AllValidBitmaps ones,
            Location location) {
        this.root = root;
        this.nodes = nodes;
        this.arrays = new ArrowColumnArrays(arrays, ones, location, root.getName());
        this.location = location;
    }

    FieldVector compose(BufferAllocator allocator) throws NpzException {
        ArrowColumnTypes.check(root, location, 0);
        Part part = read(root);
        if (nextNode != nodes.size() || arrays.taken() != arrays.size()) {
            throw error("has more parts than its type")
                    .expected(nextNode + " nodes and " + arrays.taken() + " buffers")
                    .found(nodes.size() + " nodes and " + arrays.size() + " buffers")
                    .build();
        }
        FieldVector vector = null;
        try {
            // Of a Null field, Arrow Java would keep the name only.
            vector = root.getType() instanceof ArrowType.Null ? new NullVector(root) : root.createVector(allocator);
            load(vector, root, part);
            MemoryAccess.deliverFaults();
            return vector;
        } catch (OutOfMemoryException e) {
            close(vector);
            throw location.error(ErrorCode.LIMIT, "the allocator cannot give the memory for a column")
                    .cause(e)
                    .build();
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

    private void load(FieldVector vector, Field field, Part part) throws NpzException {
        int length = (int) part.length();
        vector.loadFieldBuffers(new ArrowFieldNode(length, part.node().nullCount()), part.buffers());
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.size() != part.children().size()) {
            throw error("has children that Arrow Java cannot tell apart").build();
        }
        for (int i = 0; i < children.size(); i++) {
            load(children.get(i), field.getChildren().get(i), part.children().get(i));
        }
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
        if (fixed != null) {
            buffers.add(arrays.exactly(fixed, rows));
            return new Part(node, buffers, List.of());
        }
        int width = ArrowColumnTypes.offsetWidth(type);
        return switch (type.getTypeID()) {
            case Null -> new Part(node, buffers, List.of());
            case Bool -> {
                buffers.add(arrays.exactly(ArrowColumnTypes.BYTES, EncodeBits.bytes(rows)));
                yield new Part(node, buffers, List.of());
            }
            case Utf8, Binary, LargeUtf8, LargeBinary -> {
                ArrowBuf offsets = arrays.exactly(offsetType(width), rows + 1);
                ArrowBuf data = arrays.any(ArrowColumnTypes.BYTES);
                good("offset", GatherChecks.offsets(offsets, rows + 1, width, data.capacity()));
                buffers.addAll(List.of(offsets, data));
                yield new Part(node, buffers, List.of());
            }
            case Utf8View, BinaryView -> views(node, buffers, node.nullCount() == 0 ? null : bits);
            case List, Map, LargeList -> {
                ArrowBuf offsets = arrays.exactly(offsetType(width), rows + 1);
                buffers.add(offsets);
                Part child = read(field.getChildren().get(0));
                good("offset", GatherChecks.offsets(offsets, rows + 1, width, child.length()));
                yield new Part(node, buffers, List.of(child));
            }
            case ListView, LargeListView -> {
                ArrowBuf offsets = arrays.exactly(offsetType(width), rows);
                ArrowBuf sizes = arrays.exactly(offsetType(width), rows);
                buffers.addAll(List.of(offsets, sizes));
                Part child = read(field.getChildren().get(0));
                good("list view", GatherChecks.listViews(offsets, sizes, rows, width, child.length()));
                yield new Part(node, buffers, List.of(child));
            }
            case FixedSizeList -> {
                Part child = read(field.getChildren().get(0));
                length(child, rows * ((ArrowType.FixedSizeList) type).getListSize());
                yield new Part(node, buffers, List.of(child));
            }
            case Struct -> {
                List<Part> children = children(field);
                for (Part child : children) {
                    length(child, rows);
                }
                yield new Part(node, buffers, children);
            }
            case Union -> union((ArrowType.Union) type, field, node, buffers);
            case RunEndEncoded -> runEnds(field, node);
            default -> throw error("is of a type that is not known").build();
        };
    }

    private List<Part> children(Field field) throws NpzException {
        List<Part> children = new ArrayList<>(field.getChildren().size());
        for (Field child : field.getChildren()) {
            children.add(read(child));
        }
        return children;
    }

    private Part views(ArrowColumn.Node node, List<ArrowBuf> buffers, @Nullable ArrowBuf bits) throws NpzException {
        ArrowBuf views = arrays.exactly(ArrowColumnTypes.VIEW, node.length());
        buffers.add(views);
        if (node.dataBuffers() > arrays.size() - arrays.taken()) {
            throw error("has fewer buffers than its type").found(arrays.size()).build();
        }
        long[] lengths = new long[node.dataBuffers()];
        for (int i = 0; i < lengths.length; i++) {
            ArrowBuf data = arrays.any(ArrowColumnTypes.BYTES);
            lengths[i] = data.capacity();
            buffers.add(data);
        }
        good("view", GatherChecks.views(views, bits, node.length(), lengths));
        return new Part(node, buffers, List.of());
    }

    private Part union(ArrowType.Union type, Field field, ArrowColumn.Node node, List<ArrowBuf> buffers)
            throws NpzException {
        ArrowBuf ids = arrays.exactly(ScalarDType.of(DTypeKind.INT, 1), node.length());
        buffers.add(ids);
        ArrowBuf offsets = null;
        if (type.getMode() == UnionMode.Dense) {
            offsets = arrays.exactly(ArrowColumnTypes.INT32, node.length());
            buffers.add(offsets);
        }
        List<Part> children = children(field);
        long[] lengths = new long[TYPE_IDS];
        Arrays.fill(lengths, -1);
        for (int i = 0; i < children.size(); i++) {
            if (offsets == null) {
                length(children.get(i), node.length());
            }
            lengths[type.getTypeIds()[i]] = children.get(i).length();
        }
        good("type id or offset", GatherChecks.unionTypes(ids, offsets, node.length(), lengths));
        return new Part(node, buffers, children);
    }

    private Part runEnds(Field field, ArrowColumn.Node node) throws NpzException {
        List<Part> children = children(field);
        Part ends = children.get(0);
        if (ends.node().nullCount() != 0 || children.get(1).length() < ends.length()) {
            throw error("has run ends that are null or without values").build();
        }
        int width = ((ArrowType.Int) field.getChildren().get(0).getType()).getBitWidth() / 8;
        good("run end", GatherChecks.runEnds(ends.buffers().get(1), ends.length(), width, node.length()));
        return new Part(node, List.of(), children);
    }

    private void length(Part child, long expected) throws NpzException {
        if (child.length() != expected) {
            throw error("has a child of a length that is not its own")
                    .expected(expected)
                    .found(child.length())
                    .build();
        }
    }

    private void good(String what, long badIndex) throws NpzException {
        if (badIndex >= 0) {
            // What was read of a page that is gone is bad, too, and is a file that has changed.
            MemoryAccess.deliverFaults();
            throw error("has a bad " + what + " at index " + badIndex).build();
        }
    }

    private static ScalarDType offsetType(int width) {
        return width == EncodeOffsets.WIDE ? ArrowColumnTypes.INT64 : ArrowColumnTypes.INT32;
    }

    private NpzException.Builder error(String problem) {
        return arrays.error(problem);
    }

    @Override
    public void close() {
        arrays.close();
    }
}
