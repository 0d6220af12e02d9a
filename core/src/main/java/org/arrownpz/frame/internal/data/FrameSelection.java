package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.meta.IndexClassRules;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Columns by name or position, and frames with other columns or another index over the same memory. */
public final class FrameSelection {
    private FrameSelection() {}

    /** Positions of the names, in their order. */
    public static int[] positions(List<String> columnNames, List<String> wanted) {
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("no column is selected");
        }
        Map<String, Integer> known = new HashMap<>(columnNames.size() * 2);
        for (int i = 0; i < columnNames.size(); i++) {
            known.put(columnNames.get(i), i);
        }
        List<String> unknown =
                wanted.stream().filter(name -> !known.containsKey(name)).collect(Collectors.toList());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there are no columns " + SafeText.escape(unknown.toString())
                    + "; there are " + SafeText.some(unknown.get(0), columnNames));
        }
        return distinct(wanted.stream().mapToInt(known::get).toArray(), columnNames);
    }

    /** Positions with negative ones counted from the end. */
    public static int[] positions(int columns, List<Integer> wanted) {
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("no column is selected");
        }
        int[] positions = new int[wanted.size()];
        for (int i = 0; i < positions.length; i++) {
            int position = wanted.get(i) < 0 ? wanted.get(i) + columns : wanted.get(i);
            if (position < 0 || position >= columns) {
                throw new IllegalArgumentException("there is no column " + wanted.get(i) + " among " + columns);
            }
            positions[i] = position;
        }
        return distinct(positions, null);
    }

    private static int[] distinct(int[] positions, @Nullable List<String> names) {
        Set<Integer> seen = new HashSet<>();
        for (int position : positions) {
            if (!seen.add(position)) {
                throw new IllegalArgumentException("the column "
                        + (names == null ? position : SafeText.quote(names.get(position))) + " is named twice");
            }
        }
        return positions;
    }

    /** The frame with these columns only; an independent frame that shares memory and makes no column. */
    public static FrameParts select(FrameParts frame, int[] positions) {
        int levels = frame.indexLevels();
        int[] vectors = new int[levels + positions.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = i < levels ? i : levels + positions[i - levels];
        }
        FrameParts parts = frame.copy();
        parts.columns(frame.columns().select(positions));
        parts.layout(null);
        FrameData selected = frame.data().select(vectors, frame.allocator());
        if (selected instanceof FileData file) {
            parts.copyReport(file::report);
        }
        return parts.data(selected);
    }

    /**
     * The rows of these numbers, in their order, as a frame of its own.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static FrameParts pick(FrameParts frame, long[] rows) throws NpzException {
        checkRows(frame, rows);
        BufferAllocator allocator = frame.allocator();
        List<FieldVector> picked = frame.data().rows(Rows.picked(rows, 0, rows.length), allocator);
        List<FieldVector> words = new ArrayList<>();
        try (Rollback undo = Rollback.all(picked, words)) {
            DictionaryProvider dictionaries = FileDictionaries.share(frame.dictionaries(), allocator, words);
            FrameParts parts = withRows(frame, rows.length).uniqueIndex(false);
            CopyReport report = frame.copyReport();
            parts.copyReport(() -> report);
            return undo.commit(parts.data(VectorData.owned(allocator, picked, dictionaries, words)));
        }
    }

    /** The facts of a frame with that many rows, over the same data. */
    public static FrameParts withRows(FrameParts frame, long count) {
        FrameAxis index = frame.index();
        return frame.copy()
                .rowCount(count)
                .index(
                        index.isAuto()
                                ? FrameAxis.automatic(index.type(), count)
                                : FrameAxis.ofRows(index.type(), count, index.storedLevels()));
    }

    /**
     * Refuses numbers that no row has.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static void checkRows(FrameParts frame, long[] rows) {
        for (long row : rows) {
            Objects.checkIndex(row, frame.rowCount());
        }
    }

    /**
     * The frame with these columns as index. Borrows the data of the given frame.
     *
     * @throws NpzException FRAME_LABELS when two rows have one label, as far as one root holds the rows
     */
    public static FrameParts withIndex(FrameParts frame, List<String> names) throws NpzException {
        int levels = frame.indexLevels();
        int[] index = positions(frame.columnNames(), names);
        int[] rest = without(frame.columnNames().size(), index);
        int[] order = new int[index.length + rest.length];
        List<IndexClass> classes = new ArrayList<>(index.length);
        List<Label> labels = new ArrayList<>(index.length);
        for (int i = 0; i < index.length; i++) {
            order[i] = levels + index[i];
            classes.add(IndexClassRules.required(frame.data().field(order[i])));
            labels.add(frame.columns().label(index[i]));
        }
        for (int i = 0; i < rest.length; i++) {
            order[index.length + i] = levels + rest[i];
        }
        if (frame.rowCount() <= VectorReader.MAX_ROWS) {
            List<FieldVector> vectors = new ArrayList<>(index.length);
            for (int i = 0; i < index.length; i++) {
                vectors.add(frame.data().vector(order[i]));
            }
            frame.data().guarded(() -> {
                UniqueLabels.require(vectors, frame.allocator(), frame.data().location());
                return vectors;
            });
        }
        FrameParts parts = frame.copy().uniqueIndex(frame.rowCount() <= VectorReader.MAX_ROWS);
        parts.index(axis(classes, labels, frame.rowCount()));
        parts.columns(frame.columns().select(rest));
        parts.layout(null);
        parts.data(new ReorderedData(frame.data(), order));
        parts.kind(FrameSummary.Kind.FRAME);
        return parts;
    }

    /** An index axis of one or several levels. */
    public static FrameAxis axis(List<IndexClass> classes, List<Label> names, long length) {
        return FrameAxis.ofRows(AxisType.of(classes, nameOf(names)), length, classes.size());
    }

    /** The name of an axis whose levels have these. */
    public static Label nameOf(List<Label> names) {
        if (names.size() == 1) {
            return names.get(0);
        }
        return names.stream().allMatch(label -> label instanceof Label.None) ? Label.NONE : new Label.Tuple(names);
    }

    private static int[] without(int count, int[] removed) {
        boolean[] gone = new boolean[count];
        for (int position : removed) {
            gone[position] = true;
        }
        int[] rest = new int[count - removed.length];
        int next = 0;
        for (int i = 0; i < count; i++) {
            if (!gone[i]) {
                rest[next++] = i;
            }
        }
        return rest;
    }
}
