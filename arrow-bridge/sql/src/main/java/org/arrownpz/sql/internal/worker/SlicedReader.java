package org.arrownpz.sql.internal.worker;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.column.VectorRows;

/** Batches in slices, so that no message is long whose rows are not. The reader stays the caller's. */
final class SlicedReader extends BatchReader {
    private static final long BYTES = 4 << 20;
    private static final Location LOCATION = Location.ofFile(null);

    private final ArrowReader reader;
    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private int next;
    private int rows;
    private int sliceRows;

    SlicedReader(ArrowReader reader, BufferAllocator allocator) throws IOException {
        super(allocator);
        this.reader = reader;
        this.allocator = allocator;
        this.root = VectorSchemaRoot.create(reader.getVectorSchemaRoot().getSchema(), allocator);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        while (next == rows) {
            if (!reader.loadNextBatch()) {
                return false;
            }
            next = 0;
            rows = reader.getVectorSchemaRoot().getRowCount();
            sliceRows = VectorRows.fitting(reader.getVectorSchemaRoot().getFieldVectors(), rows, BYTES);
        }
        List<FieldVector> columns = reader.getVectorSchemaRoot().getFieldVectors();
        int count = Math.min(sliceRows, rows - next);
        VectorRows.move(VectorRows.share(columns, allocator, next, count, LOCATION), root, count);
        next += count;
        return true;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return reader;
    }

    @Override
    public void close() {
        root.close();
    }
}
