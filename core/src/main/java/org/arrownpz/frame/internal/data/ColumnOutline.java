package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.jspecify.annotations.Nullable;

/** Collects what headers tell of columns, in their order. */
public final class ColumnOutline {
    private static final String NOT_VIEWED = "the source cannot be viewed: read into memory";

    private final ReadOptions options;
    private final List<FrameSummary.Column> columns = new ArrayList<>();
    /** The report's words on each column: its dtype, and the reason for a copy. */
    private final List<@Nullable DType> dtypes = new ArrayList<>();

    private final List<@Nullable String> reasons = new ArrayList<>();
    private final Map<DType, ColumnPlan> elementPlans = new HashMap<>();

    public ColumnOutline(ReadOptions options) {
        this.options = options;
    }

    /** An array as one column. */
    void array(NumpyArray array, String name) throws NpzException {
        ColumnPlan plan = plan(array);
        boolean single = array.header().shape().dimensions() == 0;
        add(array, single ? scalar(plan.field(name)) : plan.field(name), plan, plan.reason(), -1);
    }

    /** The field of an array of no dimension. */
    static Field scalar(Field field) {
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        metadata.put(NumpyMetadata.DIMENSIONS, "0");
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata);
        return new Field(field.getName(), type, field.getChildren());
    }

    /** The selected columns (all for null) of a two-dimensional array. */
    void block(NumpyArray block, IntFunction<String> names, int @Nullable [] selected) throws NpzException {
        ColumnPlan plan = element(block);
        int count = selected == null ? (int) block.header().shape().length(1) : selected.length;
        for (int i = 0; i < count; i++) {
            int position = selected == null ? i : selected[i];
            add(block, plan.field(names.apply(position)), plan, plan.reason(), position);
        }
    }

    /** The selected fields (all for null) of an array of records. */
    void records(NumpyArray array, int @Nullable [] selected) throws NpzException {
        ColumnPlan.SplitStruct plan = (ColumnPlan.SplitStruct) plan(array);
        List<ColumnPlan.SplitStruct.Part> parts = plan.parts();
        int count = selected == null ? parts.size() : selected.length;
        for (int i = 0; i < count; i++) {
            int position = selected == null ? i : selected[i];
            ColumnPlan.SplitStruct.Part part = parts.get(position);
            add(array, part.plan().field(part.name()), part.plan(), plan.reason(), position);
        }
    }

    /**
     * A column that is put together from several arrays, whose type the file states.
     *
     * @param messageField the field in message format
     */
    public void stated(Field field, Field messageField) {
        columns.add(new FrameSummary.Column(field, messageField, false, null, -1));
        dtypes.add(null);
        reasons.add(null);
    }

    /** The field of a column, counted from the end: 1 for the last. */
    public Field field(int fromEnd) {
        return columns.get(columns.size() - fromEnd).field();
    }

    /** Whether the values of a column, counted from the end, may give it another type. */
    public boolean dependsOnValues(int fromEnd) {
        return columns.get(columns.size() - fromEnd).dependsOnValues();
    }

    /** Puts the field that the file states in place of what the column's array gives. */
    public void restate(int fromEnd, Field field) {
        columns.set(columns.size() - fromEnd, new FrameSummary.Column(field, field, false, null, -1));
    }

    public List<FrameSummary.Column> columns() {
        return columns;
    }

    /** Whether a column is no view. */
    boolean isConverted(int column) {
        return reasons.get(column) != null;
    }

    /** Adds a column to a report, as one that was not read yet. */
    void report(int column, CopyReport.Builder report) {
        report.unread(dtypes.get(column), columns.get(column).field(), reasons.get(column));
    }

    private static @Nullable String copied(NumpyArray array) {
        return array.data().views(array.header().dataLength()) ? array.data().copied() : NOT_VIEWED;
    }

    private void add(NumpyArray array, Field field, ColumnPlan plan, @Nullable String reason, int position) {
        Shape shape = array.header().shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        String member = array.location().member();
        columns.add(new FrameSummary.Column(
                field,
                field,
                plan.dependsOnValues(rows, options.misfitPolicy()),
                member == null ? "" : member,
                position));
        dtypes.add(plan.dtype());
        reasons.add(reason == null ? copied(array) : reason);
    }

    private ColumnPlan plan(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        return header.shape().dimensions() < 2 ? element(array) : ColumnPlanner.plan(array, options);
    }

    // Columns of one type share a plan.
    private ColumnPlan element(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        ColumnPlan plan = array.smallFloat() == null ? elementPlans.get(header.dtype()) : null;
        if (plan == null) {
            plan = header.shape().dimensions() == 2
                    ? ColumnPlanner.planColumns(array, options)
                    : ColumnPlanner.plan(array, options);
            if (array.smallFloat() == null) {
                elementPlans.put(header.dtype(), plan);
            }
        }
        return plan;
    }
}
