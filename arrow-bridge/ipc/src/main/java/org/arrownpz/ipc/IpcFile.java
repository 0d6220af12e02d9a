package org.arrownpz.ipc;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.internal.BatchJoin;
import org.arrownpz.ipc.internal.HandOut;
import org.arrownpz.ipc.internal.IpcFaults;
import org.jspecify.annotations.Nullable;

/**
 * An opened IPC file or stream: either one {@link #frame()}, or a {@link #reader()} of batches. Owns the channel and
 * all that was read; frame and reader end with it. Used by one thread.
 */
public final class IpcFile implements AutoCloseable {
    private final CheckedReader reader;
    private final BufferAllocator allocator;
    private @Nullable BatchJoin join;
    private @Nullable VectorSchemaRoot joined;
    private final HandOut handOut = new HandOut();
    private boolean closed;

    IpcFile(CheckedReader reader, BufferAllocator allocator) {
        this.reader = reader;
        this.allocator = allocator;
    }

    /** File or stream. */
    public IpcOptions.Format format() {
        return reader.format();
    }

    /** The schema; dictionary-encoded fields have the type of their indices. */
    public Schema schema() throws NpzException {
        return root().getSchema();
    }

    /**
     * All batches as one frame, with the labels that its metadata hold (this library's own, else pandas'). One batch is
     * not copied, several are joined, and dictionaries that change between them become one. The same frame on every
     * call, closed with this file.
     *
     * @throws NpzException when the data are damaged, or too long for one root (then {@link #reader()} serves)
     * @throws IllegalStateException after {@link #reader()}
     */
    public Frame frame() throws NpzException {
        return handOut.frame(this::build);
    }

    /**
     * The batches as they come. Dictionaries are loaded with the first batch that needs them. Closed with this file.
     *
     * @throws IllegalStateException when called twice, or after {@link #frame()}
     */
    public ArrowReader reader() {
        return handOut.reader(reader);
    }

    private VectorSchemaRoot root() throws NpzException {
        return reader.getVectorSchemaRoot();
    }

    private Frame build() throws NpzException {
        VectorSchemaRoot batch = root();
        if (!reader.loadNextBatch() || reader.atEnd()) {
            return HandOut.labelled(batch, reader, reader.location(), IpcFaults::reading);
        }
        DictionaryProvider dictionaries;
        try {
            join = new BatchJoin(batch.getSchema(), allocator, reader.location());
            do {
                join.add(batch, reader);
            } while (reader.loadNextBatch());
            dictionaries = join.dictionaries();
            joined = join.root(allocator);
        } catch (RuntimeException e) {
            throw IpcFaults.reading(reader.location(), e);
        }
        return HandOut.labelled(joined, dictionaries, reader.location(), IpcFaults::reading);
    }

    /** Closes the frame, the vectors and the channel. May be called more than once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        handOut.close();
        if (joined != null) {
            joined.close();
        }
        if (join != null) {
            join.close();
        }
        try {
            reader.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
