package org.arrownpz.ipc;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.VectorAppender;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/** Puts record batches one after the other into one root, by copying. */
final class BatchJoin {
    private static final String REMEDY = "Read it batch by batch";

    private final Location location;
    private final VectorSchemaRoot target;
    private final long[] bytes;
    private long rows;

    BatchJoin(VectorSchemaRoot first, BufferAllocator allocator, Location location) throws NpzException {
        this.location = location;
        for (Field field : first.getSchema().getFields()) {
            requireJoinable(field);
        }
        this.bytes = new long[first.getFieldVectors().size()];
        List<FieldVector> vectors = new ArrayList<>(bytes.length);
        boolean done = false;
        try {
            // Copied, not moved: they may be views of the file, which must not be written to.
            for (FieldVector vector : first.getFieldVectors()) {
                vectors.add(VectorCopy.of(vector, allocator, location));
            }
            done = true;
        } finally {
            if (!done) {
                vectors.forEach(FieldVector::close);
            }
        }
        this.rows = first.getRowCount();
        this.target = new VectorSchemaRoot(first.getSchema(), vectors, first.getRowCount());
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = vectors.get(i).getBufferSize();
        }
    }

    /** The joined batches, owned by the caller. */
    VectorSchemaRoot target() {
        return target;
    }

    void append(VectorSchemaRoot batch) throws NpzException {
        rows += batch.getRowCount();
        if (rows > Integer.MAX_VALUE - 8) {
            throw location.fault(ErrorCode.LIMIT, "the batches have more rows than one Arrow Java vector can hold")
                    .remedy(REMEDY)
                    .exception();
        }
        for (int i = 0; i < bytes.length; i++) {
            FieldVector column = batch.getVector(i);
            bytes[i] += column.getBufferSize();
            if (bytes[i] > Integer.MAX_VALUE && hasNarrowOffsets(column.getField())) {
                throw location.fault(ErrorCode.LIMIT, "a column's values are too long for 32-bit offsets")
                        .remedy(REMEDY)
                        .exception();
            }
            column.accept(new VectorAppender(target.getVector(i)), null);
        }
        target.setRowCount((int) rows);
    }

    private static boolean hasNarrowOffsets(Field field) {
        ArrowType type = field.getType();
        return type instanceof ArrowType.Utf8
                || type instanceof ArrowType.Binary
                || type instanceof ArrowType.List
                || type instanceof ArrowType.Map
                || field.getChildren().stream().anyMatch(BatchJoin::hasNarrowOffsets);
    }

    private void requireJoinable(Field field) throws NpzException {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.RunEndEncoded
                || type instanceof ArrowType.ListView
                || type instanceof ArrowType.LargeListView) {
            throw location.fault(
                            ErrorCode.DTYPE,
                            "batches of column " + SafeText.quote(field.getName()) + " of type " + type.getTypeID()
                                    + " cannot be joined")
                    .remedy(REMEDY + ", or write the file with one batch")
                    .exception();
        }
        for (Field child : field.getChildren()) {
            requireJoinable(child);
        }
    }
}
