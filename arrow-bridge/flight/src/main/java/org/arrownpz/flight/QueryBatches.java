package org.arrownpz.flight;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.flight.internal.sql.JavaColumns;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorRows;

/** A query's result, in slices of its batches. */
final class QueryBatches implements Batches {
    private static final Location LOCATION = Location.ofFile(null);

    private final ArrowReader reader;
    private final VectorSchemaRoot root;
    private final boolean java;
    private final ServerLimits limits;
    private final Function<CancellationException, RuntimeException> reason;
    private long rows;
    private long bytes;
    private final BufferAllocator allocator;
    private final Done done;
    private boolean more;
    private int next;
    private int batchRows;
    private long skipped;
    private long left;

    /** Hears of the end. */
    @FunctionalInterface
    interface Done {
        /** Has the length of what was read. */
        void done(long rows, long bytes);
    }

    /**
     * Takes the reader over, also when it fails; then nothing is called.
     *
     * @param java whether to give {@link JavaColumns}
     * @param limits of its length
     * @param reason why a query was cancelled
     * @param done called when this is closed
     * @param offset the first row
     * @param limit the number of rows at most
     */
    QueryBatches(
            ArrowReader reader,
            boolean java,
            ServerLimits limits,
            BufferAllocator allocator,
            Function<CancellationException, RuntimeException> reason,
            Done done,
            long offset,
            long limit)
            throws IOException {
        this.reader = reader;
        this.java = java;
        this.limits = limits;
        this.reason = reason;
        this.allocator = allocator;
        this.done = done;
        this.skipped = offset;
        this.left = limit;
        try (Rollback undo = Rollback.of(reader)) {
            // Dictionaries are sent with the schema, and come with the first batch.
            load();
            Schema schema = reader.getVectorSchemaRoot().getSchema();
            this.root = VectorSchemaRoot.create(java ? JavaColumns.schema(schema) : schema, allocator);
            undo.commit();
        }
    }

    private void load() throws IOException {
        try {
            int count = 0;
            do {
                skipped -= count;
                more = left > 0 && reader.loadNextBatch();
                count = more ? reader.getVectorSchemaRoot().getRowCount() : 0;
            } while (more && count <= skipped);
        } catch (CancellationException e) {
            throw reason.apply(e);
        }
        next = (int) skipped;
        skipped = 0;
        if (more) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            batchRows = VectorRows.fitting(batch.getFieldVectors(), batch.getRowCount(), limits.batchBytes());
            requireShort(batch);
        }
    }

    private void requireShort(VectorSchemaRoot batch) throws NpzException {
        rows += batch.getRowCount();
        for (FieldVector column : batch.getFieldVectors()) {
            bytes += VectorRows.bytes(column);
        }
        requireAtMost(limits.queryRows(), rows, "rows");
        requireAtMost(limits.queryBytes(), bytes, "bytes");
    }

    private static void requireAtMost(long allowed, long taken, String unit) throws NpzException {
        if (taken > allowed) {
            throw LOCATION.error(ErrorCode.LIMIT, "the result has more " + unit + " than this server allows")
                    .expected("at most " + allowed + " " + unit)
                    .found(taken + " so far")
                    .build();
        }
    }

    @Override
    public VectorSchemaRoot root() {
        return root;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return reader;
    }

    @Override
    public boolean next() throws IOException {
        if (more && next == reader.getVectorSchemaRoot().getRowCount()) {
            load();
        }
        if (!more || left == 0) {
            return false;
        }
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        int count = (int) Math.min(left, Math.min(batchRows, batch.getRowCount() - next));
        List<FieldVector> columns = VectorRows.share(batch.getFieldVectors(), allocator, next, count, LOCATION);
        if (java) {
            JavaColumns.convert(columns, root.getSchema(), reader, allocator);
        }
        VectorRows.move(columns, root, count);
        next += count;
        left -= count;
        return true;
    }

    @Override
    public void close() throws IOException {
        try (reader) {
            root.close();
            done.done(rows, bytes);
        }
    }
}
