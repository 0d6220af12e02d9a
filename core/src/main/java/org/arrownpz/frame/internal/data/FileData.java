package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.frame.internal.data.ColumnSource.Target;
import org.arrownpz.frame.internal.data.TablePlan.DictionaryReader;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * The columns and dictionaries of an open file, each made when it is asked for, once. The file stays open as long as the
 * data. One lock guards all; a column that fails to be made leaves the others as they are.
 */
public final class FileData implements FrameData {
    private final BufferAllocator allocator;
    private final SourceList sources;
    private final ReadOptions options;
    private final ArrayStore store;
    /** The hold on the store, which selections share. */
    private final Lifetime file;

    private final TablePlan plan;
    private final List<String> notes;
    private final AllValidBitmaps ones;
    /** The columns that were made, and their lines in the report. */
    private final @Nullable FieldVector[] made;

    private final CopyReport.@Nullable Column[] lines;
    /** Of columns whose types depend on their values. */
    private final @Nullable SettledType[] types;

    private final List<FieldVector> words = new ArrayList<>();
    private @Nullable MapDictionaryProvider dictionaries;
    private @Nullable ColumnOutline outline;
    private @Nullable List<Field> fields;
    private @Nullable List<FieldVector> all;

    /**
     * Data that take over the store. Nothing is read.
     *
     * @param notes notes for the report
     */
    public FileData(
            BufferAllocator allocator, TablePlan plan, ReadOptions options, ArrayStore store, List<String> notes) {
        this(allocator, plan, options, store, new Lifetime(List.of(store)), notes);
    }

    private FileData(
            BufferAllocator allocator,
            TablePlan plan,
            ReadOptions options,
            ArrayStore store,
            Lifetime file,
            List<String> notes) {
        this.allocator = allocator;
        this.plan = plan;
        this.sources = new SourceList(plan.sources());
        this.options = options;
        this.store = store;
        this.file = file;
        this.notes = notes;
        this.ones = new AllValidBitmaps(allocator, store.location(), options.isolatedValidity());
        this.made = new FieldVector[count()];
        this.lines = new CopyReport.Column[count()];
        this.types = new SettledType[count()];
    }

    private int count() {
        return sources.count();
    }

    /** The outline of all columns, by their headers. */
    public synchronized ColumnOutline outline() throws NpzException {
        if (outline == null) {
            ColumnOutline known = new ColumnOutline(options);
            for (ColumnSource source : plan.sources()) {
                source.outline(known, null);
            }
            outline = known;
        }
        return outline;
    }

    @Override
    public List<String> names() {
        return knownOutline().columns().stream().map(FrameSummary.Column::name).toList();
    }

