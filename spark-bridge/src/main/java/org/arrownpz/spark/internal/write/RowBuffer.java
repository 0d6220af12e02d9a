package org.arrownpz.spark.internal.write;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Rows as columns in memory outside the heap. Not safe for several threads. */
final class RowBuffer implements AutoCloseable {
    private static final int SOME_ROWS = 1 << 10;
    private static final long LARGE = 16L << 20;

    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private final List<Appender> appenders = new ArrayList<>();
    private int rows;

    RowBuffer(BufferAllocator allocator, StructType schema) {
        this.allocator = allocator;
        List<FieldVector> vectors = new ArrayList<>();
        List<Field> fields = ArrowFields.of(schema);
        for (Field field : fields) {
            vectors.add(vector(field, allocator));
        }
        this.root = new VectorSchemaRoot(fields, vectors);
        vectors.forEach(vector -> appenders.add(Appenders.of(vector)));
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

    void append(InternalRow row) {
        for (int i = 0; i < appenders.size(); i++) {
            appenders.get(i).append(row, i);
        }
        rows++;
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
        appenders.forEach(Appender::finish);
        root.setRowCount(rows);
        return root;
    }

    void clear() {
        root.clear();
        appenders.forEach(Appender::reset);
        rows = 0;
    }

    @Override
    public void close() {
        root.close();
    }
}
