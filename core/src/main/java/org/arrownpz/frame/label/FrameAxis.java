package org.arrownpz.frame.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.internal.python.PyText;

/**
 * The rows' index or the columns of a frame: class, name and levels. Immutable.
 *
 * <p>The labels of the rows are the leading columns of {@code Frame.root()}, one per level; the labels of the columns
 * are {@link #labels()}. An automatic axis (labels 0, 1, 2, …) stores none.
 */
public final class FrameAxis {
    private final AxisType type;
    private final long length;
    private final int storedLevels;
    private final List<LabelArray> labels;

    private FrameAxis(AxisType type, long length, int storedLevels, List<LabelArray> labels) {
        this.type = type;
        this.length = length;
        this.storedLevels = storedLevels;
        this.labels = List.copyOf(labels);
    }

    /** An automatic axis: its labels are 0, 1, 2, … */
    public static FrameAxis automatic(AxisType type, long length) {
        return new FrameAxis(type, length, 0, List.of());
    }

    /** An automatic axis of class Index without a name. */
    public static FrameAxis automatic(long length) {
        return automatic(AxisType.flat(IndexClass.INDEX, Label.NONE), length);
    }

    /** An index of rows, whose labels are that many leading columns of the frame. */
    public static FrameAxis ofRows(AxisType type, long length, int levels) {
        return new FrameAxis(type, length, levels, List.of());
    }

    /** Columns with labels in at least one level. */
    public static FrameAxis ofColumns(AxisType type, List<LabelArray> levels) {
        return new FrameAxis(type, levels.get(0).length(), levels.size(), levels);
    }

    /** Columns labelled with texts. */
    public static FrameAxis ofTexts(List<String> texts) {
        return ofColumns(AxisType.flat(IndexClass.INDEX, Label.NONE), List.of(LabelArray.ofTexts(texts)));
    }

    /** Class, depth, name and levels' classes. */
    public AxisType type() {
        return type;
    }

    /** StaticFrame's class of the index. */
    public IndexClass indexClass() {
        return type.indexClass();
    }

    /** The number of levels that the file states; an automatic axis stores none of them. */
    public int depth() {
        return type.depth();
    }

    /** The classes of the levels of a hierarchy; empty otherwise. */
    public List<IndexClass> levelClasses() {
        return type.levelClasses();
    }

    /** The axis' name. */
    public Label name() {
        return type.name();
    }

    /** The number of labels. */
    public long length() {
        return length;
    }

    /** Whether the labels are 0, 1, 2, … and not stored. */
    public boolean isAuto() {
        return storedLevels == 0;
    }

    /** The number of levels with labels; 0 for an automatic axis. */
    public int storedLevels() {
        return storedLevels;
    }

    /** The labels of the columns by level; empty for an automatic axis, and for the rows' index. */
    public List<LabelArray> labels() {
        return labels;
    }

    /** Refuses rows, whose labels are in the frame and not here. */
    private boolean counts() {
        if (labels.isEmpty() && storedLevels > 0) {
            throw new UnsupportedOperationException(
                    "The labels of rows are the first " + storedLevels + " columns of Frame.root()");
        }
        return labels.isEmpty();
    }

    /**
     * The label at a position: a tuple where there are several levels.
     *
     * @throws UnsupportedOperationException when these are rows with labels, which are columns of the frame
     */
    public Label label(int position) {
        if (counts()) {
            return Label.of(Objects.checkIndex(position, length));
        }
        if (labels.size() == 1) {
            return labels.get(0).value(position);
        }
        List<Label> items = new ArrayList<>(labels.size());
        for (LabelArray level : labels) {
            items.add(level.value(position));
        }
        return new Label.Tuple(items);
    }

    /** Python's {@code str()} of the {@link #label} at a position. */
    public String text(int position) {
        if (counts()) {
            return Long.toString(Objects.checkIndex(position, length));
        }
        if (labels.size() == 1) {
            return labels.get(0).text(position);
        }
        StringBuilder text = new StringBuilder("(");
        for (int level = 0; level < labels.size(); level++) {
            LabelArray array = labels.get(level);
            text.append(level == 0 ? "" : ", ");
            text.append(
                    array.dtype().kind() == DTypeKind.UNICODE
                            ? PyText.repr(array.text(position))
                            : array.repr(position));
        }
        return text.append(')').toString();
    }

    /**
     * Whether the other axis has these labels of these dtypes, and this name.
     *
     * @throws UnsupportedOperationException when one is of rows with labels, which are columns of the frame
     */
    public boolean sameLabels(FrameAxis other) {
        boolean same = counts() == other.counts()
                && length == other.length
                && name().equals(other.name())
                && labels.size() == other.labels.size();
        for (int level = 0; same && level < labels.size(); level++) {
            LabelArray mine = labels.get(level);
            LabelArray others = other.labels.get(level);
            same = mine.dtype().equals(others.dtype()) && Arrays.equals(mine.data(), others.data());
        }
        return same;
    }

    /** This axis under another name. */
    public FrameAxis withName(Label newName) {
        return new FrameAxis(type.withName(newName), length, storedLevels, labels);
    }

    /**
     * The axis of a selection of columns; an automatic one gets its positions as labels.
     *
     * @throws UnsupportedOperationException when these are rows with labels, which are columns of the frame
     */
    public FrameAxis select(int[] positions) {
        if (counts()) {
            byte[] data = new byte[Math.multiplyExact(8, positions.length)];
            ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            boolean same = true;
            for (int i = 0; i < positions.length; i++) {
                buffer.putLong(positions[i]);
                same &= positions[i] == i;
            }
            if (same) {
                return automatic(type, positions.length);
            }
            ScalarDType dtype = ScalarDType.of(DTypeKind.INT, 8);
            return ofColumns(
                    AxisType.flat(new IndexClass(IndexType.INDEX, indexClass().growOnly()), name()),
                    List.of(LabelArray.of(dtype, data, positions.length)));
        }
        List<LabelArray> selected = new ArrayList<>(labels.size());
        labels.forEach(level -> selected.add(level.select(positions)));
        return ofColumns(type, selected);
    }

    @Override
    public String toString() {
        return indexClass() + " of " + length + (isAuto() ? " automatic labels" : " labels");
    }

    /**
     * The facts of StaticFrame on an axis beside its labels. Immutable.
     *
     * @param depth the number of levels that the file states
     * @param levelClasses the classes of the levels of a hierarchy, outermost first; empty otherwise
     */
    public record AxisType(IndexClass indexClass, int depth, Label name, List<IndexClass> levelClasses) {
        public AxisType {
            levelClasses = List.copyOf(levelClasses);
        }

        /** An axis of one level. */
        public static AxisType flat(IndexClass indexClass, Label name) {
            return new AxisType(indexClass, 1, name, List.of());
        }

        /** An axis with a level of each class: a hierarchy where there are several. */
        public static AxisType of(List<IndexClass> classes, Label name) {
            return classes.size() == 1
                    ? flat(classes.get(0), name)
                    : new AxisType(
                            new IndexClass(IndexType.HIERARCHY, classes.get(0).growOnly()),
                            classes.size(),
                            name,
                            classes);
        }

        AxisType withName(Label newName) {
            return new AxisType(indexClass, depth, newName, levelClasses);
        }
    }
}
