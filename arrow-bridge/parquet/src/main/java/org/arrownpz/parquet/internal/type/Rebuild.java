package org.arrownpz.parquet.internal.type;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.ReusableByteArray;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.support.column.VectorRows;

/** New vectors over the buffers of others. */
public final class Rebuild {
    private Rebuild() {}

    public static Field nullable(String name, ArrowType type, List<Field> children) {
        return new Field(name, new FieldType(true, type, null), children);
    }

    /** The vector's own buffers under another field of the same layout. The caller closes the result. */
    public static FieldVector leaf(FieldVector vector, Field field) {
        FieldVector result = field.createVector(vector.getAllocator());
        result.loadFieldBuffers(node(vector), vector.getFieldBuffers());
        return result;
    }

    /**
     * A nested vector from its own buffers and its children, which are moved into it.
     *
     * @param buffers retained by the result, so that the caller's references stay the caller's
     */
    static FieldVector nested(
            Field field, BufferAllocator allocator, ArrowFieldNode node, List<ArrowBuf> buffers, FieldVector... parts) {
        FieldVector result = field.createVector(allocator);
        try (Rollback undo = Rollback.of(result)) {
            List<FieldVector> children = result.getChildrenFromFields();
            for (int i = 0; i < parts.length; i++) {
                parts[i].makeTransferPair(children.get(i)).transfer();
            }
            result.loadFieldBuffers(node, buffers);
            return undo.commit(result);
        }
    }

    /** A vector that is null where another is, and has no more buffers, of parts that are moved into it. */
    static FieldVector grouped(Field field, FieldVector vector, List<FieldVector> parts) {
        return nested(
                field,
                vector.getAllocator(),
                node(vector),
                List.of(validity(vector)),
                parts.toArray(FieldVector[]::new));
    }

    /**
     * A child of a struct that is null where the struct is: Parquet has no elements in lists where these, or structs
     * around them, are null. The caller closes the result, which shares all but the validity.
     */
    static FieldVector masked(FieldVector child, FieldVector struct) {
        if (child instanceof ExtensionTypeVector<?> extension) {
            return masked(extension.getUnderlyingVector(), struct);
        }
        BufferAllocator allocator = struct.getAllocator();
        FieldVector result = VectorRows.whole(child, allocator);
        ArrowType type = child.getField().getType();
        boolean nested = ParquetTypes.isList(type) || type instanceof ArrowType.Map || type instanceof ArrowType.Struct;
        int count = child.getValueCount();
        if (!nested || struct.getNullCount() == 0 || count == 0) {
            return result;
        }
        long bytes = (count + 7L) / Byte.SIZE;
        try (Rollback undo = Rollback.of(result);
                ArrowBuf both = allocator.buffer(bytes)) {
            ArrowBuf outer = validity(struct);
            ArrowBuf inner = child.getNullCount() == 0 ? outer : validity(child);
            for (long i = 0; i < bytes; i++) {
                both.setByte(i, outer.getByte(i) & inner.getByte(i));
            }
            List<ArrowBuf> buffers = new ArrayList<>(child.getFieldBuffers());
            buffers.set(0, both.writerIndex(bytes));
            int nulls = BitVectorHelper.getNullCount(both, count);
            result.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
            return undo.commit(result);
        }
    }

    /** Texts or byte strings in another layout. The caller closes the result. */
    static FieldVector texts(VariableWidthFieldVector vector, Field field) {
        VariableWidthFieldVector result = (VariableWidthFieldVector) field.createVector(vector.getAllocator());
        try (Rollback undo = Rollback.of(result)) {
            result.setInitialCapacity(vector.getValueCount());
            result.allocateNew();
            ReusableByteArray bytes = new ReusableByteArray();
            for (int row = 0; row < vector.getValueCount(); row++) {
                if (!vector.isNull(row)) {
                    vector.read(row, bytes);
                    result.setSafe(row, bytes.getBuffer(), 0, Math.toIntExact(bytes.getLength()));
                }
            }
            result.setValueCount(vector.getValueCount());
            return undo.commit(result);
        }
    }

