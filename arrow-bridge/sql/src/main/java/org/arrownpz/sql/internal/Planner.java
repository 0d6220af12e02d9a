package org.arrownpz.sql.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * Asks DuckDB what a statement does, in a database with the same tables without rows. What it answers may be less than
 * the truth: {@link Plan#EVERYTHING} where it cannot tell.
 */
final class Planner {
    private static final String SCAN = "SEQ_SCAN";
    private static final Field PLACEHOLDER = Field.nullable("", new ArrowType.Int(32, true));
    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final BufferAllocator allocator;
    private final Map<TableName, List<Field>> tables = new LinkedHashMap<>();

    Planner(Database database, BufferAllocator allocator) {
        this.database = database;
        this.allocator = allocator;
    }

    /** Adds tables without rows. */
    void add(Map<TableName, List<Field>> columns) throws SQLException, NpzException {
        database.showColumns();
        try (Sources sources = new Sources(allocator)) {
            tables.putAll(columns);
            for (Map.Entry<TableName, List<Field>> table : columns.entrySet()) {
                sources.addEmpty(
                        table.getKey(),
                        table.getValue().stream().map(Planner::known).toList());
            }
            sources.createTables(database);
        }
    }

    /** The field, or another in its place where DuckDB has no such type: columns that are not used do not matter. */
    private static Field known(Field field) {
        return DuckColumns.unsupported(List.of(field)).isEmpty()
                ? field
                : new Field(DuckColumns.name(field), PLACEHOLDER.getFieldType(), List.of());
    }

    /** Adds the tables, makes a plan and removes them; {@link Plan#EVERYTHING} also where DuckDB does not take them. */
    Plan plan(StatementTables statement, List<?> parameters) throws SQLException, NpzException {
        Plan plan = Plan.EVERYTHING;
        try {
            add(statement.fields());
            plan = plan(statement.sql(), parameters);
        } catch (SQLException e) {
            // They are seen to be wrong again where the statement runs.
        }
        for (TableName table : statement.names()) {
            database.execute("DROP TABLE IF EXISTS " + table.sql());
        }
        return plan;
    }

    /** @param parameters their values, or null for nulls */
    Plan plan(String sql, @Nullable List<?> parameters) {
        try {
            List<List<String>> answer = database.texts("EXPLAIN (FORMAT json) " + sql, parameters);
            if (answer.size() != 1 || answer.get(0).size() != 2) {
                return Plan.EVERYTHING;
            }
            List<JsonNode> scans = new ArrayList<>();
            collect(JSON.readTree(answer.get(0).get(1)), scans);
            return plan(scans);
        } catch (SQLException | JsonProcessingException e) {
            // What cannot be explained may run, and running says what is wrong with what cannot.
            return Plan.EVERYTHING;
        }
    }

    private static void collect(JsonNode node, List<JsonNode> scans) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, scans));
            return;
        }
        if (node.path("name").asText().strip().equals(SCAN)) {
            scans.add(node.path("extra_info"));
        }
        collect(node.path("children"), scans);
    }

    private Plan plan(List<JsonNode> scans) throws SQLException {
        Map<TableName, Set<String>> read = new HashMap<>();
        Set<TableName> twice = new HashSet<>();
        Set<TableName> scanned = new HashSet<>();
        tables.keySet().forEach(table -> read.put(table, new LinkedHashSet<>()));
        for (JsonNode scan : scans) {
            TableName name = table(scan.path("Table").asText());
            if (name == null) {
                return Plan.EVERYTHING;
            }
            if (!scanned.add(name)) {
                twice.add(name);
            }
            Set<String> columns = read.get(name);
            if (columns != null && !addColumns(scan.path("Projections"), name, columns)) {
                read.remove(name);
            }
        }
        Map<TableName, Set<String>> columns = new HashMap<>();
        Map<TableName, Map<String, String>> types = new HashMap<>();
        for (Map.Entry<TableName, Set<String>> entry : read.entrySet()) {
            List<Field> fields = tables.getOrDefault(entry.getKey(), List.of());
            Set<String> needed = entry.getValue();
            if (needed.size() < fields.size()) {
                Map<String, String> known = types(entry.getKey());
                // DuckDB renames columns whose names differ in case only, and those without a name.
                if (known.keySet().equals(names(fields))) {
                    if (needed.isEmpty()) {
                        needed.add(DuckColumns.cheapest(fields).getName());
                    }
                    // In the table's order, as readers give them.
                    Set<String> ordered = names(fields);
                    ordered.retainAll(needed);
                    columns.put(entry.getKey(), ordered);
                    types.put(entry.getKey(), known);
                }
            }
        }
        return new Plan(columns, types, twice);
    }

    private @Nullable TableName table(String text) {
        return tables.keySet().stream()
                .filter(name -> name.isPlanned(text))
                .findFirst()
                .orElse(null);
    }

    /** Whether all is known that a scan reads. Of structs it may read a part, {@code column.part}. */
    private boolean addColumns(JsonNode projections, TableName table, Set<String> columns) {
        List<String> texts = new ArrayList<>();
        if (projections.isArray()) {
            projections.forEach(text -> texts.add(text.asText()));
        } else if (!projections.asText().isEmpty()) {
            texts.add(projections.asText());
        }
        Set<String> names = names(tables.getOrDefault(table, List.of()));
        for (String text : texts) {
            if (names.contains(text)) {
                columns.add(text);
                continue;
            }
            List<String> parents =
                    names.stream().filter(name -> text.startsWith(name + ".")).toList();
            if (parents.isEmpty()) {
                return false;
            }
            columns.addAll(parents);
        }
        return true;
    }

    private static Set<String> names(List<Field> fields) {
        Set<String> names = new LinkedHashSet<>();
        fields.forEach(field -> names.add(DuckColumns.name(field)));
        return names;
    }

    private Map<String, String> types(TableName table) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        for (List<String> row : database.texts("SELECT column_name, column_type FROM (DESCRIBE " + table.sql() + ")")) {
            types.put(row.get(0), row.get(1));
        }
        return types;
    }
}
