package org.arrownpz.ipc;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/** The same batch several times. */
final class RepeatedBatch extends ArrowReader {
    private final BufferAllocator allocator;
    private final VectorSchemaRoot batch;
    private int left;

    RepeatedBatch(BufferAllocator allocator, VectorSchemaRoot batch, int times) {
        super(allocator);
        this.allocator = allocator;
        this.batch = batch;
        this.left = times;
    }

    @Override
    protected Schema readSchema() {
        return batch.getSchema();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        if (left-- <= 0) {
            return false;
        }
        int rows = batch.getRowCount();
        List<FieldVector> copy = VectorSlices.copy(batch.getFieldVectors(), allocator, 0, rows, Location.ofFile(null));
        VectorSlices.move(copy, getVectorSchemaRoot(), rows);
        return true;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {}
}
