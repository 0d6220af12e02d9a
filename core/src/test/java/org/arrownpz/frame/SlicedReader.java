package org.arrownpz.frame;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/** A reader of slices of a root, which stays the caller's. */
public final class SlicedReader extends ArrowReader {
    private final BufferAllocator allocator;
    private final VectorSchemaRoot whole;
    private final int[] sizes;
    private final VectorSchemaRoot root;
    private int next;
    private int from;
    /** The batch that cannot be read. */
    public int failAt = -1;
    /** Whether all batches begin at the first row. */
    public boolean repeats;

    public SlicedReader(BufferAllocator allocator, VectorSchemaRoot whole, int... sizes) {
        super(allocator);
        this.allocator = allocator;
        this.whole = whole;
        this.sizes = sizes;
        List<FieldVector> vectors = new ArrayList<>();
        whole.getSchema().getFields().forEach(field -> vectors.add(field.createVector(allocator)));
        this.root = new VectorSchemaRoot(whole.getSchema(), vectors, 0);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        if (next == failAt) {
            throw new IOException("no more");
        }
        if (next == sizes.length) {
            return false;
        }
        int rows = sizes[next++];
        List<FieldVector> slices =
                VectorSlices.share(whole.getFieldVectors(), allocator, from, rows, Location.ofFile(null));
        for (int i = 0; i < slices.size(); i++) {
            slices.get(i).makeTransferPair(root.getVector(i)).transfer();
            slices.get(i).close();
        }
        root.setRowCount(rows);
        from += repeats ? 0 : rows;
        return true;
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() {
        return Map.of();
    }

    @Override
    public Dictionary lookup(long id) {
        return null;
    }

    @Override
    protected Schema readSchema() {
        return root.getSchema();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() {
        root.close();
    }

    @Override
    protected void closeReadSource() {
        // Nothing is open but memory.
    }
}
