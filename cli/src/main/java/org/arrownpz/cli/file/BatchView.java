package org.arrownpz.cli.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.cdata.BatchReader;

/** Chosen columns of another reader, which stays the caller's, in another order. Tells how many rows went through. */
final class BatchView extends BatchReader {
    private final ArrowReader source;
    private final int[] positions;
    private final LongConsumer rowsSoFar;
    private long rows;
    private VectorSchemaRoot root;

    BatchView(BufferAllocator allocator, ArrowReader source, int[] positions, LongConsumer rowsSoFar)
            throws IOException {
        super(allocator);
        this.source = source;
        this.positions = positions;
        this.rowsSoFar = rowsSoFar;
        this.root = view();
    }

    // The vectors are the source's own, and loaded: a root of several columns must not set their counts again.
    private VectorSchemaRoot view() throws IOException {
        VectorSchemaRoot whole = source.getVectorSchemaRoot();
        List<Field> fields = new ArrayList<>(positions.length);
        List<FieldVector> vectors = new ArrayList<>(positions.length);
        for (int position : positions) {
            fields.add(whole.getSchema().getFields().get(position));
            vectors.add(whole.getVector(position));
        }
        return new VectorSchemaRoot(new Schema(fields), vectors, whole.getRowCount());
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        boolean more = source.loadNextBatch();
        root = view();
        if (more) {
            rows += root.getRowCount();
            rowsSoFar.accept(rows);
        }
        return more;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return source;
    }

    @Override
    public void close() {
        // Vectors and source belong to the caller.
    }
}
