package org.arrownpz.flight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.arrownpz.frame.Frame;

/** Rows and columns of a frame in slices that share its memory; the sizes are chosen over all columns. */
final class Batches implements AutoCloseable {
    private final List<FieldVector> columns = new ArrayList<>();
    private final VectorSchemaRoot root;
    private final long end;
    private final int batchRows;
    private long next;

    /**
     * @throws IllegalArgumentException for unknown or doubled columns
     */
    Batches(Frame frame, NpzTicket ticket, int batchBytes, BufferAllocator allocator) {
        VectorSchemaRoot all = frame.interchangeRoot();
        List<Field> fields = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : ticket.columns().isEmpty() ? names(all) : ticket.columns()) {
            FieldVector column = all.getVector(name);
            if (column == null || !seen.add(name)) {
                throw new IllegalArgumentException("a column is unknown or named twice");
            }
            columns.add(column);
            fields.add(column.getField());
        }
        Schema schema = new Schema(fields, all.getSchema().getCustomMetadata());
        this.next = Math.min(ticket.offset(), frame.rowCount());
        long rest = frame.rowCount() - next;
        this.end = next + (ticket.limit() < 0 ? rest : Math.min(ticket.limit(), rest));
        this.batchRows = rows(columns, frame.rowCount(), batchBytes);
        this.root = VectorSchemaRoot.create(schema, allocator);
    }

    private static List<String> names(VectorSchemaRoot root) {
        return root.getSchema().getFields().stream().map(Field::getName).toList();
    }

    private static int rows(List<FieldVector> columns, long rows, int batchBytes) {
        long bytes = 0;
        for (FieldVector column : columns) {
            bytes += column.getBufferSize();
        }
        long count = bytes == 0 ? rows : (long) (batchBytes * (double) rows / bytes);
        // A multiple of 8 where possible, so that bitmaps are shared and not shifted.
        long even = count >= 8 ? count & ~7L : Math.max(1, count);
        return (int) Math.min(even, Integer.MAX_VALUE - 8);
    }

    VectorSchemaRoot root() {
        return root;
    }

    boolean next() {
        if (next >= end) {
            return false;
        }
        int count = (int) Math.min(batchRows, end - next);
        for (int i = 0; i < columns.size(); i++) {
            FieldVector column = columns.get(i);
            TransferPair pair = column.getTransferPair(column.getField(), column.getAllocator());
            pair.splitAndTransfer((int) next, count);
            try (FieldVector slice = (FieldVector) pair.getTo()) {
                slice.makeTransferPair(root.getVector(i)).transfer();
            }
        }
        root.setRowCount(count);
        next += count;
        return true;
    }

    @Override
    public void close() {
        root.close();
    }
}
