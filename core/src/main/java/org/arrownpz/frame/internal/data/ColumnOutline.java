package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.ColumnPlan;
import org.arrownpz.vector.ColumnPlanner;
import org.jspecify.annotations.Nullable;

/** Collects what headers tell of columns, in their order. */
public final class ColumnOutline {
    private final ReadOptions options;
    private final List<FrameSummary.Column> columns = new ArrayList<>();
    private final Map<DType, ColumnPlan> elementPlans = new HashMap<>();

    public ColumnOutline(ReadOptions options) {
        this.options = options;
    }

    /** An array as one column. */
    void array(NumpyArray array, String name) throws NpzException {
        ColumnPlan plan = plan(array);
        boolean scalar = array.header().shape().dimensions() == 0;
        Field field = scalar ? ColumnSource.scalar(plan.field(name)) : plan.field(name);
        add(array, field, plan, -1);
    }

    /** The selected columns (all for null) of a two-dimensional array. */
    void block(NumpyArray block, IntFunction<String> names, int @Nullable [] selected) throws NpzException {
        ColumnPlan plan = element(block);
        int count = selected == null ? (int) block.header().shape().length(1) : selected.length;
        for (int i = 0; i < count; i++) {
            int position = selected == null ? i : selected[i];
            add(block, plan.field(names.apply(position)), plan, position);
        }
    }

    /** The selected fields (all for null) of an array of records. */
    public void records(NumpyArray array, int @Nullable [] selected) throws NpzException {
        List<ColumnPlan.SplitStruct.Part> parts = ((ColumnPlan.SplitStruct) plan(array)).parts();
        int count = selected == null ? parts.size() : selected.length;
        for (int i = 0; i < count; i++) {
            int position = selected == null ? i : selected[i];
            ColumnPlan.SplitStruct.Part part = parts.get(position);
            add(array, part.plan().field(part.name()), part.plan(), position);
        }
    }

    /**
     * A column that is put together from several arrays, whose type the file states.
     *
     * @param messageField the field in message format
     */
    public void stated(Field field, Field messageField) {
        columns.add(new FrameSummary.Column(field, messageField, false, null, -1));
    }

    /** The field of a column, counted from the end: 1 for the last. */
    public Field field(int fromEnd) {
        return columns.get(columns.size() - fromEnd).field();
    }

    /** Puts the field that the file states in place of what the column's array gives. */
    public void restate(int fromEnd, Field field) {
        columns.set(columns.size() - fromEnd, new FrameSummary.Column(field, field, false, null, -1));
    }

    public List<FrameSummary.Column> columns() {
        return columns;
    }

    private void add(NumpyArray array, Field field, ColumnPlan plan, int position) {
        Shape shape = array.header().shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        String member = array.location().member();
        columns.add(new FrameSummary.Column(
                field,
                field,
                plan.dependsOnValues(rows, options.misfitPolicy()),
                member == null ? "" : member,
                position));
    }

    private ColumnPlan plan(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        return header.shape().dimensions() < 2
                ? element(array)
                : ColumnPlanner.plan(array.location(), header, options.typeMapping(), options.natPolicy());
    }

    // Columns of one type share a plan.
    private ColumnPlan element(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        ColumnPlan plan = elementPlans.get(header.dtype());
        if (plan == null) {
            plan = header.shape().dimensions() == 2
                    ? ColumnPlanner.planColumns(array.location(), header, options.typeMapping(), options.natPolicy())
                    : ColumnPlanner.plan(array.location(), header, options.typeMapping(), options.natPolicy());
            elementPlans.put(header.dtype(), plan);
        }
        return plan;
    }
}