    /** Decimals in 256 bits instead of 128. The caller closes the result. */
    static FieldVector widened(DecimalVector vector, Field field) {
        int count = vector.getValueCount();
        long bytes = count * (long) Decimal256Vector.TYPE_WIDTH;
        FieldVector result = field.createVector(vector.getAllocator());
        try (Rollback undo = Rollback.of(result);
                ArrowBuf wide = vector.getAllocator().buffer(bytes)) {
            ArrowBuf values = vector.getDataBuffer();
            for (int row = 0; row < count; row++) {
                long from = row * (long) DecimalVector.TYPE_WIDTH;
                long to = row * (long) Decimal256Vector.TYPE_WIDTH;
                long high = values.getLong(from + Long.BYTES);
                wide.setLong(to, values.getLong(from));
                wide.setLong(to + Long.BYTES, high);
                wide.setLong(to + 2 * Long.BYTES, high >> Long.SIZE - 1);
                wide.setLong(to + 3 * Long.BYTES, high >> Long.SIZE - 1);
            }
            result.loadFieldBuffers(node(vector), List.of(validity(vector), wide.writerIndex(bytes)));
            return undo.commit(result);
        }
    }

    /**
     * Rows of a vector in another order, each as often as it is asked for. The caller closes the result.
     *
     * @param rows gives the place of each row, -1 for null
     */
    static FieldVector picked(
            FieldVector values, int count, IntUnaryOperator rows, BufferAllocator allocator, Location location)
            throws NpzException {
        if (values instanceof NullVector) {
            return new NullVector(values.getField(), count);
        }
        if (!values.getChildrenFromFields().isEmpty() || values instanceof StructVector) {
            return nestedPicked(values, count, rows, allocator, location);
        }
        FieldVector result = values.getField().createVector(allocator);
        try (Rollback undo = Rollback.of(result)) {
            result.setInitialCapacity(count);
            result.allocateNew();
            for (int i = 0; i < count; i++) {
                int row = rows.applyAsInt(i);
                if (row >= 0) {
                    result.copyFromSafe(row, i, values);
                }
            }
            result.setValueCount(count);
            return undo.commit(result);
        }
    }

    /** Arrow's copies know no views of lists and no runs, and go wrong with maps and structs in lists. */
    private static FieldVector nestedPicked(
            FieldVector values, int count, IntUnaryOperator rows, BufferAllocator allocator, Location location)
            throws NpzException {
        VectorJoin runs = new VectorJoin(values.getField());
        try (FieldVector gap = values.getField().createVector(allocator)) {
            fillWithNulls(gap, 1);
            int start = 0;
            int length = 0;
            for (int i = 0; i < count; i++) {
                int row = rows.applyAsInt(i);
                if (row < 0 || row != start + length) {
                    runs.add(values, start, length);
                    start = Math.max(row, 0);
                    length = 0;
                }
                if (row < 0) {
                    runs.add(gap);
                } else {
                    length++;
                }
            }
            runs.add(values, start, length);
            return runs.join(allocator, location);
        }
    }

    /** Gives a new vector of any type that many rows, which are null or below a null. */
    public static void fillWithNulls(FieldVector vector, int rows) {
        if (vector instanceof ExtensionTypeVector<?> extension) {
            fillWithNulls(extension.getUnderlyingVector(), rows);
            return;
        }
        // Of these the number of rows alone does not say what their children hold.
        if (vector instanceof RunEndEncodedVector runs) {
            int count = Math.min(rows, 1);
            fillWithNulls(runs.getRunEndsVector(), count);
            fillWithNulls(runs.getValuesVector(), count);
            if (count > 0) {
                ((BaseIntVector) runs.getRunEndsVector()).setWithPossibleTruncate(0, rows);
            }
        } else if (vector instanceof StructVector) {
            vector.getChildrenFromFields().forEach(child -> fillWithNulls(child, rows));
        } else if (vector instanceof FixedSizeListVector list) {
            fillWithNulls(elements(list), Math.multiplyExact(rows, list.getListSize()));
        } else {
            vector.allocateNew();
        }
        vector.setValueCount(rows);
    }

    static ArrowFieldNode node(FieldVector vector) {
        return new ArrowFieldNode(vector.getValueCount(), vector.getNullCount());
    }

    /** The validity buffer as {@link FieldVector#loadFieldBuffers} takes it. */
    static ArrowBuf validity(FieldVector vector) {
        return vector.getFieldBuffers().get(0);
    }

    /** The element vector of a list of any kind. */
    static FieldVector elements(FieldVector list) {
        return list.getChildrenFromFields().get(0);
    }
}
