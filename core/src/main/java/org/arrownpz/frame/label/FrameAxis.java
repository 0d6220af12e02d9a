package org.arrownpz.frame.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.internal.python.PyText;

/**
 * The rows' index or the columns of a frame: class, name and levels. Immutable.
 *
 * <p>The labels of the rows are the leading columns of {@link Frame#root()}, one per level; the labels of the columns
 * are {@link #labels()}. An automatic axis (labels 0, 1, 2, …) stores none.
 */
public final class FrameAxis {
    private final IndexClass indexClass;
    private final int depth;
    private final List<IndexClass> levelClasses;
    private final Label name;
    private final long length;
    private final boolean auto;
    private final int storedLevels;
    private final List<LabelArray> labels;

    FrameAxis(
            IndexClass indexClass,
            int depth,
            List<IndexClass> levelClasses,
            Label name,
            long length,
            boolean auto,
            int storedLevels,
            List<LabelArray> labels) {
        this.indexClass = indexClass;
        this.depth = depth;
        this.levelClasses = List.copyOf(levelClasses);
        this.name = name;
        this.length = length;
        this.auto = auto;
        this.storedLevels = storedLevels;
        this.labels = List.copyOf(labels);
    }

    /** An automatic axis of class Index without a name. */
    static FrameAxis automatic(long length) {
        return new FrameAxis(IndexClass.INDEX, 1, List.of(), Label.NONE, length, true, 0, List.of());
    }

    /** Columns labelled with texts. */
    static FrameAxis ofTexts(List<String> texts) {
        LabelArray labels = LabelArray.ofTexts(texts);
        return new FrameAxis(IndexClass.INDEX, 1, List.of(), Label.NONE, texts.size(), false, 1, List.of(labels));
    }

    /** StaticFrame's class of the index. */
    public IndexClass indexClass() {
        return indexClass;
    }

    /** The number of levels that the file states; an automatic axis stores none of them. */
    public int depth() {
        return depth;
    }

    /** The classes of the levels of a hierarchy; empty otherwise. */
    public List<IndexClass> levelClasses() {
        return levelClasses;
    }

    /** The axis' name. */
    public Label name() {
        return name;
    }

    /** The number of labels. */
    public long length() {
        return length;
    }

    /** Whether the labels are 0, 1, 2, … and not stored. */
    public boolean isAuto() {
        return auto;
    }

    /** The number of levels with labels; 0 for an automatic axis. */
    public int storedLevels() {
        return storedLevels;
    }

    /** The labels of the columns by level; empty for an automatic axis, and for the rows' index. */
    public List<LabelArray> labels() {
        return labels;
    }

    /** The label at a position of a columns axis: a tuple where there are several levels. */
    public Label label(int position) {
        if (labels.isEmpty()) {
            return Label.of(position);
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

    /** Python's {@code str()} of the label at a position of a columns axis. */
    String text(int position) {
        if (labels.isEmpty()) {
            return Integer.toString(position);
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

    /** Whether the other axis has these labels of these dtypes, and this name. */
    boolean sameLabels(FrameAxis other) {
        boolean same = auto == other.auto && name.equals(other.name) && labels.size() == other.labels.size();
        for (int level = 0; same && level < labels.size(); level++) {
            LabelArray mine = labels.get(level);
            LabelArray others = other.labels.get(level);
            same = mine.dtype().equals(others.dtype()) && Arrays.equals(mine.data(), others.data());
        }
        return same;
    }

    FrameAxis withName(Label newName) {
        return new FrameAxis(indexClass, depth, levelClasses, newName, length, auto, storedLevels, labels);
    }

    /** The columns axis of a selection of columns; an automatic one gets its positions as labels. */
    FrameAxis select(int[] positions) {
        if (auto) {
            byte[] data = new byte[Math.multiplyExact(8, positions.length)];
            ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            boolean same = true;
            for (int i = 0; i < positions.length; i++) {
                buffer.putLong(positions[i]);
                same &= positions[i] == i;
            }
            if (same) {
                return new FrameAxis(indexClass, depth, levelClasses, name, positions.length, true, 0, List.of());
            }
            ScalarDType type = ScalarDType.of(DTypeKind.INT, 8);
            return new FrameAxis(
                    new IndexClass(IndexType.INDEX, indexClass.growOnly()),
                    1,
                    List.of(),
                    name,
                    positions.length,
                    false,
                    1,
                    List.of(LabelArray.of(type, data, positions.length)));
        }
        List<LabelArray> selected = new ArrayList<>(labels.size());
        labels.forEach(level -> selected.add(level.select(positions)));
        return new FrameAxis(indexClass, depth, levelClasses, name, positions.length, false, storedLevels, selected);
    }

    FrameMetadata.Axis metadata() {
        return new FrameMetadata.Axis(indexClass, depth, name, levelClasses);
    }

    @Override
    public String toString() {
        return indexClass + " of " + length + (auto ? " automatic labels" : " labels");
    }
}
