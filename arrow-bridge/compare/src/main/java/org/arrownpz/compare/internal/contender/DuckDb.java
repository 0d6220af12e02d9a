package org.arrownpz.compare.internal.contender;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Result;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB's {@code read_parquet}, its result as Arrow. The connection is made once and not measured.
 * {@link #connect} tells where its native code does not run.
 */
public record DuckDb(DuckDBConnection connection) implements AutoCloseable {
    private static final long BATCH_ROWS = 1 << 17;
    private static final String PROGRAM = "DuckDB read_parquet";

    /** Connects, or adds to the missing why not. */
    public static @Nullable DuckDb connect(List<String> missing) {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        try {
            return new DuckDb((DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings));
        } catch (SQLException | LinkageError e) {
            missing.add(PROGRAM + ": DuckDB cannot be started: " + e.getMessage());
        }
        return null;
    }

    public Reader reader(FileForm form) {
        return new Reader(form, PROGRAM, Result.Kind.PEER, false, this::read);
    }

    private void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        String name = file.toAbsolutePath().toString().replace("'", "''");
        try (Statement statement = connection.createStatement();
                DuckDBResultSet rows =
                        (DuckDBResultSet) statement.executeQuery("SELECT * FROM read_parquet('" + name + "')");
                ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, BATCH_ROWS)) {
            Contenders.hand(reader, batch);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
