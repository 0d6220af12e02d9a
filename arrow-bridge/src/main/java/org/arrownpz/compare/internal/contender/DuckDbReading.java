package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/**
 * DuckDB's {@code read_parquet}, its result as Arrow. The connection is made once and not measured. DuckDB is an
 * optional dependency: this class is loaded only when asked for.
 */
final class DuckDbReading implements ReadContender, AutoCloseable {
    private static final long BATCH_ROWS = 1 << 17;

    private final DuckDBConnection connection;

    private DuckDbReading(DuckDBConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @throws SQLException when DuckDB cannot be started
     * @throws NoClassDefFoundError when it is not on the class path
     */
    static DuckDbReading connect() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        if (new DuckDBDriver().connect("jdbc:duckdb:", settings) instanceof DuckDBConnection connection) {
            return new DuckDbReading(connection);
        }
        throw new SQLException("DuckDB gives no connection");
    }

    @Override
    public FileForm form() {
        return FileForm.PARQUET;
    }

    @Override
    public String program() {
        return "DuckDB read_parquet";
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public boolean maps() {
        return false;
    }

    @Override
    public void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        String name = file.toAbsolutePath().toString().replace("'", "''");
        try (Statement statement = connection.createStatement();
                DuckDBResultSet rows =
                        (DuckDBResultSet) statement.executeQuery("SELECT * FROM read_parquet('" + name + "')")) {
            try (ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, BATCH_ROWS)) {
                while (reader.loadNextBatch()) {
                    batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
