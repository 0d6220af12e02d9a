package org.arrownpz.compare.internal.contender;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DuckDB where it is on the class path, nobody where it is not. */
public final class DuckDbSeat implements AutoCloseable {
    private final @Nullable AutoCloseable connection;
    private final @Nullable ReadContender reader;

    private DuckDbSeat(@Nullable DuckDbReading reading) {
        this.connection = reading;
        this.reader = reading;
    }

    /** Connects to DuckDB, or says among the missing why not. */
    public static DuckDbSeat take(List<String> missing) {
        try {
            return new DuckDbSeat(DuckDbReading.connect());
        } catch (NoClassDefFoundError e) {
            missing.add("DuckDB read_parquet: org.duckdb:duckdb_jdbc is not on the class path");
        } catch (SQLException | LinkageError e) {
            missing.add("DuckDB read_parquet: DuckDB cannot be started: " + e.getMessage());
        }
        return new DuckDbSeat(null);
    }

    @Nullable
    public ReadContender reader() {
        return reader;
    }

    @Override
    public void close() throws IOException {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (Exception e) {
            throw new IOException("DuckDB cannot be closed", e);
        }
    }
}
