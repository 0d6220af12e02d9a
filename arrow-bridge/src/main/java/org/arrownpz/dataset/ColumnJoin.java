package org.arrownpz.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/**
 * All batches of a native reader as whole columns. One batch is taken over as it is; several are copied column by
 * column, each batch's part being released as soon as it is copied.
 */
final class ColumnJoin implements AutoCloseable {
    private final BufferAllocator allocator;
    private final Location location;
    private final List<List<FieldVector>> parts = new ArrayList<>();
    private long rows;

    private ColumnJoin(BufferAllocator allocator, Location location) {
        this.allocator = allocator;
        this.location = location;
    }

    /** Reads to the end. */
    static ColumnJoin collect(ArrowReader reader, BufferAllocator allocator, Location location) throws IOException {
        ColumnJoin join = new ColumnJoin(allocator, location);
        boolean done = false;
        try {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            for (int i = 0; i < root.getFieldVectors().size(); i++) {
                join.parts.add(new ArrayList<>());
            }
            while (reader.loadNextBatch()) {
                join.take(reader.getVectorSchemaRoot());
            }
            done = true;
            return join;
        } finally {
            if (!done) {
                join.close();
            }
        }
    }

    private void take(VectorSchemaRoot batch) throws NpzException {
        rows += batch.getRowCount();
        if (rows > Integer.MAX_VALUE - 8) {
            throw location.fault(ErrorCode.LIMIT, "the file has more rows than one Arrow Java vector can hold")
                    .remedy("Read it batch by batch")
                    .exception();
        }
        for (int i = 0; i < parts.size(); i++) {
            FieldVector column = batch.getVector(i);
            FieldVector taken = column.getField().createVector(allocator);
            column.makeTransferPair(taken).transfer();
            parts.get(i).add(taken);
        }
        batch.clear();
    }

    int rows() {
        return (int) rows;
    }

    /** A whole column, which the caller closes. To be asked for once. */
    FieldVector column(int position, Field field) throws NpzException {
        List<FieldVector> pieces = parts.get(position);
        if (pieces.size() == 1) {
            return pieces.remove(0);
        }
        FieldVector result = field.createVector(allocator);
        boolean done = false;
        try {
            requireRoom(field, pieces);
            if (result instanceof BaseFixedWidthVector fixed) {
                fixed.allocateNew(rows());
            } else {
                result.allocateNew();
            }
            while (!pieces.isEmpty()) {
                try (FieldVector piece = pieces.remove(0)) {
                    Rebuild.append(piece, 0, piece.getValueCount(), result);
                }
            }
            result.setValueCount(rows());
            done = true;
            return result;
        } finally {
            if (!done) {
                result.close();
            }
        }
    }

    private void requireRoom(Field field, List<FieldVector> pieces) throws NpzException {
        long bytes = 0;
        for (FieldVector piece : pieces) {
            bytes += piece.getBufferSize();
        }
        if (bytes > Integer.MAX_VALUE && hasOffsets(field)) {
            throw location.fault(
                            ErrorCode.LIMIT,
                            "the values of column " + SafeText.quote(field.getName())
                                    + " are too long together for 32-bit offsets")
                    .remedy("Read it batch by batch")
                    .exception();
        }
    }

    private static boolean hasOffsets(Field field) {
        ArrowType type = field.getType();
        return type instanceof ArrowType.Utf8
                || type instanceof ArrowType.Binary
                || type instanceof ArrowType.List
                || type instanceof ArrowType.Map
                || field.getChildren().stream().anyMatch(ColumnJoin::hasOffsets);
    }

    @Override
    public void close() {
        parts.forEach(pieces -> pieces.forEach(FieldVector::close));
        parts.clear();
    }
}
