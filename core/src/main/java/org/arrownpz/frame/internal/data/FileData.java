package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.internal.data.FrameData.BatchSize;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The columns of an open file, made when they are asked for. The file stays open as long as the data. */
public final class FileData implements FrameData {
    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final ArrayStore store;
    /** The hold on the store, which selections share. */
    private final Lifetime file;

    private final FileColumns columns;
    private final FileDictionaries dictionaries;
    private final List<NumpyArray> blocks;
    private final Lifetime lifetime;

    private FileData(
            BufferAllocator allocator,
            ReadOptions options,
            ArrayStore store,
            Lifetime file,
            FileColumns columns,
            FileDictionaries dictionaries,
            List<NumpyArray> blocks,
            @Nullable Lifetime lifetime) {
        this.allocator = allocator;
        this.options = options;
        this.store = store;
        this.file = file;
        this.columns = columns;
        this.dictionaries = dictionaries;
        this.blocks = blocks;
        this.lifetime = lifetime == null ? new Lifetime(List.of(columns, dictionaries, file)) : lifetime;
    }

    /**
     * Data that take over the store, also on failure. Nothing is read, unless the options ask for a copy at once; more rows
     * than a vector holds are read in parts only, and keep their types.
     */
    public static FileData open(
            BufferAllocator allocator,
            TablePlan plan,
            ReadOptions wished,
            ArrayStore store,
            List<NumpyArray> blocks,
            FileDictionaries.Reader dictionaries,
            List<String> given)
            throws NpzException {
        boolean paged = plan.rows() > VectorReader.MAX_ROWS;
        ReadOptions options = paged ? wished.withMisfitPolicy(MisfitPolicy.REFUSE) : wished;
        List<String> notes = new ArrayList<>(given);
        if (paged) {
            notes.add(plan.rows() + " rows are more than one root holds: read them with Frame.reader");
        }
        FileColumns columns = new FileColumns(allocator, plan.sources(), options, store, plan.rows(), notes);
        FileData data = new FileData(
                allocator,
                options,
                store,
                new Lifetime(List.of(store)),
                columns,
                new FileDictionaries(allocator, store, options.isolatedValidity(), dictionaries),
                blocks,
                null);
        try (Rollback undo = Rollback.of(data)) {
            columns.outline();
            if (!paged && (options.mapping() == Mapping.COPY || options.verify() == Verify.CONTENT)) {
                columns.vectors();
                data.dictionaries.get();
            } else {
                MemoryAccess.deliverFaults();
                store.checkUnchanged(List.of());
            }
            return undo.commit(data);
        }
    }

    /** The report as it is now, a line for each column. */
    public CopyReport report() {
        return columns.report();
    }

    @Override
    public List<String> names() {
        return columns.names();
    }

    @Override
    public List<Field> fields() throws NpzException {
        return made(columns::fields);
    }

    @Override
    public Field field(int column) throws NpzException {
        return made(() -> columns.field(column));
    }

    @Override
    public boolean hasNulls(int column) {
        return columns.hasNulls(column);
    }

    @Override
    public FieldVector vector(int column) throws NpzException {
        return made(() -> columns.vector(column));
    }

    @Override
    public List<FieldVector> vectors() throws NpzException {
        return made(columns::vectors);
    }

    @Override
    public DictionaryProvider dictionaries() throws NpzException {
        return made(dictionaries::get);
    }

    /** Makes something, which no close by another thread disturbs. */
    private <T> T made(MemoryAccess.Reading<T> making) throws NpzException {
        Lifetime held = lifetime.share();
        try {
            return guarded(making);
        } finally {
            held.close();
        }
    }

    @Override
    public List<FieldVector> rows(Rows rows, BufferAllocator target) throws NpzException {
        return made(() -> columns.rows(rows, target));
    }

    @Override
    public int batchRows(long count) {
        return BatchSize.of(count, columns.converted());
    }

    @Override
    public FrameData select(int[] positions, BufferAllocator unused) {
        Lifetime held = lifetime.share();
        List<AutoCloseable> made = new ArrayList<>();
        try (Rollback undo = Rollback.all(made)) {
            FileColumns some = columns.select(positions);
            made.add(some);
            FileDictionaries words = dictionaries.share();
            made.add(words);
            return undo.commit(new FileData(allocator, options, store, file.share(), some, words, List.of(), null));
        } finally {
            held.close();
        }
    }

    @Override
    public List<NumpyArray> blocks() {
        return blocks;
    }

    // Views of a mapped file are read-only, unless the options say otherwise; what was copied may have been written to.
    @Override
    public List<NumpyArray> intact() {
        boolean readOnly = options.mapping() == Mapping.READ_ONLY && !options.isolatedValidity();
        boolean changeable =
                report().columns().stream().anyMatch(column -> readOnly ? column.copiedBytes() > 0 : column.isRead());
        // Vectors are written as rows.
        boolean turned = options.vectors() != null
                && !blocks.stream().allMatch(block -> ColumnPlanner.rowsContiguous(block.header()));
        return changeable || turned ? List.of() : blocks;
    }

    /** Needs no shared validity region, for its one bitmap is not a column's. */
    @Override
    public FieldVector tensor(int block) throws NpzException {
        NumpyArray array = blocks.get(block);
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
    public Lifetime lifetime() {
        return lifetime;
    }

    @Override
    public FrameData share() {
        return new FileData(allocator, options, store, file, columns, dictionaries, blocks, lifetime.share());
    }

    /**
     * A file as a table, settled from its headers before a value is read.
     *
     * @param name the frame's name
     * @param index the rows' index
     * @param columns the index of the selected columns
     * @param rows the number of rows, -1 where arrays differ in it
     * @param sources where index levels and selected columns come from
     */
    public record TablePlan(Label name, FrameAxis index, FrameAxis columns, long rows, List<ColumnSource> sources) {
        /** A table without stored labels of rows. */
        public static TablePlan of(FrameAxis columns, int @Nullable [] selected, long rows, ColumnSource source) {
            return selected == null
                    ? of(columns, rows, List.of(source))
                    : of(columns.select(selected), rows, new SourceList(List.of(source)).select(selected));
        }

        /** A table without stored labels of rows. */
        public static TablePlan of(FrameAxis columns, long rows, List<ColumnSource> sources) {
            return new TablePlan(Label.NONE, FrameAxis.automatic(Math.max(rows, 0)), columns, rows, sources);
        }
    }
}
