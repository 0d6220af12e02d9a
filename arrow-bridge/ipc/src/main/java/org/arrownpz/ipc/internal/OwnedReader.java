package org.arrownpz.ipc.internal;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ipc.cdata.BatchReader;

/** A reader that closes what its batches come from after itself, once. Used by one thread. */
public class OwnedReader extends BatchReader {
    private final ArrowReader reader;
    private final AutoCloseable owner;
    private boolean closed;

    public OwnedReader(BufferAllocator allocator, ArrowReader reader, AutoCloseable owner) {
        super(allocator);
        this.reader = reader;
        this.owner = owner;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return reader;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return reader.getVectorSchemaRoot();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        return reader.loadNextBatch();
    }

    @Override
    public long bytesRead() {
        return reader.bytesRead();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (owner;
                reader) {
            // The reader first.
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
