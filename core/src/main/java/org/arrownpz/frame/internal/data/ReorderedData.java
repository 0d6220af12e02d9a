package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.vector.internal.gather.Rows;

/** Some columns of other data in another order, as part of those: closing either closes both. */
final class ReorderedData extends DerivedData {
    private final int[] order;

    ReorderedData(FrameData whole, int[] order) {
        super(whole, whole.lifetime());
        this.order = order;
    }

    private <T> List<T> reordered(List<T> all) {
        List<T> some = new ArrayList<>(order.length);
        for (int column : order) {
            some.add(all.get(column));
        }
        return some;
    }

    @Override
    public List<String> names() {
        return reordered(whole.names());
    }

    @Override
    public List<Field> fields() throws NpzException {
        List<Field> fields = new ArrayList<>(order.length);
        for (int column : order) {
            fields.add(whole.field(column));
        }
        return fields;
    }

    @Override
    public Field field(int column) throws NpzException {
        return whole.field(order[column]);
    }

    @Override
    public FieldVector vector(int column) throws NpzException {
        return whole.vector(order[column]);
    }

    @Override
    public boolean hasNulls(int column) throws NpzException {
        return whole.hasNulls(order[column]);
    }

    @Override
    public List<FieldVector> vectors() throws NpzException {
        return reordered(whole.vectors());
    }

    @Override
    public List<FieldVector> rows(Rows rows, BufferAllocator allocator) throws NpzException {
        return kept(whole.rows(rows, allocator));
    }

    @Override
    public int batchRows(long rows) {
        return whole.batchRows(rows);
    }

    /** These columns of all, which were made for this; the others are closed. */
    private List<FieldVector> kept(List<FieldVector> rows) {
        List<FieldVector> some = reordered(rows);
        Set<FieldVector> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
        dropped.addAll(rows);
        some.forEach(dropped::remove);
        dropped.forEach(FieldVector::close);
        return some;
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator allocator) {
        return whole.select(Arrays.stream(columns).map(column -> order[column]).toArray(), allocator);
    }

    @Override
    public FrameData share() {
        return new ReorderedData(whole.share(), order);
    }
}
