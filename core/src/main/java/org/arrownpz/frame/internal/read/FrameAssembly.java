package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.internal.data.BlockIndex;
import org.arrownpz.frame.internal.data.BlockShape;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.PagedData;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.data.VectorData;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameKind;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Puts vectors together from checked arrays: index levels, the selected columns of blocks, and Arrow buffers. */
final class FrameAssembly {
    private final BufferAllocator allocator;
    private final ArrayStore store;
    private final ReadOptions options;
    private final Location location;

    private final FrameMetadata metadata;
    private final List<NumpyArray> index;
    private final FrameAxis columns;
    private final @Nullable ArrowExtension extension;
    private final List<String> notes;
    private final List<String> names;
    private final int @Nullable [] selected;
    List<NumpyArray> blocks = List.of();
    boolean complete;
    long rows;

    /**
     * Settles names and selection.
     *
     * @param visible the labels that StaticFrame sees
     * @param visibleNames their names
     */
    FrameAssembly(
            BufferAllocator allocator,
            ArrayStore store,
            ReadOptions options,
            FrameMetadata metadata,
            List<NumpyArray> index,
            FrameAxis visible,
            List<String> visibleNames,
            @Nullable ArrowExtension extension,
            List<String> notes)
            throws NpzException {
        this.allocator = allocator;
        this.store = store;
        this.options = options;
        this.location = store.location().member(FrameMetadata.MEMBER);
        this.metadata = metadata;
        this.index = index;
        this.columns = extension == null ? visible : extension.columns(visible);
        this.extension = extension;
        this.notes = notes;
        this.names = extension == null ? visibleNames : extension.columnNames();
        this.selected = selection(options, names);
    }

    /** The positions that the options select, or null for all columns. */
    static int @Nullable [] selection(ReadOptions options, List<String> names) {
        List<String> labels = options.columns();
        if (labels != null) {
            return FrameSelection.positions(names, labels);
        }
        List<Integer> positions = options.positions();
        return positions == null ? null : FrameSelection.positions(names.size(), positions);
    }

    /** The last column of the blocks that is wanted, -1 when none is. */
    long lastBlockColumn() {
        if (selected == null || extension != null) {
            return Long.MAX_VALUE;
        }
        return Arrays.stream(selected).max().orElse(-1);
    }

    /** The axes, and where each column comes from; what reading does to columns of Arrow buffers goes to the report. */
    TablePlan plan(CopyReport.Builder report) {
        FrameAxis hidden = extension == null ? null : extension.index();
        FrameAxis indexAxis =
                hidden != null ? hidden : FrameReader.axis(metadata.index(), rows, index.size(), List.of());
        List<String> indexNames = extension == null
                ? ColumnNames.ofIndex(indexAxis.name(), indexAxis.storedLevels(), names)
                : extension.indexNames();
        List<ColumnSource> sources = extension == null
                ? sources(indexNames)
                : new ExtendedColumns(allocator, extension, options, location, report)
                        .sources(index, blocks, indexNames, names, selected);
        FrameAxis selectedColumns = selected == null ? columns : columns.select(selected);
        return new TablePlan(metadata.name(), indexAxis, selectedColumns, rows, sources);
    }

    /** Metadata of the stored Arrow schema. */
    Map<String, String> origin() {
        return extension == null ? Map.of() : extension.origin();
    }

    FrameParts assemble() throws NpzException {
        CopyReport.Builder report = CopyReport.builder(names.size() + index.size());
        notes.forEach(report::note);
        report.note("verified to level " + options.verify());
        TablePlan plan = plan(report);
        DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
        AllValidBitmaps ones = new AllValidBitmaps(allocator, store.location());
        VectorReader reader = new VectorReader(allocator, options, ones, report);
        FrameData data = rows > VectorReader.MAX_ROWS
                ? PagedData.of(allocator, plan.sources(), options, ones, store, blocks, rows, report)
                : load(plan.sources(), reader, ones, dictionaries);
        FrameParts parts = new FrameParts(allocator, plan.index(), plan.columns(), data, report.build());
        parts.kind(FrameKind.FRAME);
        parts.name(metadata.name());
        parts.rowCount(rows);
        parts.layout(selected == null && extension == null && complete ? layout() : null);
        if (extension != null) {
            parts.origin(extension.origin());
        }
        return parts;
    }

    private List<ColumnSource> sources(List<String> indexNames) {
        List<ColumnSource> sources = new ArrayList<>();
        for (int level = 0; level < index.size(); level++) {
            sources.add(ColumnSource.ofArray(index.get(level), indexNames.get(level)));
        }
        return selected == null ? all(sources) : some(sources, selected);
    }

    private List<ColumnSource> all(List<ColumnSource> sources) {
        sources.add(ColumnSource.ofBlocks(blocks, names));
        return sources;
    }

    // Runs of selected columns from one block are read together, so that a transpose is done once.
    private List<ColumnSource> some(List<ColumnSource> sources, int[] wanted) {
        BlockIndex places = new BlockIndex(blocks);
        int next = 0;
        while (next < wanted.length) {
            int block = places.block(wanted[next]);
            int end = next + 1;
            while (end < wanted.length && places.block(wanted[end]) == block) {
                end++;
            }
            sources.add(places.source(block, Arrays.copyOfRange(wanted, next, end), names));
            next = end;
        }
        return sources;
    }

    private FrameData load(
            List<ColumnSource> sources,
            VectorReader reader,
            AllValidBitmaps ones,
            DictionaryProvider.MapDictionaryProvider dictionaries)
            throws NpzException {
        List<FieldVector> vectors = new ArrayList<>(names.size() + 1);
        List<AutoCloseable> others = new ArrayList<>();
        try (Rollback undo = Rollback.of(() -> {
            vectors.forEach(FieldVector::close);
            closeAll(others);
            ones.close();
        })) {
            for (ColumnSource source : sources) {
                source.read(reader, ones, 0, (int) rows, vectors);
            }
            if (extension != null) {
                extension.loadDictionaries(allocator, ones, dictionaries, others);
            }
            ColumnLoader.validate(vectors, options, location);
            if (extension != null) {
                List<FieldVector> words = new ArrayList<>();
                for (long id : dictionaries.getDictionaryIds()) {
                    words.add(dictionaries.lookup(id).getVector());
                }
                ColumnLoader.validate(words, options, location);
                ColumnLoader.validateStored(words, dictionaries, options, location);
                ColumnLoader.validateStored(vectors, dictionaries, options, location);
            }
            MemoryAccess.deliverFaults();
            store.checkUnchanged();
            others.add(ones);
            others.add(store);
            return undo.commit(VectorData.read(
                    allocator,
                    vectors,
                    dictionaries,
                    others,
                    complete ? blocks : List.of(),
                    (block, blockName) -> ColumnLoader.tensor(allocator, options, store.location(), block, blockName)));
        }
    }

    private static void closeAll(List<AutoCloseable> closeables) throws NpzException {
        for (AutoCloseable closeable : closeables) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private List<BlockShape> layout() {
        List<BlockShape> layout = new ArrayList<>(blocks.size());
        for (NumpyArray block : blocks) {
            boolean flat = block.header().shape().dimensions() == 1;
            layout.add(
                    flat
                            ? BlockShape.COLUMN
                            : new BlockShape((int) block.header().shape().length(1), false));
        }
        return layout;
    }
}
