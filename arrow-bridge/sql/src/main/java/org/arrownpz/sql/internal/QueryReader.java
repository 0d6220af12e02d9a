package org.arrownpz.sql.internal;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;

/** The result of a statement, which runs while it is read. Owns the execution. */
final class QueryReader extends BatchReader.Owned {
    private final Execution execution;
    private final BooleanSupplier cancelled;
    private boolean atFirst = true;

    QueryReader(Execution execution, BufferAllocator allocator, BooleanSupplier cancelled) {
        super(allocator, execution.rows(), execution);
        this.execution = execution;
        this.cancelled = cancelled;
    }

    /** Tells about the statement, and closes this. */
    Runner.Description description() throws NpzException {
        try (this) {
            return new Runner.Description(
                    execution.parameterTypes(), getVectorSchemaRoot().getSchema());
        } catch (IOException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        if (atFirst) {
            atFirst = false;
            return execution.hasRows();
        }
        try {
            // The driver's cancel reaches a statement at work alone, not one that waits for its reader.
            if (cancelled.getAsBoolean()) {
                throw new IOException("cancelled");
            }
            return super.loadNextBatch();
        } catch (IOException | RuntimeException e) {
            if (cancelled.getAsBoolean()) {
                throw SqlFaults.cancelled(e);
            }
            Throwable failure = execution.failure();
            throw SqlFaults.failed(Location.ofFile(null), failure == null ? e : failure);
        }
    }
}
