package org.arrownpz.parquet.internal.batch;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Meter;

/** A root of the caller's as a reader of one batch, without copying. Closing it leaves the root alone. */
public final class OneBatch extends BatchReader {
    private final VectorSchemaRoot root;
    private final DictionaryProvider provider;
    private boolean read;

    public OneBatch(VectorSchemaRoot root, DictionaryProvider provider, BufferAllocator allocator) {
        super(allocator);
        this.root = root;
        this.provider = provider;
    }

    /** Begins to count how much of the batch is done: all values of one column after the other. */
    public Meter meter() {
        long bytes = 0;
        for (FieldVector vector : root.getFieldVectors()) {
            bytes += vector.getBufferSize();
        }
        return Meter.begin((long) root.getRowCount() * root.getFieldVectors().size(), bytes);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() {
        boolean first = !read;
        read = true;
        return first;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return provider;
    }

    @Override
    public void close() {
        // The root stays the caller's.
    }
}
