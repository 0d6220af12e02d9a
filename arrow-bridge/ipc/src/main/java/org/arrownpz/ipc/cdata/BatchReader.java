package org.arrownpz.ipc.cdata;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The base of {@link ArrowReader}s that make their own batches: a subclass has the root, fills it, provides dictionaries,
 * and closes its source. Used by one thread.
 */
public abstract class BatchReader extends ArrowReader {
    private static final DictionaryProvider NONE = new DictionaryProvider.MapDictionaryProvider();

    /** A reader whose vectors, if it makes any, come from the allocator. */
    protected BatchReader(BufferAllocator allocator) {
        super(allocator);
    }

    /** The provider of dictionaries; there are none unless a subclass knows better. */
    protected DictionaryProvider dictionaries() {
        return NONE;
    }

    /**
     * Gives a reader of these columns alone, in this order, over the same open file, in place of this one. The caller must
     * ask before the first batch.
     *
     * @return null where this one stays, with all columns
     * @throws IllegalArgumentException when a column is not there
     */
    public @Nullable ArrowReader select(List<String> columns) throws NpzException {
        return null;
    }

    @Override
    public abstract VectorSchemaRoot getVectorSchemaRoot() throws IOException;

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        Map<Long, Dictionary> dictionaries = new TreeMap<>();
        getDictionaryIds().forEach(id -> dictionaries.put(id, lookup(id)));
        return dictionaries;
    }

    @Override
    public @Nullable Dictionary lookup(long id) {
        return dictionaries().lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return dictionaries().getDictionaryIds();
    }

    @Override
    protected Schema readSchema() throws IOException {
        return getVectorSchemaRoot().getSchema();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public abstract void close() throws IOException;

    @Override
    public void close(boolean closeReadChannel) throws IOException {
        close();
    }

    @Override
    protected void closeReadSource() {
        // close() closes all there is.
    }

    /** A root of the caller's as a reader of one batch, without copying. Closing it leaves the root alone. */
    public static final class One extends BatchReader {
        private final VectorSchemaRoot root;
        private final DictionaryProvider provider;
        private boolean read;

        public One(VectorSchemaRoot root, DictionaryProvider provider, BufferAllocator allocator) {
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
        protected DictionaryProvider dictionaries() {
            return provider;
        }

        @Override
        public void close() {
            // The root stays the caller's.
        }
    }

    /** A reader that closes the source of its batches after itself, once. Used by one thread. */
    public static class Owned extends BatchReader {
        private final ArrowReader reader;
        private final AutoCloseable owner;
        private boolean closed;

        public Owned(BufferAllocator allocator, ArrowReader reader, AutoCloseable owner) {
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
}
