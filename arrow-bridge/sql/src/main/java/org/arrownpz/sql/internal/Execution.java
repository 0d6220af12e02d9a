package org.arrownpz.sql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Rollback;
import org.jspecify.annotations.Nullable;

/** A statement that runs: its database, and the tables that the database reads from. */
final class Execution implements AutoCloseable {
    private final Database database;
    private final Sources sources;
    private final BufferAllocator allocator;

    /** Takes the database over. */
    Execution(Database database, BufferAllocator allocator) {
        this.database = database;
        this.sources = new Sources(allocator);
        this.allocator = allocator;
    }

    /**
     * Starts the statement and waits for the first rows of its result, so that nearly all that can be wrong with it shows
     * here.
     *
     * @return whether there are rows
     * @throws SQLException when DuckDB fails, but for what its tables failed with
     */
    First start(StatementTables tables, Plan plan, Predicate<TableName> copied) throws SQLException, NpzException {
        for (TableName name : tables.names()) {
            sources.add(name, tables.location(name), tables.table(name), tables.fields(name), plan);
        }
        try {
            sources.register(database, plan, copied);
            ArrowReader rows = database.query(tables.sql(), tables.parameters(), allocator);
            try (Rollback undo = Rollback.of(() -> close(rows))) {
                return undo.commit(new First(rows, rows.loadNextBatch()));
            } catch (IOException e) {
                throw new SQLException(e.getMessage(), e);
            }
        } catch (SQLException | RuntimeException e) {
            Throwable failure = failure();
            if (failure != null) {
                throw SqlFaults.failed(Location.ofFile(null), failure);
            }
            throw e;
        }
    }

    private static void close(ArrowReader rows) throws SQLException {
        try {
            rows.close();
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    /** The failure of a table, or null. */
    @Nullable
    Throwable failure() {
        return sources.failure();
    }

    Database database() {
        return database;
    }

    /**
     * The rows.
     *
     * @param rows at their first batch
     * @param present whether there is one
     */
    record First(ArrowReader rows, boolean present) {}

    @Override
    public void close() throws NpzException {
        try {
            database.close();
        } catch (SQLException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        } finally {
            sources.close();
        }
    }
}
