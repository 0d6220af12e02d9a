package org.arrownpz.sql.internal;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.ipc.cdata.BatchReader;

/** The result of a statement, which runs while it is read. Owns its database and its tables. */
final class QueryReader extends BatchReader {
    private final ArrowReader rows;
    private final Execution execution;
    private final StatementTables tables;
    private final BooleanSupplier cancelled;
    private final Runnable done;
    private final boolean firstPresent;
    private boolean atFirst = true;
    private boolean closed;

    QueryReader(
            Execution.First first,
            Execution execution,
            StatementTables tables,
            BufferAllocator allocator,
            BooleanSupplier cancelled,
            Runnable done) {
        super(allocator);
        this.rows = first.rows();
        this.firstPresent = first.present();
        this.execution = execution;
        this.tables = tables;
        this.cancelled = cancelled;
        this.done = done;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return rows.getVectorSchemaRoot();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        if (atFirst) {
            atFirst = false;
            return firstPresent;
        }
        try {
            return rows.loadNextBatch();
        } catch (IOException | RuntimeException e) {
            if (cancelled.getAsBoolean()) {
                CancellationException cancellation = new CancellationException("the query was cancelled");
                cancellation.initCause(e);
                throw cancellation;
            }
            Throwable failure = execution.failure();
            throw SqlFaults.failed(Location.ofFile(null), failure == null ? e : failure);
        }
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return rows;
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (tables;
                execution) {
            rows.close();
        } finally {
            done.run();
        }
    }
}
