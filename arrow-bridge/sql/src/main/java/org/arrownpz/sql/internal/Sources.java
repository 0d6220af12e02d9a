package org.arrownpz.sql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.ipc.cdata.ExportScope;
import org.jspecify.annotations.Nullable;

/** The tables of one run of a statement, as streams that are released when it is over. */
public final class Sources implements AutoCloseable {
    private static final Location NOWHERE = Location.ofFile(null);
    private static final Duration RELEASE_WAIT = Duration.ofSeconds(60);

    private final BufferAllocator allocator;
    private final ExportScope scope;
    private final Map<TableName, ArrowArrayStream> streams = new LinkedHashMap<>();
    private final Map<TableName, DuckReader> readers = new LinkedHashMap<>();

    public Sources(BufferAllocator allocator) {
        this.allocator = allocator;
        this.scope = new ExportScope(allocator, "duckdb export");
    }

    /**
     * Adds a table of which the plan says what is read.
     *
     * @param planned the columns that the plan was made with
     * @throws IllegalArgumentException when they are not what they were then
     */
    void add(TableName name, StatementTables.Named table, List<Field> planned, Plan plan) throws NpzException {
        Location location = table.location();
        Set<String> columns = plan.columns(name);
        try {
            DuckReader reader =
                    new DuckReader(table.table().read(columns), columns, allocator, location, DuckColumns::field);
            add(name, reader);
            reader.requireReadable();
            if (columns != null) {
                List<Field> wanted = planned.stream()
                        .filter(field -> columns.contains(field.getName()))
                        .toList();
                List<Field> read = DuckColumns.decoded(
                        reader.getVectorSchemaRoot().getSchema().getFields(), reader);
                if (!DuckColumns.sameTypes(wanted, read)) {
                    throw new IllegalArgumentException("the columns of a table have other types");
                }
            }
        } catch (IOException e) {
            throw SqlFaults.failed(location, e);
        }
    }

    /** Adds a table without rows. */
    void addEmpty(TableName name, List<Field> fields) throws NpzException {
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        BatchReader.One one = new BatchReader.One(root, new DictionaryProvider.MapDictionaryProvider(), allocator);
        one.loadNextBatch();
        try {
            ArrowReader none = new BatchReader.Owned(allocator, one, root);
            add(name, new DuckReader(none, null, allocator, NOWHERE, DuckColumns::field));
        } catch (IOException e) {
            throw SqlFaults.failed(NOWHERE, e);
        }
    }

    /**
     * Adds a table, which is closed with this.
     *
     * @throws IllegalArgumentException when DuckDB would read columns wrong
     */
    public void add(String name, DuckReader reader) throws NpzException {
        add(TableName.of(name), reader);
        try {
            reader.requireReadable();
        } catch (IOException e) {
            throw SqlFaults.failed(NOWHERE, e);
        }
    }

    private void add(TableName name, DuckReader reader) {
        readers.put(name, reader);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(scope.allocator());
        streams.put(name, stream);
        Data.exportArrayStream(scope.allocator(), reader, stream);
    }

    /**
     * Puts the tables in place, also in place of those of an earlier start: each to be scanned once, but those of which a
     * copy is asked for.
     */
    void register(Database database, Plan plan, Predicate<TableName> copied) throws SQLException {
        int number = 0;
        for (Map.Entry<TableName, ArrowArrayStream> entry : streams.entrySet()) {
            TableName table = entry.getKey();
            String source = "__arrow_npz_stream_" + number;
            database.register(source, entry.getValue());
            if (copied.test(table)) {
                String copy = SqlText.quote("__arrow_npz_copy_" + number);
                database.execute("DROP TABLE IF EXISTS " + copy);
                database.execute("CREATE TEMP TABLE " + copy + " AS SELECT * FROM " + SqlText.quote(source));
                source = "__arrow_npz_copy_" + number;
            }
            number++;
            // What is temporary has no schemas.
            createSchema(database, table);
            database.execute("CREATE OR REPLACE " + (table.hasSchema() ? "" : "TEMP ") + "VIEW " + table.sql() + " AS "
                    + plan.select(table, source));
        }
    }

    /** Puts the tables in place, each to be scanned once. */
    public void register(Database database) throws SQLException {
        register(database, Plan.EVERYTHING, table -> false);
    }

    private static void createSchema(Database database, TableName table) throws SQLException {
        if (table.hasSchema()) {
            database.execute("CREATE SCHEMA IF NOT EXISTS " + SqlText.quote(table.schema()));
        }
    }

    /** Puts the tables in place as tables, which a statement may use as it likes, and which plans show as scans. */
    void createTables(Database database) throws SQLException {
        int number = 0;
        for (Map.Entry<TableName, ArrowArrayStream> entry : streams.entrySet()) {
            String stream = "__arrow_npz_stream_" + number++;
            database.register(stream, entry.getValue());
            createSchema(database, entry.getKey());
            database.execute("CREATE TABLE " + entry.getKey().sql() + " AS SELECT * FROM " + SqlText.quote(stream));
            // The stream goes, and no statement may find it.
            database.execute("DROP VIEW " + SqlText.quote(stream));
        }
    }

    /** The first failure of a table's own data, or null. */
    @Nullable
    public Throwable failure() {
        return readers.values().stream()
                .map(DuckReader::failure)
                .filter(failure -> failure != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() throws NpzException {
        for (ArrowArrayStream stream : streams.values()) {
            // DuckDB has released what it scanned; releasing what it did not is up to us.
            if (stream.snapshot().release != 0) {
                stream.release();
            }
            stream.close();
        }
        for (DuckReader reader : readers.values()) {
            reader.close();
        }
        if (!scope.drain(RELEASE_WAIT)) {
            throw NOWHERE.error(ErrorCode.IO, "DuckDB does not give its buffers back")
                    .found(scope.outstanding() + " bytes after " + RELEASE_WAIT)
                    .build();
        }
    }
}
