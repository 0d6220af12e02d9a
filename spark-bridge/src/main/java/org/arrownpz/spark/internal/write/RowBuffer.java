package org.arrownpz.spark.internal.write;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.arrow.ArrowWriter;
import org.apache.spark.sql.types.StructType;

/** Rows as columns in memory outside the heap, by Spark's own writer of Arrow vectors. Not safe for several threads. */
final class RowBuffer implements AutoCloseable {
    private static final int SOME_ROWS = 1 << 10;
    private static final long LARGE = 16L << 20;

    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    /** The columns that hold a vector of nothing but nulls in a list. */
    private final List<FieldVector> listsOfNulls = new ArrayList<>();

    private ArrowWriter writer;
    private int rows;

    RowBuffer(BufferAllocator allocator, StructType schema) {
        this.allocator = allocator;
        List<FieldVector> vectors = new ArrayList<>();
        List<Field> fields = ArrowFields.of(schema);
        for (Field field : fields) {
            FieldVector vector = vector(field, allocator);
            vectors.add(vector);
            if (holdsNulls(field)) {
                listsOfNulls.add(vector);
            }
        }
        this.root = new VectorSchemaRoot(fields, vectors);
        this.writer = ArrowWriter.create(root);
    }

    // Nulls take no memory; the Arrow of Spark 4.0 does not even tell whose they would be, as core wants to know.
    private static FieldVector vector(Field field, BufferAllocator allocator) {
        return field.getType() instanceof ArrowType.Null
                ? new NullVector(field) {
                    @Override
                    public BufferAllocator getAllocator() {
                        return allocator;
                    }
                }
                : field.createVector(allocator);
    }

    private static boolean holdsNulls(Field field) {
        return field.getChildren().stream()
                .anyMatch(child -> child.getType() instanceof ArrowType.Null || holdsNulls(child));
    }

    void append(InternalRow row) {
        writer.write(row);
        rows++;
        listsOfNulls.forEach(vector -> countNulls(vector, rows));
    }

    // A list asks its elements for room, which Null vectors have for as many as they count.
    private static void countNulls(FieldVector vector, int count) {
        if (vector instanceof NullVector nulls) {
            nulls.setValueCount(count);
        } else if (vector instanceof ListVector list) {
            int elements = list.getLastSet() < 0
                    ? 0
                    : list.getOffsetBuffer().getInt((list.getLastSet() + 1L) * ListVector.OFFSET_WIDTH);
            if (elements < 0) {
                throw new ArithmeticException("the lists of a column hold more elements than offsets of 32 bits count");
            }
            countNulls(list.getDataVector(), elements);
        } else {
            vector.getChildrenFromFields().forEach(child -> countNulls(child, count));
        }
    }

    int rows() {
        return rows;
    }

    /** Whether the vectors of the task take more memory than that. Fewer rows than some are no reason, unless large. */
    boolean exceeds(long bytes) {
        long used = allocator.getAllocatedMemory();
        return used > bytes && (rows >= SOME_ROWS || used > LARGE);
    }

    /** The rows so far. Nothing can be appended afterwards until {@link #clear}. */
    VectorSchemaRoot root() {
        writer.finish();
        return root;
    }

    void clear() {
        root.clear();
        writer = ArrowWriter.create(root);
        rows = 0;
    }

    @Override
    public void close() {
        root.close();
    }
}
