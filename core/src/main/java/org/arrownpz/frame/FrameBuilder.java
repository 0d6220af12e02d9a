package org.arrownpz.frame;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.VectorData;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.read.FrameReader;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * Builds a frame from NumPy arrays and vectors that are in no file: the result is what {@link Frames#open} would give
 * for a StaticFrame archive of these arrays, with the same index classes, types and blocks.
 *
 * <p>Labels are given first ({@link #index}, {@link #columns}), then the data from left to right: one array or vector
 * per index level, then blocks and vectors of columns. Without labels an axis is automatic.
 *
 * <pre>{@code
 * try (FrameBuilder builder = new FrameBuilder(allocator, rows, 3, ReadOptions.defaults())) {
 *     builder.array(block); // three columns
 *     Frame frame = builder.build();
 * }
 * }</pre>
 *
 * <p>Used by one thread. Closing releases what was added unless the frame was built, which then owns it.
 */
public final class FrameBuilder implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final int rows;
    private final int width;
    private final CopyReport.Builder report = CopyReport.builder();
    private final AllValidBitmaps ones;
    private final VectorReader reader;
    private final List<FieldVector> vectors = new ArrayList<>();
    private final List<BlockShape> layout = new ArrayList<>();
    private Label name = Label.NONE;
    private FrameAxis index;
    private FrameAxis columns;
    private @Nullable List<String> columnNames;
    private List<String> names = List.of();
    private boolean consolidated;
    private boolean built;

    /**
     * A builder of a frame without names and labels.
     *
     * @param allocator takes what must be converted
     * @param columns the number of columns
     * @param options type mapping, NaT and misfit policy, limits
     * @throws IllegalArgumentException when a count is negative or too large for a root
     */
    public FrameBuilder(BufferAllocator allocator, long rows, int columns, ReadOptions options) {
        if (rows < 0 || rows > VectorReader.MAX_ROWS || columns < 0) {
            throw new IllegalArgumentException("no root has " + rows + " rows and " + columns + " columns");
        }
        this.allocator = allocator;
        this.options = options;
        this.rows = (int) rows;
        this.width = columns;
        this.ones = new AllValidBitmaps(allocator);
        this.reader = new VectorReader(allocator, options, ones, report);
        this.index = FrameAxis.automatic(rows);
        this.columns = FrameAxis.automatic(columns);
    }

    /** Names the frame. */
    public FrameBuilder name(Label value) {
        this.name = value;
        return this;
    }

    /**
     * Gives the rows an index of that many levels, whose labels are the first data to be added.
     *
     * @param levelName the name of the index
     * @param classes the class of each level, outermost first; several make a hierarchy
     * @throws IllegalArgumentException when there are no classes, or one is a hierarchy itself or grow-only
     */
    public FrameBuilder index(Label levelName, List<IndexClass> classes) {
        requireNoData();
        FrameAxis axis = axis(levelName, classes, rows, List.of());
        if (axis.indexClass().growOnly()) {
            throw new IllegalArgumentException("the index of a frame is not grow-only");
        }
        index = axis;
        return this;
    }

    /** Makes one block of adjacent columns of one dtype, whatever arrays they come in. */
    public FrameBuilder consolidate() {
        consolidated = true;
        return this;
    }

    /** Makes automatic columns those of a FrameGO. */
    public FrameBuilder growOnlyColumns() {
        requireNoData();
        IndexClass growOnly = new IndexClass(IndexType.INDEX, true);
        columns = FrameAxis.automatic(AxisType.flat(growOnly, columns.name()), width);
        columnNames = null;
        return this;
    }

    /**
     * Labels the columns.
     *
     * @param axisName the name of the columns axis
     * @param classes the class of each level, outermost first; several make a hierarchy
     * @param levels one-dimensional arrays of as many labels as there are columns, which are copied
     * @throws NpzException FRAME_LABELS or FRAME_SHAPE when the labels are none or not unique, LIMIT when they are many
     */
    public FrameBuilder columns(Label axisName, List<IndexClass> classes, List<NumpyArray> levels) throws NpzException {
        requireNoData();
        if (classes.size() != levels.size()) {
            throw new IllegalArgumentException("expected as many arrays as classes: " + classes.size());
        }
        List<LabelArray> labels = new ArrayList<>(levels.size());
        for (int level = 0; level < levels.size(); level++) {
            FrameReader.checkLevel(levels.get(level), classes.get(level));
            FrameReader.checkLength(levels.get(level), width, "columns");
            labels.add(LabelArray.read(levels.get(level), options.limits()));
        }
        columns = axis(axisName, classes, width, labels);
        List<String> texts = ColumnNames.texts(columns);
        columnNames = ColumnNames.unique(texts);
        // Labels whose texts differ differ themselves.
        if (columnNames != texts) {
            FrameReader.refuseDoubledLabels(columns, levels);
        }
        return this;
    }

    private static FrameAxis axis(Label name, List<IndexClass> classes, long length, List<LabelArray> labels) {
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("an axis with labels has at least one level");
        }
        for (IndexClass level : classes) {
            if (level.type() == IndexType.HIERARCHY
                    || level.growOnly() != classes.get(0).growOnly()) {
                throw new IllegalArgumentException("levels are flat, and all static or all grow-only");
            }
        }
        AxisType type = AxisType.of(classes, name);
        return labels.isEmpty() ? FrameAxis.ofRows(type, length, classes.size()) : FrameAxis.ofColumns(type, labels);
    }

    /** The name that the next vector has to have. */
    public String nextName() {
        if (names.isEmpty()) {
            List<String> ofColumns = columnNames == null ? ColumnNames.ofColumns(columns) : columnNames;
            List<String> all = new ArrayList<>(ColumnNames.ofIndex(index.name(), index.storedLevels(), ofColumns));
            all.addAll(ofColumns);
            names = all;
        }
        if (vectors.size() == names.size()) {
            throw new IllegalStateException("the frame has all of its " + names.size() + " columns");
        }
        return names.get(vectors.size());
    }

    /**
     * Adds an index level (one-dimensional) or a block of columns (one- or two-dimensional). Vectors view the array's
     * memory where a frame from a file would; the array's source may be closed afterwards.
     *
     * @throws NpzException as {@link VectorReader}
     * @throws IllegalArgumentException when the array is none of as many rows, of a scalar dtype
     */
    public FrameBuilder array(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        int dimensions = header.shape().dimensions();
        boolean level = vectors.size() < index.storedLevels();
        if (dimensions < 1
                || dimensions > (level ? 1 : 2)
                || header.shape().length(0) != rows
                || !(header.dtype() instanceof ScalarDType)) {
            throw new IllegalArgumentException("expected an array of " + rows + " rows but found " + array);
        }
        if (level) {
            FrameReader.checkLevel(
                    array,
                    index.depth() == 1
                            ? index.indexClass()
                            : index.levelClasses().get(vectors.size()));
        }
        String first = nextName();
        if (dimensions == 1) {
            vectors.add(reader.read(array, first));
            if (!level) {
                layout.add(new BlockShape(1, true));
            }
            return this;
        }
        int start = vectors.size();
        long count = header.shape().length(1);
        if (count > names.size() - start) {
            throw new IllegalArgumentException("the block has more columns than are left: " + count);
        }
        vectors.addAll(reader.readColumns(array, position -> names.get(start + position), null));
        layout.add(new BlockShape((int) count, false));
        return this;
    }

    /**
     * Adds an index level or a column as a vector, of which the builder takes ownership.
     *
     * @throws IllegalArgumentException when its length or its name (see {@link #nextName()}) are not as they have to
     *     be; the vector stays the caller's
     */
    public FrameBuilder vector(FieldVector vector) {
        if (vector.getValueCount() != rows || !vector.getName().equals(nextName())) {
            throw new IllegalArgumentException("expected a vector " + nextName() + " of " + rows + " rows");
        }
        if (vectors.size() >= index.storedLevels()) {
            layout.add(new BlockShape(1, true));
        }
        vectors.add(vector);
        return this;
    }

    /**
     * The frame, which the caller closes; the builder is spent.
     *
     * @throws IllegalStateException when columns are missing
     */
    public Frame build() {
        if (built || vectors.size() != index.storedLevels() + width) {
            throw new IllegalStateException(
                    built ? "the frame was built already" : "columns are missing after " + vectors.size());
        }
        FrameData data = VectorData.owning(
                allocator, List.copyOf(vectors), new MapDictionaryProvider(), List.of(ones), report.build());
        built = true;
        return new Frame(FrameState.of(data, index, columns, rows)
                .withName(name)
                .withForm(Form.of(FrameSummary.Kind.FRAME, consolidated ? null : List.copyOf(layout))));
    }

    private void requireNoData() {
        if (!vectors.isEmpty() || !names.isEmpty()) {
            throw new IllegalStateException("labels come before data");
        }
    }

    /** Releases what was added, unless the frame was built. May be called more than once. */
    @Override
    public void close() {
        if (!built) {
            vectors.forEach(FieldVector::close);
            vectors.clear();
            ones.close();
        }
    }
}
