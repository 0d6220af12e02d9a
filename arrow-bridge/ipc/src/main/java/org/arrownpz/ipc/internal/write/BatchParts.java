package org.arrownpz.ipc.internal.write;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.support.column.ArrowColumn;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and buffers of a batch to be written, as the format wants them: without bitmaps where nothing is null,
 * offsets from 0, values that offsets reach. Borrows the vectors' memory. Used once.
 */
public final class BatchParts {
    /** One offset of the large types; what follows a vector without rows. */
    private static final byte[] NO_ROWS = new byte[8];

    /** Bytes of the widest values that need no more alignment than a buffer has behind a prefix of 8 bytes. */
    private static final int NARROW = 8;

    private long[] nodes = new long[16];
    private int nodeCount;
    private long[] lengths = new long[16];
    private @Nullable Object[] contents = new Object[16];
    private int bufferCount;
    private final BitSet wide = new BitSet();
    private final List<Integer> variadicCounts = new ArrayList<>();

    /** Adds a column. */
    public void add(FieldVector vector) throws NpzException {
        if (vector instanceof BaseFixedWidthVector) {
            addFixed(vector);
        } else if (!(vector instanceof BaseVariableWidthVector || vector instanceof BaseLargeVariableWidthVector)
                || !addText(vector)) {
            addAny(vector);
        }
    }

    private void addFixed(FieldVector vector) {
        int rows = vector.getValueCount();
        addValidity(vector, rows);
        long bytes = vector instanceof BitVector
                ? (rows + 7L) / Byte.SIZE
                : (long) rows * ((BaseFixedWidthVector) vector).getTypeWidth();
        wide.set(bufferCount, ((BaseFixedWidthVector) vector).getTypeWidth() > NARROW);
        put(vector, vector.getDataBuffer(), bytes);
    }

    /** False, and nothing done, where offsets do not begin at 0. */
    private boolean addText(FieldVector vector) {
        int rows = vector.getValueCount();
        int width = vector instanceof BaseLargeVariableWidthVector ? 8 : 4;
        ArrowBuf offsets = vector.getOffsetBuffer();
        if (rows > 0 && offset(offsets, 0, width) != 0) {
            return false;
        }
        addValidity(vector, rows);
        if (rows == 0) {
            // Arrow Java has no offset at all for no rows; the format wants one.
            put(width, NO_ROWS);
            put(0, null);
            return true;
        }
        put(vector, offsets, (rows + 1L) * width);
        put(vector, vector.getDataBuffer(), offset(offsets, rows, width));
        return true;
    }

    private static long offset(ArrowBuf offsets, long index, int width) {
        return width == 8 ? offsets.getLong(index * 8) : offsets.getInt(index * 4);
    }

    private void addValidity(FieldVector vector, int rows) {
        ArrowBuf bits = vector.getValidityBuffer();
        int nulls = VectorRows.nullCount(vector);
        putNode(rows, nulls);
        put(vector, bits, nulls == 0 ? 0 : (rows + 7L) / Byte.SIZE);
    }

    /** Nested, viewed and sliced columns, taken apart by the core. */
    private void addAny(FieldVector vector) throws NpzException {
        ArrowColumn.Stored stored = ArrowColumn.decompose(List.of(vector));
        for (ArrowColumn.Node node : stored.nodes()) {
            putNode(node.length(), node.nullCount());
        }
        for (ArrayContent buffer : stored.buffers()) {
            wide.set(bufferCount, buffer != null && buffer.dtype().itemSize() > NARROW);
            put(buffer == null ? 0 : buffer.shape().elements() * buffer.dtype().itemSize(), buffer);
        }
        addVariadic(vector.getField(), stored.nodes(), 0);
    }

    /** Walks the fields in the order of the nodes; gives the place behind the last one. */
    private int addVariadic(Field field, List<ArrowColumn.Node> nodes, int place) {
        ArrowType type = VectorRows.storageType(field.getType());
        if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
            variadicCounts.add(nodes.get(place).dataBuffers());
        }
        int next = place + 1;
        for (Field child : field.getChildren()) {
            next = addVariadic(child, nodes, next);
        }
        return next;
    }

    private void putNode(long length, long nulls) {
        if (nodeCount * 2 == nodes.length) {
            nodes = Arrays.copyOf(nodes, nodeCount * 4);
        }
        nodes[nodeCount * 2] = length;
        nodes[nodeCount++ * 2 + 1] = nulls;
    }

    private void put(FieldVector vector, ArrowBuf buffer, long length) {
        if (buffer.capacity() < length) {
            throw new IllegalArgumentException("Column " + SafeText.quote(String.valueOf(vector.getName()))
                    + " has fewer bytes than its " + vector.getValueCount() + " rows need");
        }
        put(length, buffer);
    }

    private void put(long length, @Nullable Object content) {
        if (bufferCount == lengths.length) {
            lengths = Arrays.copyOf(lengths, bufferCount * 2);
            contents = Arrays.copyOf(contents, bufferCount * 2);
        }
        lengths[bufferCount] = length;
        contents[bufferCount++] = content;
    }

    int nodeCount() {
        return nodeCount;
    }

    long nodeLength(int index) {
        return nodes[index * 2];
    }

    long nodeNulls(int index) {
        return nodes[index * 2 + 1];
    }

    public int bufferCount() {
        return bufferCount;
    }

    /** Bytes of a buffer, without padding. */
    public long length(int buffer) {
        return lengths[buffer];
    }

    /** Whether readers such as Polars want the values of a buffer to begin at a multiple of more than 8 bytes. */
    boolean isWide(int buffer) {
        return wide.get(buffer);
    }

    List<Integer> variadicCounts() {
        return variadicCounts;
    }

    /** Writes exactly the bytes of a buffer. */
    public void write(int buffer, ByteSink sink) throws NpzException {
        Object content = contents[buffer];
        if (lengths[buffer] == 0) {
            return;
        }
        if (content instanceof ArrowBuf memory) {
            sink.write(memory, 0, lengths[buffer]);
        } else if (content instanceof ArrayContent column) {
            column.writeTo(sink);
        } else {
            sink.write(ByteBuffer.wrap(NO_ROWS, 0, (int) lengths[buffer]));
        }
    }
}
