package org.arrownpz.support.column;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.column.ArrowColumn.Node;
import org.arrownpz.support.column.ColumnAssembler.Wanted;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.buffers.VectorSlicerMemory;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the nodes and arrays of one stored column as buffers, one after the other, once dtype, length and null count
 * are what they must be. Empty buffers stand for all where only headers are checked.
 */
final class ArrowColumnArrays implements ColumnAssembler.Parts {
    private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

    private final String name;
    private final List<Node> nodes;
    private final List<? extends @Nullable NumpyArray> arrays;
    private final boolean values;
    private final Location location;
    private int nextNode;
    private int next;

    /**
     * The parts of a column.
     *
     * @param arrays null where a bitmap is left out
     * @param values whether buffers are wanted, or only headers checked
     */
    ArrowColumnArrays(
            Field column,
            List<Node> nodes,
            List<? extends @Nullable NumpyArray> arrays,
            boolean values,
            Location location) {
        this.name = SafeText.quote(String.valueOf(column.getName()));
        this.nodes = nodes;
        this.arrays = arrays;
        this.values = values;
        this.location = location;
    }

    @Override
    public Node node(Field field, ArrowType type) throws NpzException {
        if (nextNode >= nodes.size()) {
            throw error("has fewer nodes than its type").found(nodes.size()).build();
        }
        Node node = nodes.get(nextNode++);
        long rows = node.length();
        if (rows < 0 || node.nullCount() < 0 || node.nullCount() > rows) {
            throw error("has a row or null count that cannot be")
                    .found(node.nullCount() + " nulls in " + rows + " rows")
                    .build();
        }
        if (rows > MOST_ROWS) {
            throw location.error(ErrorCode.LIMIT, "the column " + name + " has more rows than a vector holds")
                    .expected("at most " + MOST_ROWS)
                    .found(rows)
                    .build();
        }
        boolean views = type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView;
        if (node.dataBuffers() < 0 || (!views && node.dataBuffers() > 0)) {
            throw error("has data buffers that its type does not have")
                    .found(node.dataBuffers())
                    .build();
        }
        if (!ArrowColumnTypes.hasValidity(type) && node.nullCount() != (type instanceof ArrowType.Null ? rows : 0)) {
            throw error("has nulls that its type does not have")
                    .found(node.nullCount())
                    .build();
        }
        return node;
    }

    @Override
    public ArrowBuf validity(Wanted wanted, Node node) throws NpzException {
        if (next >= arrays.size()) {
            throw error("has fewer buffers than its type").found(arrays.size()).build();
        }
        if ((arrays.get(next) == null) != (node.nullCount() == 0)) {
            throw error("has a validity bitmap where nothing is null, or none where something is")
                    .build();
        }
        if (node.nullCount() == 0) {
            next++;
            return VectorSlicerMemory.NONE;
        }
        ArrowBuf bits = next(wanted);
        long nulls = values ? EncodeBits.countZeros(bits, 0, node.length()) : node.nullCount();
        if (nulls != node.nullCount()) {
            bits.close();
            throw error("has a null count that is not its bitmap's")
                    .expected(node.nullCount())
                    .found(nulls)
                    .build();
        }
        return bits;
    }

    @Override
    public ArrowBuf next(Wanted wanted) throws NpzException {
        NumpyArray array = next < arrays.size() ? arrays.get(next) : null;
        if (array == null) {
            throw error("lacks buffer number " + next).build();
        }
        DType found = array.header().dtype();
        if (!wanted.dtype().equals(found) || array.header().shape().dimensions() != 1) {
            throw array.location()
                    .error(ErrorCode.META_SCHEMA, "the array is no buffer of the Arrow column " + name)
                    .expected(wanted.dtype() + " in one dimension")
                    .found(SafeText.escape(found + " " + array.header().shape()))
                    .build();
        }
        long length = array.data().size();
        long expected = wanted.maximum();
        if (expected != Long.MAX_VALUE && length != expected) {
            throw error("has a buffer of a length that is not its own (number " + next + ")")
                    .expected(expected + " bytes")
                    .found(length)
                    .build();
        }
        next++;
        return values ? array.region(0, length) : VectorSlicerMemory.NONE;
    }

    /** Checks that the column has no parts besides those of its type. */
    void requireAllTaken() throws NpzException {
        if (nextNode != nodes.size() || next != arrays.size()) {
            throw error("has more parts than its type")
                    .expected(nextNode + " nodes and " + next + " buffers")
                    .found(nodes.size() + " nodes and " + arrays.size() + " buffers")
                    .build();
        }
    }

    /** An error that names the column. */
    NpzException.Builder error(String problem) {
        return location.error(ErrorCode.META_SCHEMA, "the Arrow column " + name + " " + problem);
    }

    @Override
    public NpzException.Builder error(ErrorCode code, Field field, String problem) {
        return error(problem);
    }
}
