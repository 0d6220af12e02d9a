package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.frame.Frame;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;

/**
 * The peer of packing rows in no order: {@code SELECT k, list(v1), … GROUP BY k} of DuckDB, from Arrow vectors and to
 * Arrow vectors, in memory and without copies at either border. Rows come in batches, so that DuckDB's threads share
 * them.
 */
final class DuckDbLists implements AutoCloseable {
    private static final int BATCH = 1 << 17;

    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private final DuckDBConnection connection;
    private final String query;

    /** @param root borrowed; its first column is the key */
    DuckDbLists(BufferAllocator allocator, VectorSchemaRoot root) throws IOException {
        this.allocator = allocator;
        this.root = root;
        List<String> names =
                root.getFieldVectors().stream().map(FieldVector::getName).collect(Collectors.toList());
        this.query = "SELECT " + names.get(0) + ", "
                + names.stream().skip(1).map(name -> "list(" + name + ")").collect(Collectors.joining(", "))
                + " FROM events GROUP BY " + names.get(0);
        try {
            this.connection = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Runs the query, takes all batches of its result, and counts their rows. */
    long groups() throws IOException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
                Frame frame = Frame.of(root)) {
            Data.exportArrayStream(allocator, frame.reader(BATCH), stream);
            connection.registerArrowStream("events", stream);
            try (DuckDBPreparedStatement statement =
                            connection.prepareStatement(query).unwrap(DuckDBPreparedStatement.class);
                    DuckDBResultSet result = statement.executeQuery().unwrap(DuckDBResultSet.class);
                    ArrowReader reader = (ArrowReader) result.arrowExportStream(allocator, BATCH)) {
                long groups = 0;
                while (reader.loadNextBatch()) {
                    groups += reader.getVectorSchemaRoot().getRowCount();
                }
                return groups;
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
