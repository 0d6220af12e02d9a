package org.arrownpz.frame.internal.data;

import java.util.List;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.Label;
import org.jspecify.annotations.Nullable;

/**
 * A file as a table, settled from its headers before a value is read.
 *
 * @param name the frame's name
 * @param index the rows' index
 * @param columns the index of the selected columns
 * @param rows the number of rows, -1 where arrays differ in it
 * @param sources where index levels and selected columns come from
 */
public record TablePlan(Label name, FrameAxis index, FrameAxis columns, long rows, List<ColumnSource> sources) {
    /** A table without stored labels of rows. */
    public static TablePlan of(FrameAxis columns, int @Nullable [] selected, long rows, ColumnSource source) {
        return selected == null
                ? of(columns, rows, List.of(source))
                : of(columns.select(selected), rows, new SourceList(List.of(source)).select(selected));
    }

    /** A table without stored labels of rows. */
    public static TablePlan of(FrameAxis columns, long rows, List<ColumnSource> sources) {
        return new TablePlan(Label.NONE, FrameAxis.automatic(Math.max(rows, 0)), columns, rows, sources);
    }
}
