package org.arrownpz.sql.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that a statement needs, as DuckDB takes them. Exceptions do not pass through native code, so that the first one
 * is kept in {@link #failure()}. Closing it closes the rows.
 */
public final class DuckReader extends BatchReader {
    private final ArrowReader source;
    private final int[] positions;
    private final Location location;
    private final Schema schema;
    private VectorSchemaRoot batch;
    private @Nullable Throwable failure;

    /**
     * Takes the rows over, also when it fails.
     *
     * @param columns the columns to give, in the order of the rows, or null for all
     * @param as the type that DuckDB takes a column as, of the same buffers as {@link DuckColumns#field}
     * @throws IllegalArgumentException when a column is not there
     */
    public DuckReader(
            ArrowReader source,
            @Nullable Set<String> columns,
            BufferAllocator allocator,
            Location location,
            UnaryOperator<Field> as)
            throws IOException {
        super(allocator);
        this.source = source;
        this.location = location;
        try (Rollback undo = Rollback.of(source)) {
            List<Field> all = source.getVectorSchemaRoot().getSchema().getFields();
            this.positions = IntStream.range(0, all.size())
                    .filter(i -> columns == null || columns.contains(all.get(i).getName()))
                    .toArray();
            if (columns != null && positions.length != columns.size()) {
                throw new IllegalArgumentException("there are no columns " + columns);
            }
            this.schema = new Schema(
                    IntStream.of(positions).mapToObj(i -> as.apply(all.get(i))).toList());
            this.batch = VectorSchemaRoot.create(schema, allocator);
            undo.commit();
        }
    }

    /**
     * Refuses columns that DuckDB would read wrong.
     *
     * @throws IllegalArgumentException naming them
     */
    void requireReadable() throws IOException {
        List<Field> all = source.getVectorSchemaRoot().getSchema().getFields();
        List<Field> needed = IntStream.of(positions).mapToObj(all::get).toList();
        StatementTables.requireNone(DuckColumns.misread(needed, source));
    }

    /** The failure of a batch, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return batch;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            batch.clear();
            if (!source.loadNextBatch()) {
                return false;
            }
            convert(source.getVectorSchemaRoot());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    private void convert(VectorSchemaRoot root) throws IOException {
        List<FieldVector> vectors = new ArrayList<>();
        try (Rollback undo = Rollback.all(vectors)) {
            List<Field> fields = schema.getFields();
            for (int i = 0; i < fields.size(); i++) {
                FieldVector vector = root.getVector(positions[i]);
                TakenValues.requireOf(vector, source, location);
                vectors.add(DuckColumns.convert(vector, fields.get(i), location));
            }
            batch = new VectorSchemaRoot(schema, vectors, root.getRowCount());
            undo.commit();
        }
    }

    @Override
    protected DictionaryProvider dictionaries() {
        return source;
    }

    @Override
    public void close() {
        batch.close();
        AutoCloseables.closeNoChecked(source);
    }
}
