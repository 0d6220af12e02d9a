package org.arrownpz.sql.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** A statement in DuckDB's words, and the tables that it mentions. */
public final class StatementTables implements AutoCloseable {
    private final Map<TableName, Named> tables = new LinkedHashMap<>();
    private final Map<TableName, List<Field>> fields = new LinkedHashMap<>();
    private String sql = "";
    private boolean plannable;
    private boolean scansAgain;

    /**
     * A table.
     *
     * @param location how messages call it
     */
    record Named(Location location, Table table) {}

    void put(TableName name, Location location, Table table) {
        tables.put(name, new Named(location, table));
    }

    /**
     * Settles the statement, and what columns there are.
     *
     * @param run as DuckDB runs it
     * @param isQuery whether it is one query and means the same whatever rows there are
     * @param isRecursive whether it may read a table that it names once again and again
     */
    void describe(String run, boolean isQuery, boolean isRecursive) throws NpzException {
        sql = run;
        for (Map.Entry<TableName, Named> table : tables.entrySet()) {
            fields.put(table.getKey(), table.getValue().table().fields());
        }
        scansAgain = isRecursive;
        plannable = isQuery && fields.values().stream().allMatch(DuckColumns::isDecoded);
    }

    /** Whether a database with the same columns and no rows tells about the statement. */
    boolean isPlannable() {
        return plannable;
    }

    /** Whether DuckDB takes every column, needed or not. */
    boolean isTaken() {
        return fields.values().stream()
                .allMatch(columns -> DuckColumns.unsupported(columns).isEmpty());
    }

    /** Whether tables may be scanned more often than a plan shows. */
    boolean mayScanAgain() {
        return scansAgain;
    }

    /** Takes what has the same columns in place of an EXPLAIN that runs what it explains. */
    void leaveUnrun() {
        int explained = new SqlText(sql).explained();
        sql = explained == 0 ? sql : "EXPLAIN " + sql.substring(explained);
    }

    String sql() {
        return sql;
    }

    Set<TableName> names() {
        return tables.keySet();
    }

    Named table(TableName name) {
        return Objects.requireNonNull(tables.get(name));
    }

    Map<TableName, List<Field>> fields() {
        return fields;
    }

    List<Field> fields(TableName table) {
        return fields.getOrDefault(table, List.of());
    }

    /**
     * Refuses columns that are read and that DuckDB has no types for, or cannot name.
     *
     * @throws IllegalArgumentException naming them
     */
    void requireTypes(Plan plan) {
        fields.forEach((table, columns) -> {
            List<Field> read = new ArrayList<>(columns);
            Set<String> needed = plan.columns(table);
            if (needed != null) {
                read.removeIf(field -> !needed.contains(DuckColumns.name(field)));
            }
            requireNone(DuckColumns.unsupported(read));
        });
    }

    /**
     * Refuses columns that DuckDB cannot take.
     *
     * @param names of these columns, with the reasons
     */
    public static void requireNone(List<String> names) {
        if (!names.isEmpty()) {
            throw new UnreadableException(
                    "DuckDB cannot take these columns: " + String.join(", ", names) + ". Select the others");
        }
    }

    /** Columns are needed that DuckDB cannot take; reading more of them does not help. */
    static final class UnreadableException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        tables.values().forEach(each -> each.table().close());
    }
}
