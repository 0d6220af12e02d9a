package org.arrownpz.duckdb;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * One in-memory database that reaches nothing but what is registered with it: no files, no network, no extensions, and
 * no statement can change that. The only class that knows DuckDB's.
 */
final class Database implements AutoCloseable {
    private final DuckDBConnection connection;
    private @Nullable Statement statement;
    private @Nullable DuckDBResultSet result;

    private Database(DuckDBConnection connection) {
        this.connection = connection;
    }

    static Database open() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("enable_external_access", "false");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("lock_configuration", "true");
        if (new DuckDBDriver().connect("jdbc:duckdb:", settings) instanceof DuckDBConnection connection) {
            return new Database(connection);
        }
        throw new SQLException("DuckDB gives no connection");
    }

    /** Gives a stream a name; it can be scanned once. The stream stays the caller's, who releases it. */
    void register(String name, ArrowArrayStream stream) throws SQLException {
        try {
            connection.registerArrowStream(name, stream);
        } catch (RuntimeException e) {
            // The driver wraps what DuckDB says of the columns.
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement once = connection.createStatement()) {
            once.execute(sql);
        }
    }

    /** Runs a statement to its end; all that it reads is read when this returns. The reader ends with the database. */
    ArrowReader query(String sql, BufferAllocator allocator, int batchRows) throws SQLException {
        Statement running = connection.createStatement();
        statement = running;
        if (running.executeQuery(sql) instanceof DuckDBResultSet rows) {
            result = rows;
            if (rows.arrowExportStream(allocator, batchRows) instanceof ArrowReader reader) {
                return reader;
            }
        }
        throw new SQLException("DuckDB gives no Arrow result");
    }

    @Override
    public void close() throws SQLException {
        try (DuckDBConnection last = connection;
                Statement second = statement;
                DuckDBResultSet first = result) {
            statement = null;
            result = null;
        }
    }
}
