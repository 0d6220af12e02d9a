package org.arrownpz.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.Frame;

/**
 * SQL over frames and files, run by DuckDB in this process.
 *
 * <pre>{@code
 * try (Sql sql = Sql.open(allocator).with("prices", frame).allow(Path.of("data"));
 *         ArrowReader rows = sql.query("SELECT sector, avg(close) FROM prices JOIN 'data/sectors.npz' USING (ticker) "
 *                 + "GROUP BY sector")) {
 *     Frames.write(rows, Path.of("out.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Tables are the frames of {@link #with}, index levels included as columns, and files named in the statement as
 * string literals after FROM or JOIN ({@code .npz .npy .feather .arrow .ipc .arrows .parquet}), where {@link #allow}
 * permits them. DuckDB itself reaches no file, no network and no extension, whatever the statement says. Numbers are
 * read in place; columns at odd addresses are copied, half floats become floats, durations intervals of microseconds (a
 * finer one fails the query, it is not cut). A table that a statement scans twice
 * is copied into DuckDB's memory first.
 *
 * <p>Every query runs to its end in a database of its own before it returns, so that frames may be closed then and
 * nothing that a statement creates outlives it. Not safe for use by several threads.
 */
public final class Sql implements AutoCloseable {
    private static final int RESULT_ROWS = 1 << 17;
    private static final String SCANNED_TWICE = "stream has been released";

    private final BufferAllocator allocator;
    private final Map<String, Frame> frames = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Path> allowed = new ArrayList<>();

    private Sql(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Starts without tables and without access to files.
     *
     * @param allocator takes files that must be copied, and holds results
     * @throws IllegalStateException when DuckDB is not on the class path
     */
    public static Sql open(BufferAllocator allocator) {
        try {
            Database.open().close();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("SQL needs DuckDB: add org.duckdb:duckdb_jdbc to the class path", e);
        } catch (SQLException | LinkageError e) {
            throw new IllegalStateException("DuckDB cannot be started: " + e.getMessage(), e);
        }
        return new Sql(allocator);
    }

    /**
     * Makes a frame a table. It stays the caller's, and must be open during queries.
     *
     * @throws IllegalArgumentException when the name is taken; names ignore case
     */
    public Sql with(String name, Frame frame) {
        if (frames.putIfAbsent(name, frame) != null) {
            throw new IllegalArgumentException("there is a table " + SafeText.quote(name) + " already");
        }
        return this;
    }

    /** Lets statements name these files, and all files below these directories, symbolic links resolved. */
    public Sql allow(Path... paths) {
        allowed.addAll(List.of(paths));
        return this;
    }

    /**
     * Runs one statement. The caller closes the result.
     *
     * @throws IllegalArgumentException when DuckDB refuses the statement, a file is not allowed, or a table has columns
     *     of types that DuckDB has not (they are named)
     * @throws NpzException when a file cannot be read, or memory does not suffice
     */
    public ArrowReader query(String statement) throws NpzException {
        SqlText text = new SqlText(statement);
        Map<Path, TableFile> files = new LinkedHashMap<>();
        try {
            Map<String, Frame> tables = new LinkedHashMap<>();
            frames.forEach((name, frame) -> {
                if (text.mentions(name)) {
                    tables.put(name, frame);
                }
            });
            List<String> names = new ArrayList<>();
            for (String file : text.files()) {
                Path path = permitted(file);
                TableFile table = files.get(path);
                if (table == null) {
                    table = TableFile.open(allocator, path);
                    files.put(path, table);
                }
                // A name for each place, so that joining a file with itself takes no copy.
                String name = "__arrow_npz_file_" + names.size();
                names.add(name);
                tables.put(name, table.frame());
            }
            requireTypes(tables);
            return run(text.withFiles(names::get), tables);
        } finally {
            files.values().forEach(TableFile::close);
        }
    }

    private ArrowReader run(String sql, Map<String, Frame> tables) throws NpzException {
        try {
            return run(sql, tables, false);
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains(SCANNED_TWICE)) {
                throw SqlFaults.statement(e);
            }
        }
        try {
            return run(sql, tables, true);
        } catch (SQLException e) {
            throw SqlFaults.statement(e);
        }
    }

    private ArrowReader run(String sql, Map<String, Frame> tables, boolean copy) throws SQLException, NpzException {
        Database database = Database.open();
        boolean done = false;
        try (Sources sources = new Sources(allocator)) {
            for (Map.Entry<String, Frame> table : tables.entrySet()) {
                sources.add(table.getKey(), table.getValue());
            }
            ArrowReader rows = start(sql, database, sources, copy);
            done = true;
            return new QueryReader(rows, database, allocator);
        } finally {
            if (!done) {
                database.close();
            }
        }
    }

    private ArrowReader start(String sql, Database database, Sources sources, boolean copy)
            throws SQLException, NpzException {
        try {
            if (copy) {
                sources.createTables(database);
            } else {
                sources.registerStreams(database);
            }
            return database.query(sql, allocator, RESULT_ROWS);
        } catch (SQLException | RuntimeException e) {
            Throwable failure = sources.failure();
            if (failure != null) {
                throw SqlFaults.failed(Location.ofFile(null), failure);
            }
            throw e;
        }
    }

    private static void requireTypes(Map<String, Frame> tables) {
        for (Map.Entry<String, Frame> table : tables.entrySet()) {
            List<String> names =
                    DuckColumns.unsupported(table.getValue().schema().getFields());
            if (!names.isEmpty()) {
                throw new IllegalArgumentException(
                        "DuckDB has no types for these columns: " + String.join(", ", names) + ". Select the others");
            }
        }
    }

    private Path permitted(String file) throws NpzException {
        Path path;
        try {
            path = Path.of(file).toRealPath();
        } catch (IOException | IllegalArgumentException e) {
            if (allowed.isEmpty()) {
                throw notAllowed(file);
            }
            throw Location.ofFile(file)
                    .fault(ErrorCode.IO, "there is no such file")
                    .cause(e)
                    .exception();
        }
        for (Path root : allowed) {
            try {
                if (path.startsWith(root.toRealPath())) {
                    return path;
                }
            } catch (IOException e) {
                // A root that does not exist permits nothing.
            }
        }
        throw notAllowed(file);
    }

    private static IllegalArgumentException notAllowed(String file) {
        return new IllegalArgumentException(String.format(
                Locale.ROOT, "the statement may not read %s: it is not below an allowed path", SafeText.quote(file)));
    }

    /** Forgets the tables; the frames stay open, and so do results. */
    @Override
    public void close() {
        frames.clear();
        allowed.clear();
    }
}
