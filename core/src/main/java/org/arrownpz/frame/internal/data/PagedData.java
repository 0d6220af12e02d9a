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
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;

/** Columns with more rows than a vector holds: they are made batch by batch, on demand. */
public final class PagedData implements FrameData {
    private final List<ColumnSource> sources;
    private final List<Field> fields;
    private final List<NumpyArray> blocks;
    private final AllValidBitmaps ones;
    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final ArrayStore store;
    private final long rows;
    private final Lifetime lifetime;

    private PagedData(
            List<ColumnSource> sources,
            List<Field> fields,
            List<NumpyArray> blocks,
            AllValidBitmaps ones,
            BufferAllocator allocator,
            ReadOptions options,
            ArrayStore store,
            long rows,
            Lifetime lifetime) {
        this.sources = sources;
        this.fields = fields;
        this.blocks = blocks;
        this.ones = ones;
        this.allocator = allocator;
        this.options = options;
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
                source.read(sample, ones, null, Rows.range(0, 0), none);
            }
            List<Field> fields = new ArrayList<>(none.size());
            none.forEach(vector -> fields.add(vector.getField()));
            return undo.commit(new PagedData(
                    sources, fields, blocks, ones, allocator, steady, store, rows, new Lifetime(List.of(ones, store))));
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
    public boolean hasNulls(int column) {
        return ColumnSource.hasNulls(sources, column);
    }

    @Override
    public List<FieldVector> vectors() {
        throw tooLong();
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator target) {
        List<ColumnSource> single = new ArrayList<>();
        for (ColumnSource source : sources) {
            for (int i = 0; i < source.count(); i++) {
                single.add(source.some(new int[] {i}));
            }
        }
        List<ColumnSource> chosen = new ArrayList<>();
        List<Field> named = new ArrayList<>();
        for (int column : columns) {
            chosen.add(single.get(column));
            named.add(fields.get(column));
        }
        return new PagedData(chosen, named, List.of(), ones, target, options, store, rows, lifetime.share());
    }

    private IllegalStateException tooLong() {
        return new IllegalStateException(rows + " rows are more than one root holds (" + VectorReader.MAX_ROWS
                + "). Read them in batches with Frame.reader(batchRows)");
    }

    @Override
    public List<FieldVector> rows(Rows wanted, BufferAllocator target) throws NpzException {
        ReadOptions own = wanted.isRange() ? options : options.withIsolatedValidity();
        VectorReader reader = new VectorReader(target, own, ones, null);
        List<FieldVector> vectors = new ArrayList<>(fields.size());
        try (Rollback undo = Rollback.all(vectors)) {
            for (ColumnSource source : sources) {
                source.read(reader, ones, null, wanted, vectors);
            }
            return undo.commit(vectors);
        }
    }

    @Override
    public int batchRows(long count) {
        long[] bytes = {0};
        sources.forEach(source ->
                source.arrays(null, array -> bytes[0] += array.header().dataLength()));
        return BatchSize.of(count, bytes[0]);
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
        return new VectorReader(allocator, options, ones, null).tensor(blocks.get(block), "block_" + block);
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
        return new PagedData(sources, fields, blocks, ones, allocator, options, store, rows, lifetime.share());
    }
}
