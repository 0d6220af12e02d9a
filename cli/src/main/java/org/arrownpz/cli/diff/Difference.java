package org.arrownpz.cli.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing in which two frames differ. Texts are as in the files, not escaped.
 *
 * @param what {@code rows}, {@code name}, {@code index}, {@code column_labels}, {@code columns}, {@code metadata},
 *     {@code type} or {@code values}
 * @param column the column it is about, or null
 * @param a what the first frame has, as text; null for values and where it has nothing
 * @param b what the second frame has
 * @param rows for values: the number of rows that differ, else -1
 * @param first for values: the first rows that differ
 */
public record Difference(
        String what,
        @Nullable String column,
        @Nullable String a,
        @Nullable String b,
        long rows,
        List<Row> first) {
    /**
     * A row that differs.
     *
     * @param row the position
     * @param a the first frame's value as JSON
     * @param b the second frame's value as JSON
     */
    public record Row(long row, String a, String b) {}

    static Difference of(String what, @Nullable String column, @Nullable String a, @Nullable String b) {
        return new Difference(what, column, a, b, -1, List.of());
    }
}
