package org.arrownpz.flight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.frame.Frame;

/** Rows and columns of a frame, in slices that share its memory. */
final class FrameBatches implements Batches {
    private final DictionaryProvider dictionaries;
    private final List<FieldVector> columns = new ArrayList<>();
    private final VectorSchemaRoot root;
    private final long end;
    private final int batchRows;
    private long next;

    /**
     * @throws IllegalArgumentException for unknown or doubled columns
     */
    FrameBatches(Frame frame, NpzTicket ticket, int batchBytes, BufferAllocator allocator) {
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
        this.batchRows = Batches.rows(columns, frame.rowCount(), batchBytes);
        this.dictionaries = frame.dictionaries();
        this.root = VectorSchemaRoot.create(schema, allocator);
    }

    private static List<String> names(VectorSchemaRoot root) {
        return root.getSchema().getFields().stream().map(Field::getName).toList();
    }

    @Override
    public VectorSchemaRoot root() {
        return root;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public boolean next() {
        if (next >= end) {
            return false;
        }
        int count = (int) Math.min(batchRows, end - next);
        Batches.slice(columns, (int) next, count, root);
        next += count;
        return true;
    }

    @Override
    public void close() {
        root.close();
    }
}
