package org.arrownpz.sql.internal;

import java.util.Comparator;

/**
 * The name of a table in a statement. Names ignore case.
 *
 * @param schema the schema it is in, or empty for the one that needs no name
 */
record TableName(String schema, String name) implements Comparable<TableName> {
    private static final Comparator<TableName> ORDER = Comparator.comparing(
                    TableName::schema, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(TableName::name, String.CASE_INSENSITIVE_ORDER);

    /** A table that needs no schema. */
    static TableName of(String name) {
        return new TableName("", name);
    }

    /** The table that a file's path may mean: its folders are the schema. */
    static TableName ofPath(String path) {
        int slash = path.lastIndexOf('/');
        return new TableName(slash < 0 ? "" : path.substring(0, slash), path.substring(slash + 1));
    }

    boolean hasSchema() {
        return !schema.isEmpty();
    }

    /** As SQL writes it. */
    String sql() {
        return hasSchema() ? SqlText.quote(schema) + "." + SqlText.quote(name) : SqlText.quote(name);
    }

    /** Whether a plan of DuckDB's means this table, which it quotes where it must. */
    boolean isPlanned(String text) {
        for (String in : hasSchema() ? new String[] {schema, SqlText.quote(schema)} : new String[] {"main"}) {
            String start = "memory." + in + ".";
            if (text.equals(start + name) || text.equals(start + SqlText.quote(name))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    /** As messages call it. */
    @Override
    public String toString() {
        return hasSchema() ? schema + "." + name : name;
    }
}
