package org.arrownpz.parquet.internal.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.parquet.internal.type.FromStorage;
import org.arrownpz.support.Rollback;

/** Chosen columns of the native reader, with the same dictionaries for all batches. Closing it leaves the reader open. */
final class SteadyReader extends BatchReader {
    private final ArrowReader source;
    private final int[] positions;
    private final FileDictionaries dictionaries;
    private final FromStorage converter;
    private final Schema schema;
    private VectorSchemaRoot batch;

    /** @param positions of the source's columns that the dictionaries know, in their order */
    SteadyReader(
            ArrowReader source,
            int[] positions,
            FileDictionaries dictionaries,
            BufferAllocator allocator,
            Location location) {
        super(allocator);
        this.source = source;
        this.positions = positions;
        this.dictionaries = dictionaries;
        this.converter = new FromStorage(location, dictionaries, allocator);
        this.schema = new Schema(dictionaries.fields());
        this.batch = VectorSchemaRoot.create(schema, allocator);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        batch.clear();
        if (!source.loadNextBatch()) {
            return false;
        }
        VectorSchemaRoot read = source.getVectorSchemaRoot();
        List<FieldVector> vectors = new ArrayList<>(positions.length);
        try (Rollback undo = Rollback.all(vectors)) {
            for (int position : positions) {
                vectors.add(converter.restore(
                        read.getVector(position), schema.getFields().get(vectors.size())));
            }
            batch.close();
            batch = new VectorSchemaRoot(schema, vectors, read.getRowCount());
            read.clear();
            undo.commit();
            return true;
        }
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return dictionaries.provider();
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public void close() {
        batch.close();
    }
}
