package org.arrownpz.parquet.internal.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.ipc.cdata.Alignment;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.ipc.cdata.CNames;
import org.arrownpz.parquet.internal.type.ToStorage;
import org.jspecify.annotations.Nullable;

/**
 * The batches of another reader as the native writer takes them. A table without rows gives one row of nulls, since the
 * native writer makes no file of nothing; {@link #isEmpty()} tells, and the footer is put right afterwards.
 *
 * <p>Exceptions do not pass through native code, so that the first one is kept in {@link #failure()}.
 */
public final class StorageReader extends BatchReader {
    private final ArrowReader source;
    private final ToStorage converter;
    private final Location location;
    private final Schema schema;
    private VectorSchemaRoot batch;
    /** By column: whether a fixed-size list is missing in it. */
    private final boolean[] gaps;

    private long rows;
    private boolean ended;
    private @Nullable Throwable failure;

    public StorageReader(ArrowReader source, CNames names, BufferAllocator allocator, Location location)
            throws IOException {
        super(allocator);
        this.source = source;
        this.converter = new ToStorage(source, names, location);
        this.location = location;
        List<Field> fields = new ArrayList<>();
        for (Field field : source.getVectorSchemaRoot().getSchema().getFields()) {
            try (FieldVector empty = field.createVector(allocator);
                    FieldVector stored = converter.convert(empty)) {
                fields.add(stored.getField());
            }
        }
        this.schema = new Schema(fields);
        this.gaps = new boolean[fields.size()];
        this.batch = empty(0);
    }

    /** Whether there were no rows. */
    public boolean isEmpty() {
        return rows == 0;
    }

    /** Whether a fixed-size list was null, or below a null, in a column: some readers cannot take it for one then. */
    public boolean[] gaps() {
        return gaps;
    }

    /** What a batch failed with, or null. */
    @Nullable
    public Throwable failure() {
        return failure;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            return next();
        } catch (IOException | RuntimeException | Error e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    private boolean next() throws IOException {
        while (!ended && source.loadNextBatch()) {
            VectorSchemaRoot root = source.getVectorSchemaRoot();
            if (root.getRowCount() > 0) {
                replace(converted(root));
                rows += root.getRowCount();
                return true;
            }
        }
        boolean placeholder = !ended && rows == 0;
        ended = true;
        replace(empty(placeholder ? 1 : 0));
        return placeholder;
    }

    private VectorSchemaRoot converted(VectorSchemaRoot root) throws NpzException {
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        converter.begin();
        try (Rollback undo = Rollback.all(vectors)) {
            for (FieldVector column : root.getFieldVectors()) {
                try (FieldVector stored = converter.convert(column)) {
                    gaps[vectors.size()] |= converter.hadGap();
                    vectors.add(Alignment.realign(stored, location));
                }
            }
            return undo.commit(new VectorSchemaRoot(schema, vectors, root.getRowCount()));
        }
    }

    private VectorSchemaRoot empty(int count) {
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        for (Field field : schema.getFields()) {
            FieldVector vector = field.createVector(allocator);
            vectors.add(vector);
            if (count > 0) {
                vector.allocateNew();
                vector.setValueCount(count);
            }
        }
        return new VectorSchemaRoot(schema, vectors, count);
    }

    private void replace(VectorSchemaRoot next) {
        batch.close();
        batch = next;
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return converter.dictionaries();
    }

    @Override
    public void close() {
        // The source stays the caller's.
        batch.close();
        converter.close();
    }
}
