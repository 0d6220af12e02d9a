package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.meta.IndexClassRules;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** Columns by name or position, and frames with other columns or another index over the same memory. */
public final class FrameSelection {
    private FrameSelection() {}

    /** The positions that the options select, or null for all columns. */
    public static int @Nullable [] positions(ReadOptions options, List<String> names) {
        List<String> labels = options.columns();
        if (labels != null) {
            return positions(names, labels);
        }
        List<Integer> positions = options.positions();
        return positions == null ? null : positions(names.size(), positions);
    }

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
    private static int[] positions(int columns, List<Integer> wanted) {
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
    public static FrameState select(FrameState frame, int[] positions) {
        int levels = frame.indexLevels();
        int[] vectors = new int[levels + positions.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = frame.place(i < levels ? i : levels + positions[i - levels]);
        }
        FrameData selected = frame.data().select(vectors, frame.allocator());
        return frame.withData(selected, new Lifetime(List.of(selected)), null)
                .withColumns(frame.columns().select(positions))
                .withForm(frame.form().withoutLayout());
    }

    /** Neighbouring rows as an independent frame that shares memory and reads none. */
    public static FrameState slice(FrameState frame, long from, long count) {
        SlicedData rows = new SlicedData(frame.data(), frame.share(), frame.allocator(), frame.rowCount(), from, count);
        return frame.withData(rows, new Lifetime(List.of(rows)), frame.order())
                .withRows(count)
                .withForm(frame.form().withoutLayout());
    }

    /**
     * The rows of these numbers, in their order, as a frame of its own.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static FrameState pick(FrameState frame, long[] rows) throws NpzException {
        checkRows(frame, rows);
        List<FieldVector> picked = frame.rows(Rows.picked(rows, 0, rows.length));
        List<FieldVector> words = new ArrayList<>();
        try (Rollback undo = Rollback.all(picked, words)) {
            DictionaryProvider dictionaries = VectorData.share(frame.dictionaries(), frame.allocator(), words);
            FrameState some = frame.withRows(rows.length);
            return undo.commit(owning(some.withIndex(some.index(), rows.length, false), picked, dictionaries, words));
        }
    }

    /** A deep copy: every buffer is copied once, whatever the type. */
    public static FrameState copy(FrameState frame) throws NpzException {
        return frame.data().guarded(() -> copied(frame));
    }

    private static FrameState copied(FrameState frame) throws NpzException {
        BufferAllocator allocator = frame.allocator();
        Location location = frame.data().location();
        int rows = Math.toIntExact(frame.rowCount());
        List<FieldVector> vectors = VectorSlices.copy(frame.vectors(), allocator, 0, rows, location);
        List<FieldVector> words = new ArrayList<>();
        try (Rollback undo = Rollback.all(vectors, words)) {
            MapDictionaryProvider dictionaries = new MapDictionaryProvider();
            for (Long id : frame.dictionaries().getDictionaryIds()) {
                Dictionary dictionary = frame.dictionaries().lookup(id);
                FieldVector values = dictionary.getVector();
                words.addAll(VectorSlices.copy(List.of(values), allocator, 0, values.getValueCount(), location));
                dictionaries.put(new Dictionary(words.get(words.size() - 1), dictionary.getEncoding()));
            }
            return undo.commit(owning(frame, vectors, dictionaries, words));
        }
    }

    private static FrameState owning(
            FrameState frame, List<FieldVector> vectors, DictionaryProvider dictionaries, List<FieldVector> words) {
        FrameData data = VectorData.owning(
                frame.allocator(), vectors, dictionaries, words, frame.data().report());
        return frame.withData(data, new Lifetime(List.of(data)), null);
    }

    /**
     * Refuses numbers that no row has.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static void checkRows(FrameState frame, long[] rows) {
        for (long row : rows) {
            Objects.checkIndex(row, frame.rowCount());
        }
    }

    /**
     * The frame with these columns as index. Has the hold of the given frame.
     *
     * @throws NpzException FRAME_LABELS when two rows have one label, as far as one root holds the rows
     */
    public static FrameState withIndex(FrameState frame, List<String> names) throws NpzException {
        int levels = frame.indexLevels();
        int[] index = positions(frame.columnNames(), names);
        Set<Integer> gone = Arrays.stream(index).boxed().collect(Collectors.toSet());
        int[] rest = IntStream.range(0, frame.columnNames().size())
                .filter(column -> !gone.contains(column))
                .toArray();
        int[] order = new int[index.length + rest.length];
        List<IndexClass> classes = new ArrayList<>(index.length);
        List<Label> labels = new ArrayList<>(index.length);
        for (int i = 0; i < index.length; i++) {
            order[i] = levels + index[i];
            classes.add(IndexClassRules.required(frame.field(order[i])));
            labels.add(frame.columns().label(index[i]));
        }
        for (int i = 0; i < rest.length; i++) {
            order[index.length + i] = levels + rest[i];
        }
        boolean compared = frame.rowCount() <= VectorReader.MAX_ROWS;
        if (compared) {
            List<FieldVector> vectors = new ArrayList<>(index.length);
            for (int i = 0; i < index.length; i++) {
                vectors.add(frame.vector(order[i]));
            }
            frame.data().guarded(() -> {
                UniqueLabels.require(vectors, frame.allocator(), frame.data().location());
                return vectors;
            });
        }
        int[] places = Arrays.stream(order).map(frame::place).toArray();
        return frame.withData(frame.data(), frame.lifetime(), places)
                .withIndex(axis(classes, labels, frame.rowCount()), frame.rowCount(), compared)
                .withColumns(frame.columns().select(rest))
                .withForm(Form.FRAME);
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
}
