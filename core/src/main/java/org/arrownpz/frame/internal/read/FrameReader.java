package org.arrownpz.frame.internal.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.SourceList;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Reads StaticFrame's layout from a container: metadata, headers and labels are checked against one another before any
 * vector exists. The data of unselected columns are never read.
 */
public final class FrameReader {
    private final BufferAllocator allocator;
    private final MemberStore store;
    private final ReadOptions options;
    private final Location location;

    private FrameReader(BufferAllocator allocator, MemberStore store, ReadOptions options) {
        this.allocator = allocator;
        this.store = store;
        this.options = options;
        this.location = store.location();
    }

    /** Reads the frame; the store is closed with it, or at once on failure. */
    public static FrameState read(BufferAllocator allocator, MemberStore store, ReadOptions options, List<String> notes)
            throws NpzException {
        return opened(
                store, () -> ColumnLoader.load(allocator, store, options, notes, plan(allocator, store, options)));
    }

    /** Opens a frame whose store is closed with it, or at once on failure. */
    static FrameState opened(ArrayStore store, MemoryAccess.Reading<FrameState> opening) throws NpzException {
        try {
            return MemoryAccess.reading(store.location(), opening);
        } catch (IndexOutOfBoundsException e) {
            // What was checked is different now: the file has been rewritten meanwhile.
            try (store) {
                store.checkUnchanged();
            }
            throw e;
        } catch (NpzException | RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    /** The facts that reading settles before it makes a vector; the store stays the caller's. */
    static TablePlan plan(BufferAllocator allocator, MemberStore store, ReadOptions options) throws NpzException {
        return new FrameReader(allocator, store, options).plan();
    }

    static FrameMetadata metadata(MemberStore store, ReadOptions options) throws NpzException {
        return FrameMetadata.parse(
                store.bytes(FrameMetadata.MEMBER, options.limits().metadataBytes()),
                options.limits(),
                store.location().member(FrameMetadata.MEMBER));
    }

    private TablePlan plan() throws NpzException {
        Location metaLocation = location.member(FrameMetadata.MEMBER);
        FrameMetadata meta = metadata(store, options);
        if (!isSelection()) {
            store.prefetch(new FrameMembers(
                    meta.blocks(), meta.index().depth(), meta.columns().depth()));
        }
        List<NumpyArray> index = levels(meta.index(), true);
        ArrowExtension extension = meta.arrow() == null
                ? null
                : new ArrowExtension(meta.arrow(), store, options.limits(), metaLocation, index.size());
        List<NumpyArray> columnLevels = levels(meta.columns(), false);
        String surplus = store.surplus(new FrameMembers(meta.blocks(), index.size(), columnLevels.size()));
        if (surplus != null) {
            throw location.member(surplus)
                    .error(ErrorCode.META_EXTRA, "a frame member that the metadata do not count")
                    .expected(meta.blocks() + " blocks, " + index.size() + " index levels, " + columnLevels.size()
                            + " column levels")
                    .build();
        }
        List<LabelArray> labels = new ArrayList<>(columnLevels.size());
        boolean labelled =
                columnLevels.stream().anyMatch(level -> level.header().dataLength() > 0);
        Blocks blocks = new Blocks(meta.blocks(), labelled);
        long stated = columnLevels.isEmpty()
                ? -1
                : columnLevels.get(0).header().shape().length(0);
        if (!labelled) {
            checkEmpty(stated);
        }
        if (stated < 0 || !isSelection()) {
            blocks.openAll();
            if (stated >= 0) {
                checkLength(columnLevels.get(0), blocks.width, "columns");
            }
        }
        for (NumpyArray level : columnLevels) {
            checkLength(level, stated, "columns");
            labels.add(LabelArray.read(level, options.limits()));
        }
        long width = stated >= 0 ? stated : blocks.width;
        if (width > Integer.MAX_VALUE - 8) {
            throw location.error(ErrorCode.LIMIT, "more columns than a root holds")
                    .found(width)
                    .build();
        }
        FrameAxis visible = axis(meta.columns(), width, labels.size(), labels);
        List<String> texts = ColumnNames.texts(visible);
        List<String> names = ColumnNames.unique(texts);
        // Labels whose texts differ differ themselves.
        if (names != texts) {
            refuseDoubledLabels(visible, columnLevels);
        }
        if (extension != null) {
            visible = extension.columns(visible);
            names = extension.columnNames();
        }
        int[] selected = FrameSelection.positions(options, names);
        blocks.openThrough(
                selected == null || extension != null
                        ? Long.MAX_VALUE
                        : Arrays.stream(selected).max().orElse(-1));
        if (stated >= 0 && blocks.complete()) {
            checkLength(columnLevels.get(0), blocks.width, "columns");
        }
        long rows = rows(blocks, index, extension);
        List<ColumnSource> sources = new ArrayList<>();
        List<ColumnSource> ofColumns;
        FrameAxis indexAxis = extension == null ? null : extension.index();
        boolean hidden = indexAxis != null;
        indexAxis = indexAxis == null ? axis(meta.index(), rows, index.size(), List.of()) : indexAxis;
        if (extension == null) {
            List<String> indexNames = ColumnNames.ofIndex(indexAxis.name(), indexAxis.storedLevels(), names);
            for (int level = 0; level < index.size(); level++) {
                sources.add(new ColumnSource.OfArray(index.get(level), indexNames.get(level)));
            }
            ofColumns = ColumnSource.ofBlocks(blocks.arrays, names);
        } else {
            extension.checkDictionaries(allocator);
            ExtendedColumns extended = new ExtendedColumns(allocator, extension, options, metaLocation);
            sources.addAll(extended.index(index, extension.indexNames()));
            ofColumns = extended.columns(blocks.arrays, names);
        }
        sources.addAll(selected == null ? ofColumns : new SourceList(ofColumns).select(selected));
        boolean whole = selected == null && extension == null && blocks.complete();
        return new TablePlan(
                meta.name(),
                indexAxis,
                selected == null ? visible : visible.select(selected),
                rows,
                sources,
                blocks.complete() ? blocks.arrays : List.of(),
                Form.of(FrameSummary.Kind.FRAME, whole ? blocks.layout() : null),
                !hidden,
                extension == null ? Map.of() : extension.origin(),
                extension);
    }

    private void checkEmpty(long columns) throws NpzException {
        if (columns > options.limits().emptyColumns()) {
            throw location.error(ErrorCode.LIMIT, "the frame has too many columns that hold neither a byte nor a label")
                    .expected("at most " + options.limits().emptyColumns())
                    .found(columns)
                    .remedy("Raise ReadLimits.withEmptyColumns, or give the columns labels")
                    .build();
        }
    }

    private boolean isSelection() {
        return options.columns() != null || options.positions() != null;
    }

    // The label arrays of an axis: none for an automatic one.
    private List<NumpyArray> levels(AxisType axis, boolean rows) throws NpzException {
        int present = 0;
        String missing = null;
        for (int level = 0; level < axis.depth(); level++) {
            String member = rows ? FrameMembers.indexLevel(level) : FrameMembers.columnLevel(level);
            if (store.contains(member)) {
                present++;
            } else if (missing == null) {
                missing = member;
            }
        }
        if (present == 0 && (axis.depth() == 1 || axis.levelClasses().isEmpty())) {
            return List.of();
        }
        if (missing != null) {
            throw location.member(missing)
                    .fault(ErrorCode.META_MISSING, "a label level is missing", axis.depth() + " levels", present);
        }
        if (axis.depth() > 1 && axis.levelClasses().isEmpty()) {
            throw location.member(FrameMetadata.MEMBER)
                    .fault(ErrorCode.META_SCHEMA, "the classes of the levels of a hierarchy are missing");
        }
        List<NumpyArray> arrays = new ArrayList<>(axis.depth());
        for (int level = 0; level < axis.depth(); level++) {
            NumpyArray array = store.array(rows ? FrameMembers.indexLevel(level) : FrameMembers.columnLevel(level));
            checkLevel(
                    array,
                    axis.depth() == 1 ? axis.indexClass() : axis.levelClasses().get(level));
            arrays.add(array);
        }
        return arrays;
    }

    public static void checkLevel(NumpyArray array, IndexClass indexClass) throws NpzException {
        NpyHeader header = array.header();
        if (header.shape().dimensions() != 1) {
            throw array.location()
                    .fault(
                            ErrorCode.FRAME_SHAPE,
                            "a label level has the wrong number of dimensions",
                            1,
                            header.shape());
        }
        boolean dates = indexClass.type().unit() != null;
        boolean fits = header.dtype() instanceof ScalarDType scalar
                && (!dates || scalar.kind() == DTypeKind.DATETIME || scalar.kind() == DTypeKind.INT);
        if (!fits) {
            throw array.location()
                    .error(ErrorCode.FRAME_LABELS, "the labels do not fit their class")
                    .expected(dates ? "datetime64 labels for " + indexClass : "labels of a scalar dtype")
                    .found(header.dtype())
                    .build();
        }
    }

    public static void checkLength(NumpyArray level, long expected, String what) throws NpzException {
        long found = level.header().shape().length(0);
        if (found != expected) {
            throw level.location()
                    .fault(ErrorCode.FRAME_SHAPE, "the number of labels is not that of the " + what, expected, found);
        }
    }

    public static FrameAxis axis(AxisType axis, long length, int stored, List<LabelArray> labels) {
        return labels.isEmpty() ? FrameAxis.ofRows(axis, length, stored) : FrameAxis.ofColumns(axis, labels);
    }

    // StaticFrame's indices are unique. Equal texts may stem from different labels; bytes decide.
    public static void refuseDoubledLabels(FrameAxis columns, List<NumpyArray> levels) throws NpzException {
        int length = columns.isAuto() ? 0 : Math.toIntExact(columns.length());
        Set<String> seen = new HashSet<>(length * 2);
        for (int i = 0; i < length; i++) {
            StringBuilder key = new StringBuilder();
            for (LabelArray level : columns.labels()) {
                int size = (int) level.dtype().itemSize();
                key.append(new String(level.data(), i * size, size, StandardCharsets.ISO_8859_1));
            }
            if (!seen.add(key.toString())) {
                throw levels.get(0)
                        .location()
                        .error(ErrorCode.FRAME_LABELS, "a column label occurs twice")
                        .found(SafeText.quote(columns.text(i)))
                        .build();
            }
        }
    }

    // Blocks state the row count; without any the index does, which StaticFrame itself forgets.
    private long rows(Blocks blocks, List<NumpyArray> index, @Nullable ArrowExtension extension) throws NpzException {
        long rows = blocks.rows;
        if (rows < 0 && extension != null) {
            rows = extension.rows();
        }
        if (rows < 0) {
            rows = index.isEmpty() ? 0 : index.get(0).header().shape().length(0);
        }
        for (NumpyArray level : index) {
            checkLength(level, rows, "rows");
        }
        if (extension != null && extension.rows() != rows) {
            throw location.member(FrameMetadata.MEMBER)
                    .error(ErrorCode.FRAME_SHAPE, "the " + FrameMetadata.ARROW_KEY + " columns have another row count")
                    .expected(rows)
                    .found(extension.rows())
                    .build();
        }
        return rows;
    }

    /** The block arrays, opened in order as far as they are needed. */
    private final class Blocks {
        private final int count;
        private final List<NumpyArray> arrays;
        private final boolean labelled;
        private long empty;
        private long rows = -1;
        private long width;

        Blocks(int count, boolean labelled) {
            this.count = count;
            this.labelled = labelled;
            // The number is the file's word, which may be anything.
            this.arrays = new ArrayList<>(Math.min(count, 1 << 14));
        }

        boolean complete() {
            return arrays.size() == count;
        }

        List<BlockShape> layout() {
            List<BlockShape> layout = new ArrayList<>(count);
            for (NumpyArray block : arrays) {
                Shape shape = block.shape();
                layout.add(shape.dimensions() == 1 ? BlockShape.COLUMN : new BlockShape((int) shape.length(1), false));
            }
            return layout;
        }

        void openAll() throws NpzException {
            while (!complete()) {
                open();
            }
        }

        void openThrough(long column) throws NpzException {
            while (!complete() && width <= column) {
                open();
            }
        }

        private void open() throws NpzException {
            NumpyArray array = store.array(FrameMembers.block(arrays.size()));
            NpyHeader header = array.header();
            int dimensions = header.shape().dimensions();
            if (dimensions < 1 || dimensions > 2 || !(header.dtype() instanceof ScalarDType)) {
                throw array.location()
                        .error(ErrorCode.FRAME_SHAPE, "a block of the wrong form")
                        .expected("1 or 2 dimensions of a scalar dtype")
                        .found(header.dtype() + " " + header.shape())
                        .build();
            }
            long blockRows = header.shape().length(0);
            if (rows >= 0 && blockRows != rows) {
                throw array.location()
                        .fault(ErrorCode.FRAME_SHAPE, "blocks differ in their row count", rows, blockRows);
            }
            rows = blockRows;
            long columns = dimensions == 1 ? 1 : header.shape().length(1);
            if (columns > options.limits().members() - width) {
                throw array.location()
                        .error(ErrorCode.LIMIT, "the frame has too many columns")
                        .expected("at most " + options.limits().members())
                        .found(columns + " more than " + width)
                        .remedy("Raise ReadLimits.withMembers")
                        .build();
            }
            width += columns;
            // Each block of one dimension is a member of its own, which proves its column.
            if (!labelled && dimensions == 2 && header.dataLength() == 0) {
                empty += columns;
                checkEmpty(empty);
            }
            arrays.add(array);
        }
    }
}
