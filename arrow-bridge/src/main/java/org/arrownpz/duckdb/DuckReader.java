package org.arrownpz.duckdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.jspecify.annotations.Nullable;

/**
 * The batches of another reader as DuckDB takes them. Exceptions do not pass through native code, so that the first one
 * is kept in {@link #failure()}. Closing it closes the other reader.
 */
final class DuckReader extends ArrowReader {
    private final ArrowReader source;
    private final Location location;
    private final Schema schema;
    private VectorSchemaRoot batch;
    private @Nullable Throwable failure;

    DuckReader(ArrowReader source, BufferAllocator allocator, Location location) throws IOException {
        super(allocator);
        this.source = source;
        this.location = location;
        this.schema = new Schema(source.getVectorSchemaRoot().getSchema().getFields().stream()
                .map(DuckColumns::field)
                .toList());
        this.batch = VectorSchemaRoot.create(schema, allocator);
    }

    /** What a batch failed with, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            batch.clear();
            if (!source.loadNextBatch()) {
                return false;
            }
            convert(source.getVectorSchemaRoot());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    private void convert(VectorSchemaRoot root) throws IOException {
        List<FieldVector> vectors = new ArrayList<>();
        boolean done = false;
        try {
            List<Field> fields = schema.getFields();
            for (int i = 0; i < fields.size(); i++) {
                vectors.add(DuckColumns.convert(root.getVector(i), fields.get(i), location));
            }
            batch = new VectorSchemaRoot(schema, vectors, root.getRowCount());
            done = true;
        } finally {
            if (!done) {
                vectors.forEach(FieldVector::close);
            }
        }
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        return source.getDictionaryVectors();
    }

    @Override
    public Dictionary lookup(long id) {
        return source.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return source.getDictionaryIds();
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        batch.close();
        source.close();
    }

    @Override
    public void close(boolean closeReadChannel) throws IOException {
        close();
    }

    @Override
    protected void closeReadSource() throws IOException {
        close();
    }
}
