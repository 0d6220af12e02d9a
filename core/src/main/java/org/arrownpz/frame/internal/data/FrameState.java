package org.arrownpz.frame.internal.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.vector.internal.gather.Rows;
import org.jspecify.annotations.Nullable;

/**
 * The state of a frame: readers return it, writers take it, and only the public classes know {@code Frame}. Immutable, but
 * for columns that the data make when they are asked for. What a {@code with} method returns has the same hold on the data:
 * closing either closes both.
 *
 * @param lifetime the hold on the data
 * @param uniqueIndex whether no two rows are known to have one label: they were compared, or come from a file of unique ones
 * @param origin schema-level metadata that belong to the user; among them, the key {@code pandas} of another library. No
 *     Schema: its class makes an ObjectMapper when it is loaded
 * @param order the position in the data of each index level and column; null where they are all, as they lie there
 */
public record FrameState(
        FrameData data,
        Lifetime lifetime,
        FrameAxis index,
        FrameAxis columns,
        Label name,
        long rowCount,
        boolean uniqueIndex,
        Form form,
        Map<String, String> origin,
        int @Nullable [] order)
        implements AutoCloseable {
    /** A frame without a name over data that are closed with it. */
    public static FrameState of(FrameData data, FrameAxis index, FrameAxis columns, long rows) {
        Lifetime lifetime = new Lifetime(List.of(data));
        return new FrameState(data, lifetime, index, columns, Label.NONE, rows, false, Form.FRAME, Map.of(), null);
    }

    public FrameState withData(FrameData other, Lifetime hold, int @Nullable [] places) {
        return new FrameState(other, hold, index, columns, name, rowCount, uniqueIndex, form, origin, places);
    }

    public FrameState withIndex(FrameAxis axis, long rows, boolean unique) {
        return new FrameState(data, lifetime, axis, columns, name, rows, unique, form, origin, order);
    }

    public FrameState withColumns(FrameAxis axis) {
        return new FrameState(data, lifetime, index, axis, name, rowCount, uniqueIndex, form, origin, order);
    }

    public FrameState withName(Label label) {
        return new FrameState(data, lifetime, index, columns, label, rowCount, uniqueIndex, form, origin, order);
    }

    public FrameState withForm(Form other) {
        return new FrameState(data, lifetime, index, columns, name, rowCount, uniqueIndex, other, origin, order);
    }

    public FrameState withOrigin(Map<String, String> metadata) {
        return new FrameState(data, lifetime, index, columns, name, rowCount, uniqueIndex, form, metadata, order);
    }

    /** The same with that many rows, which may repeat; an automatic index counts them anew. */
    public FrameState withRows(long count) {
        FrameAxis axis = index.isAuto()
                ? FrameAxis.automatic(index.type(), count)
                : FrameAxis.ofRows(index.type(), count, index.storedLevels());
        return withIndex(axis, count, uniqueIndex);
    }

    /**
     * The same with a hold of its own.
     *
     * @throws IllegalStateException when this is closed
     */
    public FrameState share() {
        return withData(data, lifetime.share(), order);
    }

    public BufferAllocator allocator() {
        return data.allocator();
    }

    /** The number of leading vectors that hold index labels. */
    public int indexLevels() {
        return index.storedLevels();
    }

    /** The names of the fields, index levels first. */
    public List<String> names() {
        return ordered(data.names());
    }

    /** The field names of the columns, without the index levels. */
    public List<String> columnNames() {
        List<String> names = names();
        return names.subList(indexLevels(), names.size());
    }

    /** {@link FrameData#fields}, which no close by another thread disturbs; as the methods below. */
    public List<Field> fields() throws NpzException {
        return ordered(held(data::fields));
    }

    public Field field(int column) throws NpzException {
        return held(() -> data.field(place(column)));
    }

    public boolean hasNulls(int column) throws NpzException {
        return held(() -> data.hasNulls(place(column)));
    }

    public FieldVector vector(int column) throws NpzException {
        return held(() -> data.vector(place(column)));
    }

    public List<FieldVector> vectors() throws NpzException {
        return ordered(held(data::vectors));
    }

    public List<FieldVector> rows(Rows rows) throws NpzException {
        List<FieldVector> all = held(() -> data.rows(rows, allocator()));
        if (order != null) {
            BitSet dropped = new BitSet();
            dropped.set(0, all.size());
            Arrays.stream(order).forEach(dropped::clear);
            dropped.stream().forEach(column -> all.get(column).close());
        }
        return ordered(all);
    }

    public DictionaryProvider dictionaries() throws NpzException {
        return held(data::dictionaries);
    }

    /** The position of a column in the data. */
    int place(int column) {
        return order == null ? column : order[column];
    }

    private <T> List<T> ordered(List<T> all) {
        return order == null ? all : Arrays.stream(order).mapToObj(all::get).toList();
    }

    private <T> T held(MemoryAccess.Reading<T> reading) throws NpzException {
        try (Lifetime hold = lifetime.share()) {
            return data.guarded(reading);
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    /**
     * The form that the columns had in their file.
     *
     * @param layout the blocks that they stem from; null where writers decide
     * @param record the dtype of the record array whose fields they are
     * @param emptyType the dtype of an array of two dimensions that has no columns
     */
    public record Form(
            FrameSummary.Kind kind,
            @Nullable List<BlockShape> layout,
            @Nullable StructDType record,
            @Nullable ScalarDType emptyType) {
        /** A frame whose blocks writers decide. */
        public static final Form FRAME = of(FrameSummary.Kind.FRAME, null);

        public static Form of(FrameSummary.Kind kind, @Nullable List<BlockShape> layout) {
            return new Form(kind, layout, null, null);
        }

        /** The same without its blocks. */
        public Form withoutLayout() {
            return new Form(kind, null, record, emptyType);
        }
    }

    /**
     * The adjacent columns that one block holds.
     *
     * @param width the number of columns
     * @param flat whether the block is a 1-D array (of one column)
     */
    public record BlockShape(int width, boolean flat) {
        /** One column as a 1-D array. */
        public static final BlockShape COLUMN = new BlockShape(1, true);

        public BlockShape {
            if (width < 0 || (flat && width != 1)) {
                throw new IllegalArgumentException("no block has this shape");
            }
        }
    }
}
