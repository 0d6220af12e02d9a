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
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;

/** Chosen columns of a reader as other ones, with the same dictionaries for all batches. Closing it leaves the reader open. */
public class ConvertingReader extends BatchReader {
    private final ArrowReader source;
    private final int[] positions;
    private final Conversion conversion;
    private final DictionaryProvider dictionaries;
    private final VectorSchemaRoot batch;

    /** Makes a column of the result, which the caller closes; the one that was read stays the caller's. */
    public interface Conversion {
        FieldVector convert(int position, FieldVector read) throws NpzException;
    }

    /** @param positions of the source's columns that become those of the schema, in their order */
    public ConvertingReader(
            ArrowReader source,
            int[] positions,
            Conversion conversion,
            Schema schema,
            DictionaryProvider dictionaries,
            BufferAllocator allocator) {
        super(allocator);
        this.source = source;
        this.positions = positions;
        this.conversion = conversion;
        this.dictionaries = dictionaries;
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        schema.getFields().forEach(field -> vectors.add(field.createVector(allocator)));
        this.batch = new VectorSchemaRoot(schema, vectors, 0);
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
        for (int i = 0; i < positions.length; i++) {
            try (FieldVector converted = conversion.convert(i, read.getVector(positions[i]))) {
                converted.makeTransferPair(batch.getVector(i)).transfer();
            }
        }
        batch.setRowCount(read.getRowCount());
        read.clear();
        return true;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return dictionaries;
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
