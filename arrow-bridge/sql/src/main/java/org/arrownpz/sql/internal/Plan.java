package org.arrownpz.sql.internal;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of its tables that a statement reads.
 *
 * @param columns for each table of which not all columns are needed, the names of those that are, at least one
 * @param types for each of these tables, the names of all columns in order, with their types in DuckDB's spelling
 * @param scannedTwice tables that are read more than once
 */
record Plan(
        Map<TableName, Set<String>> columns, Map<TableName, Map<String, String>> types, Set<TableName> scannedTwice) {
    /** Everything is read, and it shows only then whether it is read twice. */
    static final Plan EVERYTHING = new Plan(Map.of(), Map.of(), Set.of());

    /** The error of a statement that uses a column which the plan leaves out: the plan is wrong then. */
    static final String LEFT_OUT = "__arrow_npz_column_left_out";

    /** The columns that are needed, or null for all. */
    @Nullable
    Set<String> columns(TableName table) {
        return columns.get(table);
    }

    boolean leavesOut() {
        return !columns.isEmpty();
    }

    /**
     * A query for the whole table over a source that may have the needed columns only: the others keep their names, places
     * and types, and fail where they are used.
     */
    String select(TableName table, String source) {
        Set<String> read = columns.get(table);
        if (read == null) {
            return "SELECT * FROM " + SqlText.quote(source);
        }
        StringBuilder sql = new StringBuilder("SELECT ");
        String separator = "";
        for (Map.Entry<String, String> column :
                types.getOrDefault(table, Map.of()).entrySet()) {
            String name = SqlText.quote(column.getKey());
            sql.append(separator);
            if (!read.contains(column.getKey())) {
                sql.append("CAST(error('" + LEFT_OUT + "') AS ")
                        .append(column.getValue())
                        .append(") AS ");
            }
            sql.append(name);
            separator = ", ";
        }
        return sql.append(" FROM ").append(SqlText.quote(source)).toString();
    }
}
