package org.arrownpz.event;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.vector.internal.buffers.VectorSlices;

/**
 * Batches made from those of another reader, which is closed with this one and lends its dictionaries. For one thread at
 * a time; loading and closing exclude each other.
 */
abstract class DerivedReader extends ArrowReader {
    final ArrowReader source;
    final BufferAllocator memory;
    final VectorSchemaRoot output;
    private boolean closed;

    DerivedReader(ArrowReader source, BufferAllocator memory, List<Field> fields) {
        super(memory);
        this.source = source;
        this.memory = memory;
        List<FieldVector> vectors = new ArrayList<>();
        fields.forEach(field -> vectors.add(field.createVector(memory)));
        this.output = new VectorSchemaRoot(new Schema(fields), vectors, 0);
    }

    /** Makes these the batch, as a second holder of their memory. */
    final void show(List<FieldVector> vectors, int rows) throws NpzException {
        for (int i = 0; i < vectors.size(); i++) {
            VectorSlices.load(vectors.get(i), output.getVector(i));
        }
        output.setRowCount(rows);
    }

    /** Makes the next batch; false when there is none. */
    abstract boolean advance() throws IOException;

    @Override
    public final synchronized boolean loadNextBatch() throws IOException {
        if (closed) {
            throw new IllegalStateException("The reader is closed");
        }
        return advance();
    }

    /** The dictionaries that the indices of the batches refer to. */
    DictionaryProvider dictionaries() {
        return source;
    }

    /** Gives back what waits to become a batch. */
    abstract void release();

    @Override
    public final VectorSchemaRoot getVectorSchemaRoot() {
        return output;
    }

    @Override
    public final Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        // Opens the source.
        Map<Long, Dictionary> read = source.getDictionaryVectors();
        DictionaryProvider own = dictionaries();
        if (own == source) {
            return read;
        }
        Map<Long, Dictionary> all = new HashMap<>();
        own.getDictionaryIds().forEach(id -> all.put(id, own.lookup(id)));
        return all;
    }

    @Override
    public final Dictionary lookup(long id) {
        return dictionaries().lookup(id);
    }

    @Override
    public final Set<Long> getDictionaryIds() {
        return dictionaries().getDictionaryIds();
    }

    @Override
    protected final Schema readSchema() {
        return output.getSchema();
    }

    @Override
    public final long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public final void close() throws IOException {
        close(true);
    }

    @Override
    public final synchronized void close(boolean closeReadChannel) throws IOException {
        closed = true;
        release();
        output.close();
        source.close(closeReadChannel);
    }

    @Override
    protected final void closeReadSource() {
        // Closed with the source.
    }
}
