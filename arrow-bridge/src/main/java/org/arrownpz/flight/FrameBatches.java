package org.arrownpz.flight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.memory.Allocations;
import org.arrownpz.memory.MemoryAccess;
import org.arrownpz.vector.MappedPages;

/**
 * Rows and columns of a frame, in copies of slices. The network reads a batch later, on threads that a file which was cut
 * short under its mapping would throw out of their course, and sends whatever is there by then.
 */
final class FrameBatches implements Batches {
    private final DictionaryProvider dictionaries;
    private final List<FieldVector> columns = new ArrayList<>();
    private final VectorSchemaRoot root;
    private final long end;
    private final int batchRows;
    private final Frame frame;
    private final Location location;
    private final BufferAllocator allocator;
    private final VectorSchemaRoot slices;
    private long next;

    /**
     * @throws IllegalArgumentException for unknown or doubled columns
     */
    FrameBatches(Frame frame, NpzTicket ticket, int batchBytes, BufferAllocator allocator) {
        this.frame = frame;
        this.location = Location.ofFile(ticket.name());
        this.allocator = allocator;
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
        this.slices = VectorSchemaRoot.create(schema, allocator);
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
    public boolean next() throws NpzException {
        if (next >= end) {
            return false;
        }
        int count = (int) Math.min(batchRows, end - next);
        try {
            load(count);
        } catch (InternalError e) {
            throw MemoryAccess.vanished(location, e);
        } catch (RuntimeException e) {
            // Offsets that are those of other bytes make Arrow throw what it likes.
            frame.checkUnchanged();
            throw e;
        }
        next += count;
        return true;
    }

    private void load(int count) throws NpzException {
        // Asked before slicing, in the middle of which references would be left behind.
        MappedPages.check(columns, next, count, location);
        List<ArrowBuf> copies = new ArrayList<>();
        // What was sent is held by whoever sends it.
        root.clear();
        try {
            Batches.slice(columns, (int) next, count, slices);
            try (ArrowRecordBatch batch =
                    new VectorUnloader(slices, true, NoCompressionCodec.INSTANCE, false).getRecordBatch()) {
                for (ArrowBuf buffer : batch.getBuffers()) {
                    long length = buffer.readableBytes();
                    ArrowBuf copy = Allocations.allocate(allocator, length, location, "a batch");
                    copies.add(copy);
                    Allocations.copy(buffer, buffer.readerIndex(), copy, 0, length, location);
                    copy.writerIndex(length);
                }
                frame.checkUnchanged();
                try (ArrowRecordBatch copied = new ArrowRecordBatch(
                        count,
                        batch.getNodes(),
                        copies,
                        batch.getBodyCompression(),
                        batch.getVariadicBufferCounts(),
                        false)) {
                    new VectorLoader(root).load(copied);
                }
            }
        } finally {
            copies.forEach(ArrowBuf::close);
            slices.clear();
        }
    }

    @Override
    public void close() {
        slices.close();
        root.close();
    }
}
