package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.MisfitPolicy;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.read.VectorReader;

/** Columns with more rows than a vector holds: they are made batch by batch, on demand. */
public final class PagedData implements FrameData {
    private final List<ColumnSource> sources;
    private final List<Field> fields;
    private final List<NumpyArray> blocks;
    private final AllValidBitmaps ones;
    private final VectorReader reader;
    private final ArrayStore store;
    private final long rows;
    private final Lifetime lifetime;

    private PagedData(
            List<ColumnSource> sources,
            List<Field> fields,
            List<NumpyArray> blocks,
            AllValidBitmaps ones,
            VectorReader reader,
            ArrayStore store,
            long rows,
            Lifetime lifetime) {
        this.sources = sources;
        this.fields = fields;
        this.blocks = blocks;
        this.ones = ones;
        this.reader = reader;
        this.store = store;
        this.rows = rows;
        this.lifetime = lifetime;
    }

    public static PagedData of(
            BufferAllocator allocator,
            List<ColumnSource> sources,
            ReadOptions options,
            AllValidBitmaps ones,
            ArrayStore store,
            List<NumpyArray> blocks,
            long rows,
            CopyReport.Builder report)
            throws NpzException {
        // All batches have one schema, so that it must not depend on the values of one of them.
        ReadOptions steady = options.withMisfitPolicy(MisfitPolicy.REFUSE);
        report.note(rows + " rows are more than one root holds: read them with Frame.reader");
        VectorReader sample = new VectorReader(allocator, steady, ones, report);
        List<FieldVector> none = new ArrayList<>();
        try (Rollback undo = Rollback.of(ones)) {
            for (ColumnSource source : sources) {
                source.read(sample, ones, null, 0, 0, none);
            }
            List<Field> fields = new ArrayList<>(none.size());
            none.forEach(vector -> fields.add(vector.getField()));
            return undo.commit(new PagedData(
                    sources,
                    fields,
                    blocks,
                    ones,
                    new VectorReader(allocator, steady, ones, null),
                    store,
                    rows,
                    new Lifetime(List.of(ones, store))));
        } finally {
            none.forEach(FieldVector::close);
        }
    }

    @Override
    public List<Field> fields() {
        return fields;
    }

    @Override
    public List<String> names() {
        return fields.stream().map(Field::getName).toList();
    }

    @Override
    public List<FieldVector> vectors() {
        throw tooLong();
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator allocator) {
        throw tooLong();
    }

    private IllegalStateException tooLong() {
        return new IllegalStateException(rows + " rows are more than one root holds (" + VectorReader.MAX_ROWS
                + "). Read them in batches with Frame.reader(batchRows)");
    }

    @Override
    public List<FieldVector> rows(long from, int count) throws NpzException {
        List<FieldVector> vectors = new ArrayList<>(fields.size());
        try (Rollback undo = Rollback.all(vectors)) {
            // The reader is for one thread at a time, and shared with the frames that were shared from this one.
            synchronized (reader) {
                for (ColumnSource source : sources) {
                    source.read(reader, ones, null, from, count, vectors);
                }
            }
            return undo.commit(vectors);
        }
    }

    @Override
    public List<FieldVector> pick(long[] numbers, int from, int count, BufferAllocator allocator) throws NpzException {
        return PagedPick.pick(this, numbers, from, count, allocator);
    }

    @Override
    public Location location() {
        return store.location();
    }

    @Override
    public DictionaryProvider dictionaries() {
        return new DictionaryProvider.MapDictionaryProvider();
    }

    @Override
    public List<NumpyArray> blocks() {
        return blocks;
    }

    @Override
    public List<NumpyArray> intact() {
        return blocks;
    }

    @Override
    public FieldVector tensor(int block) throws NpzException {
        synchronized (reader) {
            return reader.tensor(blocks.get(block), "block_" + block);
        }
    }

    @Override
    public void checkUnchanged() throws NpzException {
        store.checkUnchanged();
    }

    @Override
    public Lifetime lifetime() {
        return lifetime;
    }

    @Override
    public FrameData share() {
        return new PagedData(sources, fields, blocks, ones, reader, store, rows, lifetime.share());
    }
}
