package org.arrownpz.duckdb;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.cdata.ExportScope;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** The tables of one run of a statement, as streams that are released when it is over. */
final class Sources implements AutoCloseable {
    private static final int BATCH_ROWS = 1 << 20;
    private static final Duration RELEASE_WAIT = Duration.ofSeconds(60);

    private final BufferAllocator allocator;
    private final ExportScope scope;
    private final Map<String, ArrowArrayStream> streams = new LinkedHashMap<>();
    private final List<DuckReader> readers = new ArrayList<>();

    Sources(BufferAllocator allocator) {
        this.allocator = allocator;
        this.scope = new ExportScope(allocator, "duckdb export");
    }

    void add(String name, Frame frame) throws NpzException {
        Location location = Location.ofFile(null).member("table " + name);
        DuckReader reader;
        try {
            reader = new DuckReader(frame.reader(BATCH_ROWS), allocator, location);
        } catch (IOException e) {
            throw SqlFaults.failed(location, e);
        }
        readers.add(reader);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(scope.allocator());
        streams.put(name, stream);
        Data.exportArrayStream(scope.allocator(), reader, stream);
    }

    /** Each stream under its own name, to be scanned once. */
    void registerStreams(Database database) throws SQLException {
        for (Map.Entry<String, ArrowArrayStream> stream : streams.entrySet()) {
            database.register(stream.getKey(), stream.getValue());
        }
    }

    /** Each stream copied into a table, to be scanned as often as the statement likes. */
    void createTables(Database database) throws SQLException {
        int number = 0;
        for (Map.Entry<String, ArrowArrayStream> stream : streams.entrySet()) {
            String once = "__arrow_npz_stream_" + number++;
            database.register(once, stream.getValue());
            database.execute(
                    "CREATE TEMP TABLE " + SqlText.quote(stream.getKey()) + " AS SELECT * FROM " + SqlText.quote(once));
        }
    }

    /** The first failure of a table's own data, or null. */
    @Nullable
    Throwable failure() {
        return readers.stream()
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
        for (DuckReader reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                throw SqlFaults.failed(Location.ofFile(null), e);
            }
        }
        if (!scope.drain(RELEASE_WAIT)) {
            throw Location.ofFile(null)
                    .fault(ErrorCode.IO, "DuckDB does not give its buffers back")
                    .found(scope.outstanding() + " bytes after " + RELEASE_WAIT)
                    .exception();
        }
    }
}
