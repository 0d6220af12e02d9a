package org.arrownpz.parquet.internal.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.file.ParquetFaults;

/** The batches of a Parquet file with the types, metadata and dictionaries that they were written from. */
public final class RestoringReader extends BatchReader {
    private final NativeFile file;
    private final ArrowReader source;
    private final Restorer restorer;
    private final Schema schema;
    private VectorSchemaRoot batch;

    /** Closing it leaves the file, which it reads from, open. */
    public RestoringReader(
            NativeFile file, Restorer restorer, Map<String, String> metadata, BufferAllocator allocator) {
        super(allocator);
        this.file = file;
        this.source = file.reader();
        this.restorer = restorer;
        this.schema = new Schema(restorer.fields(), metadata);
        this.batch = new VectorSchemaRoot(schema, vectors(), 0);
    }

    private List<FieldVector> vectors() {
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        schema.getFields().forEach(field -> vectors.add(field.createVector(allocator)));
        return vectors;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        try {
            batch.clear();
            VectorSchemaRoot read;
            do {
                if (!source.loadNextBatch()) {
                    return false;
                }
                read = source.getVectorSchemaRoot();
            } while (read.getRowCount() == 0);
            for (int i = 0; i < read.getFieldVectors().size(); i++) {
                try (FieldVector restored = restorer.restore(i, read.getVector(i))) {
                    restored.makeTransferPair(batch.getVector(i)).transfer();
                }
            }
            batch.setRowCount(read.getRowCount());
            file.meter().add(read.getRowCount());
            read.clear();
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw ParquetFaults.reading(file.location(), e);
        }
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return restorer.dictionaries();
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public void close() {
        // The file stays open for its owner.
        batch.close();
    }
}
