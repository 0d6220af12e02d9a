package org.arrownpz.frame.internal.exchange;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * A reader of what stays its caller's, a frame or other readers: closing it closes its batch alone. For one thread at a
 * time; loading and closing exclude each other.
 */
abstract class BorrowingReader extends ArrowReader {
    private boolean closed;

    BorrowingReader(BufferAllocator allocator) {
        super(allocator);
    }

    @Override
    public abstract VectorSchemaRoot getVectorSchemaRoot();

    /** {@link #loadNextBatch} of a reader that is open. */
    abstract boolean load() throws IOException;

    @Override
    public final synchronized boolean loadNextBatch() throws IOException {
        if (closed) {
            throw new IllegalStateException("The reader is closed");
        }
        return load();
    }

    @Override
    public final Map<Long, Dictionary> getDictionaryVectors() {
        Map<Long, Dictionary> all = new TreeMap<>();
        for (Long id : getDictionaryIds()) {
            Dictionary dictionary = lookup(id);
            if (dictionary != null) {
                all.put(id, dictionary);
            }
        }
        return all;
    }

    /** The schema of another reader. */
    static Schema schema(ArrowReader reader) throws NpzException {
        try {
            return reader.getVectorSchemaRoot().getSchema();
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw Location.ofFile(null)
                    .error(ErrorCode.IO, "the schema of a reader cannot be read: " + e.getMessage())
                    .cause(e)
                    .build();
        }
    }

    /** The dictionary that another reader has under a number, under one of this reader. */
    static @Nullable Dictionary under(long id, ArrowReader reader, long own) {
        Dictionary dictionary = reader.lookup(own);
        if (dictionary == null || own == id) {
            return dictionary;
        }
        DictionaryEncoding encoding = dictionary.getEncoding();
        return new Dictionary(
                dictionary.getVector(), new DictionaryEncoding(id, encoding.isOrdered(), encoding.getIndexType()));
    }

    @Override
    protected final Schema readSchema() {
        return getVectorSchemaRoot().getSchema();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public final synchronized void close() {
        closed = true;
        getVectorSchemaRoot().close();
    }

    @Override
    public final void close(boolean closeReadChannel) {
        close();
    }

    @Override
    protected final void closeReadSource() {
        // It stays the caller's.
    }
}
