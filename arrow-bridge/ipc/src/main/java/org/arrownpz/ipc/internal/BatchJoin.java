package org.arrownpz.ipc.internal;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.DictionaryJoin;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.support.column.VectorRows;

/**
 * The batches of a reader as whole columns. They are kept as they come, and then copied column by column, each batch's
 * part being given back with its column. One batch alone is not copied.
 */
public final class BatchJoin implements AutoCloseable {
    private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

    private final Schema schema;
    private final BufferAllocator keeper;
    private final Location location;
    private final List<List<FieldVector>> parts = new ArrayList<>();
    private final DictionaryJoin dictionaries;
    private long rows;

    /** @param keeper of the batches' memory, of the same root as the allocator that gave it */
    public BatchJoin(Schema schema, BufferAllocator keeper, Location location) {
        this.schema = schema;
        this.keeper = keeper;
        this.location = location;
        this.dictionaries = new DictionaryJoin(keeper, location);
        schema.getFields().forEach(field -> parts.add(new ArrayList<>()));
    }

    /**
     * Keeps what a reader has loaded. The batch stays the reader's.
     *
     * @throws NpzException LIMIT when there are more rows than a vector holds
     */
    public void add(VectorSchemaRoot batch, DictionaryProvider provider) throws NpzException {
        rows += batch.getRowCount();
        if (rows > MOST_ROWS) {
            throw location.error(ErrorCode.LIMIT, "the batches have more rows than one Arrow Java vector can hold")
                    .remedy("Read them batch by batch")
                    .build();
        }
        dictionaries.add(provider);
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).add(VectorRows.whole(batch.getVector(i), keeper));
        }
    }

    public int rows() {
        return (int) rows;
    }

    /**
     * A whole column, which the caller closes. To be asked for once, and after {@link #dictionaries}.
     *
     * @param allocator of the result; the keeper, where there is one batch
     * @throws NpzException as {@link VectorJoin#join}
     */
    public FieldVector column(int position, BufferAllocator allocator) throws NpzException {
        List<FieldVector> own = parts.get(position);
        if (own.size() == 1 && allocator == keeper) {
            return own.remove(0);
        }
        Field field = schema.getFields().get(position);
        VectorJoin join = new VectorJoin(field);
        own.forEach(join::add);
        FieldVector column = join.join(allocator, location, dictionaries);
        own.forEach(FieldVector::close);
        own.clear();
        return column;
    }

    /**
     * One dictionary for all batches under each id. Owned by this object.
     *
     * @throws NpzException as {@link DictionaryJoin#join}
     */
    public DictionaryProvider dictionaries() throws NpzException {
        return dictionaries.join();
    }

    /** All columns, which the caller closes. To be asked for once, and after {@link #dictionaries}. */
    public VectorSchemaRoot root(BufferAllocator allocator) throws NpzException {
        List<FieldVector> columns = new ArrayList<>();
        try (Rollback undo = Rollback.all(columns)) {
            for (int i = 0; i < parts.size(); i++) {
                columns.add(column(i, allocator));
            }
            return undo.commit(new VectorSchemaRoot(schema, columns, rows()));
        }
    }

    @Override
    public void close() {
        parts.forEach(vectors -> vectors.forEach(FieldVector::close));
        parts.clear();
        dictionaries.close();
    }
}
