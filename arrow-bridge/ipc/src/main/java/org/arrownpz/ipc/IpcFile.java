package org.arrownpz.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.internal.BatchJoin;
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
    private @Nullable Frame frame;
    private boolean handedOut;
    private boolean closed;

    IpcFile(CheckedReader reader, BufferAllocator allocator) {
        this.reader = reader;
        this.allocator = allocator;
    }

    /** File or stream. */
    public IpcFormat format() {
        return reader.ipcFormat();
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
        if (frame == null) {
            if (handedOut) {
                throw new IllegalStateException("The batches were handed out by reader()");
            }
            handedOut = true;
            frame = build();
        }
        return frame;
    }

    /**
     * The batches as they come. Dictionaries are loaded with the first batch that needs them. Closed with this file.
     *
     * @throws IllegalStateException when called twice, or after {@link #frame()}
     */
    public ArrowReader reader() {
        if (handedOut) {
            throw new IllegalStateException("The batches can be read once");
        }
        handedOut = true;
        return reader;
    }

    private VectorSchemaRoot root() throws NpzException {
        return reader.getVectorSchemaRoot();
    }

    private Frame build() throws NpzException {
        VectorSchemaRoot batch = root();
        if (!reader.loadNextBatch() || reader.atEnd()) {
            return frame(batch, reader);
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
        return frame(joined, dictionaries);
    }

    private Frame frame(VectorSchemaRoot root, DictionaryProvider dictionaries) throws NpzException {
        Location location = reader.location();
        try {
            return Frame.of(root, dictionaries);
        } catch (UncheckedIOException e) {
            throw IpcFaults.reading(location, Objects.requireNonNull(e.getCause()));
        } catch (IllegalArgumentException e) {
            // Frame.of speaks to a programmer; here the file is at fault.
            throw location.error(ErrorCode.META_SCHEMA, String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
    }

    /** Closes the frame, the vectors and the channel. May be called more than once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (frame != null) {
            frame.close();
        }
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
