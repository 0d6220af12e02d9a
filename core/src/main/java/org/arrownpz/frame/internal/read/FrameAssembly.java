package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FileData.TablePlan;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.data.FrameParts.BlockShape;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.SourceList;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Puts vectors together from checked arrays: index levels, the selected columns of blocks, and Arrow buffers.
 *
 * @param columns the labels of all columns, and their names
 * @param selected the positions of those that are wanted, null for all
 * @param extension the stored Arrow schema, null where there is none
 * @param blocks the blocks up to the last that is wanted
 * @param complete whether these are all
 */
record FrameAssembly(
        BufferAllocator allocator,
        ArrayStore store,
        ReadOptions options,
        FrameMetadata metadata,
        List<NumpyArray> index,
        FrameAxis columns,
        List<String> names,
        int @Nullable [] selected,
        @Nullable ArrowExtension extension,
        List<NumpyArray> blocks,
        boolean complete,
        long rows,
        List<String> notes) {
    /** The positions that the options select, or null for all columns. */
    static int @Nullable [] selection(ReadOptions options, List<String> names) {
        List<String> labels = options.columns();
        if (labels != null) {
            return FrameSelection.positions(names, labels);
        }
        List<Integer> positions = options.positions();
        return positions == null ? null : FrameSelection.positions(names.size(), positions);
    }

    /** The axes, and where each column comes from. */
    TablePlan plan() {
        FrameAxis hidden = extension == null ? null : extension.index();
        FrameAxis indexAxis =
                hidden != null ? hidden : FrameReader.axis(metadata.index(), rows, index.size(), List.of());
        List<String> indexNames = extension == null
                ? ColumnNames.ofIndex(indexAxis.name(), indexAxis.storedLevels(), names)
                : extension.indexNames();
        List<ColumnSource> sources = new ArrayList<>();
        List<ColumnSource> ofColumns;
        if (extension == null) {
            for (int level = 0; level < index.size(); level++) {
                sources.add(new ColumnSource.OfArray(index.get(level), indexNames.get(level)));
            }
            ofColumns = ColumnSource.ofBlocks(blocks, names);
        } else {
            ExtendedColumns extended = new ExtendedColumns(
                    allocator, extension, options, store.location().member(FrameMetadata.MEMBER));
            sources.addAll(extended.index(index, indexNames));
            ofColumns = extended.columns(blocks, names);
        }
        sources.addAll(selected == null ? ofColumns : new SourceList(ofColumns).select(selected));
        FrameAxis selectedColumns = selected == null ? columns : columns.select(selected);
        return new TablePlan(metadata.name(), indexAxis, selectedColumns, rows, sources);
    }

    /** Metadata of the stored Arrow schema. */
    Map<String, String> origin() {
        return extension == null ? Map.of() : extension.origin();
    }

    FrameParts assemble() throws NpzException {
        if (extension != null) {
            extension.checkDictionaries(allocator);
        }
        FrameParts parts = ColumnLoader.load(
                allocator,
                store,
                options,
                notes,
                plan(),
                complete ? blocks : List.of(),
                extension == null
                        ? null
                        : (ones, dictionaries, owned) ->
                                extension.loadDictionaries(allocator, ones, dictionaries, owned));
        parts.kind(FrameSummary.Kind.FRAME);
        parts.uniqueIndex(extension == null || extension.index() == null);
        parts.layout(selected == null && extension == null && complete ? layout() : null);
        if (extension != null) {
            parts.origin(extension.origin());
        }
        return parts;
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
