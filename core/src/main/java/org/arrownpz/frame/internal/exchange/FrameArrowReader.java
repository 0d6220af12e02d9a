package org.arrownpz.frame.internal.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Rows;
import org.jspecify.annotations.Nullable;

/**
 * A frame's rows in batches; each batch shares the frame's memory. For one thread at a time; loading and closing exclude
 * each other.
 */
public final class FrameArrowReader extends BorrowingReader {
    private final FrameState frame;
    private final Schema schema;
    private final DictionaryProvider provider;
    private final long @Nullable [] rows;
    private final long rowCount;
    private final int batchRows;
    private final VectorSchemaRoot batch;
    private final Meter meter;
    private long next;

    /**
     * Makes the dictionaries, but no column.
     *
     * @param rows the numbers of the rows that are wanted, or null for all
     */
    public static ArrowReader of(FrameState frame, Schema schema, long @Nullable [] rows, int batchRows)
            throws NpzException {
        return new FrameArrowReader(frame, schema, rows, batchRows);
    }

    private FrameArrowReader(FrameState frame, Schema schema, long @Nullable [] rows, int batchRows)
            throws NpzException {
        super(frame.allocator());
        if (batchRows < 1) {
            throw new IllegalArgumentException("a batch has at least one row, not " + batchRows);
        }
        this.frame = frame;
        this.schema = schema;
        this.provider = frame.dictionaries();
        this.rows = rows;
        this.rowCount = rows == null ? frame.rowCount() : rows.length;
        this.batchRows = batchRows;
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        for (Field field : schema.getFields()) {
            vectors.add(field.createVector(frame.allocator()));
        }
        this.batch = new VectorSchemaRoot(schema, vectors, 0);
        // Of how long values are, nothing is known before they are read.
        this.meter = Meter.begin(rowCount, (double) rowCount * Math.max(1, vectors.size()));
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    boolean load() throws IOException {
        if (next >= rowCount) {
            batch.clear();
            return false;
        }
        int count = (int) Math.min(batchRows, rowCount - next);
        VectorSlices.move(slices(count), batch, count);
        next += count;
        meter.set(next);
        return true;
    }

    private List<FieldVector> slices(int count) throws NpzException {
        try {
            Rows wanted = rows == null ? Rows.range(next, count) : Rows.picked(rows, (int) next, count);
            return stored(frame.rows(wanted));
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(null), "for a batch", e);
        }
    }

    private List<FieldVector> stored(List<FieldVector> rows) throws NpzException {
        List<FieldVector> made = new ArrayList<>();
        try (Rollback undo = Rollback.all(rows, made)) {
            Location location = frame.data().location();
            List<FieldVector> stored = Interchange.vectors(rows, schema, frame.allocator(), location, made::add);
            undo.commit();
            for (int i = 0; i < rows.size(); i++) {
                if (stored.get(i) != rows.get(i)) {
                    rows.get(i).close();
                }
            }
            return stored;
        }
    }

    @Override
    public Dictionary lookup(long id) {
        return provider.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return provider.getDictionaryIds();
    }
}