    // Headers were checked when the file was opened.
    private ColumnOutline knownOutline() {
        try {
            return outline();
        } catch (NpzException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized List<Field> fields() throws NpzException {
        if (fields == null) {
            List<Field> known = new ArrayList<>(count());
            for (int column = 0; column < count(); column++) {
                known.add(field(column));
            }
            fields = known;
        }
        return fields;
    }

    @Override
    public synchronized Field field(int column) throws NpzException {
        FrameSummary.Column header = outline().columns().get(column);
        if (made[column] == null && (!header.dependsOnValues() || readsRows(column))) {
            SettledType settled = types[column];
            return settled == null ? header.field() : settled.field();
        }
        return vector(column).getField();
    }

    @Override
    public boolean hasNulls(int column) {
        return sources.at(column, ColumnSource::hasNulls);
    }

    @Override
    public synchronized FieldVector vector(int column) throws NpzException {
        FieldVector known = made[Objects.checkIndex(column, count())];
        return known == null ? make(new int[] {column}).get(0) : known;
    }

    @Override
    public synchronized List<FieldVector> vectors() throws NpzException {
        if (all == null) {
            int[] missing = IntStream.range(0, count())
                    .filter(column -> made[column] == null)
                    .toArray();
            if (missing.length > 0) {
                make(missing);
            }
            all = List.of(made);
        }
        return all;
    }

    /** Reads just these rows, but of columns that were made before, or that are checked as a whole. */
    @Override
    public synchronized List<FieldVector> rows(Rows wanted, BufferAllocator target) throws NpzException {
        if (all != null) {
            return FrameData.of(all, wanted, target, store.location());
        }
        ReadOptions own = wanted.isRange() ? options : options.withIsolatedValidity();
        VectorReader parts = new VectorReader(target, own, ones, null);
        List<FieldVector> read = new ArrayList<>(count());
        try (Rollback undo = Rollback.all(read)) {
            for (int next = 0, end; next < count(); next = end) {
                boolean alone = readsRows(next);
                VectorReader.Form form = form(next);
                for (end = next + 1; end < count() && readsRows(end) == alone && form(end) == form; ) {
                    end++;
                }
                int[] run = IntStream.range(next, end).toArray();
                if (alone) {
                    VectorReader reader = form == null ? parts : parts.as(form);
                    for (ColumnSource source : sources.select(run)) {
                        source.read(new Target(reader, ones, wanted, read), null);
                    }
                } else {
                    List<FieldVector> whole = new ArrayList<>(run.length);
                    for (int column : run) {
                        whole.add(vector(column));
                    }
                    read.addAll(FrameData.of(whole, wanted, target, store.location()));
                }
            }
            MemoryAccess.deliverFaults();
            store.checkUnchanged(List.of());
            return undo.commit(read);
        }
    }

    @Override
    public int batchRows(long count) {
        return BatchSize.of(count, converted());
    }

    /**
     * Bytes of the arrays whose columns are not made and would take memory of their own, but can be read by rows; of all
     * where they can be read no other way.
     */
    private synchronized long converted() {
        Set<NumpyArray> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int column = 0; column < count(); column++) {
            boolean converted = sources.at(column, ColumnSource::readsRows)
                    && knownOutline().isConverted(column);
            if (plan.isPaged() || made[column] == null && converted) {
                sources.select(new int[] {column}).get(0).arrays(null, arrays::add);
            }
        }
        return arrays.stream().mapToLong(array -> array.header().dataLength()).sum();
    }

    private boolean readsRows(int column) throws NpzException {
        if (plan.isPaged() || made[column] != null || !sources.at(column, ColumnSource::readsRows)) {
            return plan.isPaged();
        }
        List<FrameSummary.Column> headers = outline().columns();
        if (types[column] == null && headers.get(column).dependsOnValues()) {
            // Of what is fetched, nothing is asked for twice.
            if (store.traffic() == null) {
                int number = sources.source(column);
                int first = sources.first(number);
                ColumnSource source = sources.get(number);
                int end = first + source.count();
                VectorReader reader = new VectorReader(allocator, options, ones, null);
                @Nullable
                SettledType[] found =
                        SettledType.settle(source, headers.subList(first, end), plan.rows(), options, reader, ones);
                store.checkUnchanged(List.of());
                System.arraycopy(found, 0, types, first, found.length);
            }
            if (types[column] == null) {
                vector(column);
            }
        }
        return made[column] == null;
    }

    private VectorReader.@Nullable Form form(int column) {
        SettledType settled = types[column];
        return settled == null ? null : settled.form();
    }

    /** Makes columns that were not made yet, all or none. */
    private List<FieldVector> make(int[] columns) throws NpzException {
        if (plan.isPaged()) {
            throw new IllegalStateException(plan.rows() + " rows are more than one root holds (" + VectorReader.MAX_ROWS
                    + "). Read them in batches with Frame.reader(batchRows)");
        }
        List<ColumnSource> from = sources.select(columns);
        List<FieldVector> vectors = new ArrayList<>(columns.length);
        CopyReport.Builder report = CopyReport.builder();
        VectorReader reader = new VectorReader(allocator, options, ones, report);
        Target target = new Target(reader, ones, Rows.range(0, (int) plan.rows()), vectors);
        try (Rollback undo = Rollback.all(vectors)) {
            List<NumpyArray> arrays = new ArrayList<>();
            for (ColumnSource source : from) {
                if (!(source instanceof ColumnSource.Part)) {
                    source.arrays(
                            null, array -> array.data().expect(0, array.data().size()));
                }
            }
            for (ColumnSource source : from) {
                source.read(target, null);
                source.arrays(null, arrays::add);
            }
            MemoryAccess.deliverFaults();
            store.checkUnchanged(arrays);
            undo.commit();
        }
        List<CopyReport.Column> told = report.build().columns();
        for (int i = 0; i < columns.length; i++) {
            made[columns[i]] = vectors.get(i);
            lines[columns[i]] = told.get(i);
        }
        return vectors;
    }

    @Override
    public synchronized MapDictionaryProvider dictionaries() throws NpzException {
        if (dictionaries == null) {
            MapDictionaryProvider provider = new MapDictionaryProvider();
            DictionaryReader reader = plan.dictionaries();
            if (reader != null) {
                List<FieldVector> values = new ArrayList<>();
                try (Rollback undo = Rollback.all(values)) {
                    reader.read(allocator, ones, provider, values);
                    MemoryAccess.deliverFaults();
                    undo.commit();
                }
                words.addAll(values);
            }
            dictionaries = provider;
        }
        return dictionaries;
    }

    @Override
    public synchronized CopyReport report() {
        CopyReport.Builder report = CopyReport.builder();
        notes.forEach(report::note);
        String traffic = store.traffic();
        if (traffic != null) {
            report.note(traffic);
        }
        for (int column = 0; column < count(); column++) {
            CopyReport.Column line = lines[column];
            if (line == null) {
                knownOutline().report(column, report);
            } else {
                report.column(line);
            }
        }
        return report.build();
    }

    @Override
    public synchronized FrameData select(int[] columns, BufferAllocator unused) {
        TablePlan some = plan.withSources(sources.select(columns));
        FileData selection = new FileData(allocator, some, options, store, file.share(), notes);
        try (Rollback undo = Rollback.of(selection)) {
            for (int i = 0; i < columns.length; i++) {
                FieldVector vector = made[columns[i]];
                selection.made[i] = vector == null ? null : VectorSlices.whole(vector, allocator);
                selection.lines[i] = lines[columns[i]];
                selection.types[i] = types[columns[i]];
            }
            if (dictionaries != null) {
                selection.dictionaries = VectorData.share(dictionaries, allocator, selection.words);
            }
            return undo.commit(selection);
        }
    }

    @Override
    public List<NumpyArray> blocks() {
        return plan.blocks();
    }

    // Views of a mapped file are read-only, unless the options say otherwise; what was copied may have been written to.
    @Override
    public List<NumpyArray> intact() {
        boolean readOnly = options.mapping() == Mapping.READ_ONLY && !options.isolatedValidity();
        boolean changeable =
                report().columns().stream().anyMatch(column -> readOnly ? column.copiedBytes() > 0 : column.isRead());
        // Vectors are written as rows.
        boolean turned = options.vectors() != null
                && !plan.blocks().stream().allMatch(block -> ColumnPlanner.rowsContiguous(block.header()));
        return changeable || turned ? List.of() : plan.blocks();
    }

    /** Needs no shared validity region, for its one bitmap is not a column's. */
    @Override
    public FieldVector tensor(int block) throws NpzException {
        NumpyArray array = plan.blocks().get(block);
        try (VectorReader reader = new VectorReader(allocator, options, location())) {
            return reader.tensor(array, "block_" + block);
        }
    }

    @Override
    public Location location() {
        return store.location();
    }

    @Override
    public void checkUnchanged() throws NpzException {
        store.checkUnchanged();
    }

    @Override
    public BufferAllocator allocator() {
        return allocator;
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(Arrays.asList(made), words, List.of(ones, file)));
    }
}
