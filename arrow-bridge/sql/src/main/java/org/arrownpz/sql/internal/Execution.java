package org.arrownpz.sql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** A statement that runs: its database, and the tables that the database reads from. */
final class Execution implements AutoCloseable {
    private final Database database;
    private final StatementTables tables;
    private final @Nullable List<?> parameters;
    private final BufferAllocator allocator;
    private final Runnable done;
    /** One for each start; DuckDB may hold what an earlier one read until the database is closed. */
    private final List<Sources> started = new ArrayList<>();

    private @Nullable ArrowReader rows;
    private boolean present;

    /**
     * Takes database and tables over.
     *
     * @param parameters their values, or null for nulls
     * @param done called when this is closed
     */
    Execution(
            Database database,
            StatementTables tables,
            @Nullable List<?> parameters,
            BufferAllocator allocator,
            Runnable done) {
        this.database = database;
        this.tables = tables;
        this.parameters = parameters;
        this.allocator = allocator;
        this.done = done;
    }

    /**
     * Starts the statement, also once more, and waits for the first rows of its result, so that nearly all that can be
     * wrong with it shows here.
     *
     * @throws SQLException when DuckDB fails, but for what its tables failed with
     */
    void start(Plan plan, Predicate<TableName> copied) throws SQLException, NpzException {
        database.end();
        Sources sources = new Sources(allocator);
        started.add(sources);
        for (TableName name : tables.names()) {
            sources.add(name, tables.table(name), tables.fields(name), plan);
        }
        try {
            sources.register(database, plan, copied);
            ArrowReader result = database.query(tables.sql(), parameters, allocator, 1);
            try (Rollback undo = Rollback.of(result)) {
                present = result.loadNextBatch();
                rows = undo.commit(result);
            } catch (IOException e) {
                throw new SQLException(e.getMessage(), e);
            }
        } catch (SQLException | RuntimeException e) {
            Throwable failure = sources.failure();
            if (failure != null) {
                throw SqlFaults.failed(Location.ofFile(null), failure);
            }
            throw e;
        }
    }

    /** The rows, read while the statement runs. Closing them closes this. */
    ArrowReader reader(BooleanSupplier cancelled) {
        return new BatchReader.Owned(allocator, Objects.requireNonNull(rows), this) {
            private boolean atFirst = true;

            @Override
            public boolean loadNextBatch() throws IOException {
                if (atFirst) {
                    atFirst = false;
                    return present;
                }
                try {
                    // The driver's cancel reaches a statement at work alone, not one that waits for its reader.
                    if (cancelled.getAsBoolean()) {
                        throw new IOException("cancelled");
                    }
                    return super.loadNextBatch();
                } catch (IOException | RuntimeException e) {
                    if (cancelled.getAsBoolean()) {
                        throw SqlFaults.cancelled(e);
                    }
                    Throwable failure = started.get(started.size() - 1).failure();
                    throw SqlFaults.failed(Location.ofFile(null), failure == null ? e : failure);
                }
            }
        };
    }

    @Override
    public void close() throws NpzException {
        done.run();
        try (tables;
                AutoCloseable streams = () -> {
                    for (Sources sources : started) {
                        sources.close();
                    }
                }) {
            database.close();
        } catch (NpzException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }
}
