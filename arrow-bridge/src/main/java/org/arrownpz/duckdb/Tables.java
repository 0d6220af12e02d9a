package org.arrownpz.duckdb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;

/** A statement in DuckDB's words, and the tables that it mentions. */
final class Tables implements AutoCloseable {
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, List<Field>> fields = new LinkedHashMap<>();
    private String statement = "";
    private String sql = "";
    private boolean plannable;
    private boolean scansAgain;

    void put(String name, Table table) {
        tables.put(name, table);
    }

    /**
     * Settles the statement, and what columns there are.
     *
     * @param written as it was given
     * @param run as DuckDB runs it
     * @param isQuery whether it is one query and means the same whatever rows there are
     * @param isRecursive whether it may read a table that it names once again and again
     */
    void describe(String written, String run, boolean isQuery, boolean isRecursive) throws NpzException {
        statement = written;
        sql = run;
        for (Map.Entry<String, Table> table : tables.entrySet()) {
            fields.put(table.getKey(), table.getValue().fields());
        }
        scansAgain = isRecursive;
        plannable = isQuery && fields.values().stream().allMatch(DuckColumns::isDecoded);
    }

    /** Whether a database with the same columns and no rows tells about the statement. */
    boolean isPlannable() {
        return plannable;
    }

    /** Whether tables may be scanned more often than a plan shows. */
    boolean mayScanAgain() {
        return scansAgain;
    }

    String statement() {
        return statement;
    }

    String sql() {
        return sql;
    }

    Set<String> names() {
        return tables.keySet();
    }

    Table table(String name) {
        return Objects.requireNonNull(tables.get(name));
    }

    Map<String, List<Field>> fields() {
        return fields;
    }

    List<Field> fields(String table) {
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
            List<String> names = DuckColumns.unsupported(read);
            if (!names.isEmpty()) {
                throw new IllegalArgumentException(
                        "DuckDB cannot take these columns: " + String.join(", ", names) + ". Select the others");
            }
        });
    }

    @Override
    public void close() {
        tables.values().forEach(Table::close);
    }
}
