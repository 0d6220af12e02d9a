package org.arrownpz.dataset;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** A root of the caller's as a reader of one batch, without copying. Closing it leaves the root alone. */
final class OneBatch extends ArrowReader {
    private final VectorSchemaRoot root;
    private final DictionaryProvider provider;
    private boolean read;

    OneBatch(VectorSchemaRoot root, DictionaryProvider provider, BufferAllocator allocator) {
        super(allocator);
        this.root = root;
        this.provider = provider;
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
    public Map<Long, Dictionary> getDictionaryVectors() {
        Map<Long, Dictionary> dictionaries = new TreeMap<>();
        provider.getDictionaryIds().forEach(id -> dictionaries.put(id, provider.lookup(id)));
        return dictionaries;
    }

    @Override
    public Dictionary lookup(long id) {
        return provider.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return provider.getDictionaryIds();
    }

    @Override
    protected Schema readSchema() {
        return root.getSchema();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() {
        // The root stays the caller's.
    }

    @Override
    public void close(boolean closeReadChannel) {
        close();
    }

    @Override
    protected void closeReadSource() {
        close();
    }
}
