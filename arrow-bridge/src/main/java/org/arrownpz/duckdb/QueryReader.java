package org.arrownpz.duckdb;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;

/** The result of a statement, which owns its database. */
final class QueryReader extends ArrowReader {
    private final ArrowReader rows;
    private final Database database;

    QueryReader(ArrowReader rows, Database database, BufferAllocator allocator) {
        super(allocator);
        this.rows = rows;
        this.database = database;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return rows.getVectorSchemaRoot();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            return rows.loadNextBatch();
        } catch (IOException | RuntimeException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        return rows.getDictionaryVectors();
    }

    @Override
    public Dictionary lookup(long id) {
        return rows.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return rows.getDictionaryIds();
    }

    @Override
    protected Schema readSchema() throws IOException {
        return getVectorSchemaRoot().getSchema();
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    public void close() throws IOException {
        try (database) {
            rows.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close(boolean closeReadChannel) throws IOException {
        close();
    }

    @Override
    protected void closeReadSource() throws IOException {
        close();
    }
}
