package org.arrownpz.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

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
 * string literals after FROM, JOIN, DESCRIBE or SUMMARIZE ({@code .npz .npy .feather .arrow .ipc .arrows .parquet}, or {@code x.npz:array}), where {@link #allow}
 * permits them. A statement is one query, or EXPLAIN of one, as DuckDB's own parser sees it, and calls no function that
 * does more than read; DuckDB itself reaches no file, no network and no extension, whatever the statement says. Only the
 * columns that a query needs are read, by DuckDB's own plan of it; index levels of NPZ files always. Numbers are read in
 * place; columns at odd addresses are copied, half floats become floats, list views lists, durations intervals of
 * microseconds (a finer one, or a finer time with a zone, fails the query, it is not cut). A table that a statement scans
 * twice is copied into DuckDB's memory first.
 *
 * <p>A query runs while its result is read, in a database of its own: frames stay open until the result is closed, and
 * nothing that a statement creates outlives it. Files that it reads must not change meanwhile, for DuckDB reads mapped
 * memory itself, see {@link org.arrownpz.Mapping}. Not safe for use by several threads, {@link #cancel} excepted.
 */
public final class Sql implements AutoCloseable {
    private static final String SCANNED_TWICE = "stream has been released";
    private static final Set<String> RESERVED =
            Set.of("main", "temp", "memory", "system", "information_schema", "pg_catalog");

    /** Whether DuckDB's library is there and can be loaded. */
    private static volatile boolean started;

    private final BufferAllocator allocator;
    private final Map<TableName, Supplier<Table>> named = new TreeMap<>();
    private final List<Path> allowed = new ArrayList<>();
    private long memoryLimit;
    private ReadLimits limits = ReadLimits.defaults();
    private boolean textFiles;
    private volatile boolean cancelled;
    private final Set<Database> running = ConcurrentHashMap.newKeySet();
    /** Kept from one schema to the next, for to start DuckDB takes longer than all else. */
    private @Nullable Planner kept;

    private Sql(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Starts without tables and without access to files.
     *
     * @param allocator takes files that must be copied, and holds results
     * @throws IllegalStateException when DuckDB cannot be started
     */
    public static Sql open(BufferAllocator allocator) {
        try {
            if (!started) {
                Database.open(0).close();
                started = true;
            }
        } catch (SQLException | LinkageError e) {
            throw SqlFaults.notStarted(e);
        }
        return new Sql(allocator);
    }

    /**
     * Makes a frame a table. It stays the caller's, and must be open until results are closed.
     *
     * @throws IllegalArgumentException when the name is taken; names ignore case
     */
    public Sql with(String name, Frame frame) {
        return with(TableName.of(name), () -> FrameTable.borrowed(frame));
    }

    /**
     * Makes a file a table, whatever {@link #allow} says; its extension tells the format. It is opened when a statement
     * mentions the name, which may also stand for a file there: {@code FROM 'name'}.
     *
     * @throws IllegalArgumentException when the name is taken; names ignore case
     */
    public Sql with(String name, Path file) {
        return with(TableName.of(name), () -> FileTable.of(allocator, file, limits));
    }

    /**
     * Makes a file a table of a schema, {@code FROM schema.name}, or {@code FROM 'schema/name'}. Otherwise as
     * {@link #with(String, Path)}.
     *
     * @throws IllegalArgumentException when the schema has no name, or one that DuckDB has for itself ({@code main}, {@code
     *     temp}, {@code memory}, {@code system}, {@code information_schema}, {@code pg_catalog}), or has such a table
     *     already; names ignore case
     */
    public Sql with(String schema, String name, Path file) {
        if (schema.isEmpty() || RESERVED.contains(schema.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("not a name for a schema: " + SafeText.quote(schema));
        }
        return with(new TableName(schema, name), () -> FileTable.of(allocator, file, limits));
    }

    private Sql with(TableName name, Supplier<Table> table) {
        if (named.putIfAbsent(name, table) != null) {
            throw new IllegalArgumentException("there is a table " + SafeText.quote(name.toString()) + " already");
        }
        return this;
    }

    /**
     * Bounds what DuckDB takes for a query, beside what the allocator gives. A query that needs more fails with LIMIT;
     * nothing is written to disk. Results are not held as a whole, so that they may be longer.
     */
    public Sql withMemoryLimit(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a limit is positive, not " + bytes);
        }
        memoryLimit = bytes;
        return this;
    }

    /** Bounds what is read of NPY and NPZ files, in place of the default limits. */
    public Sql withLimits(ReadLimits bounds) {
        limits = bounds;
        return this;
    }

    /**
     * Lets statements name files of text, too, below allowed paths: {@code .csv .json .jsonl .ndjson}. Their types are
     * found by reading all of the file, each time that a statement names it.
     */
    public Sql withTextFiles() {
        textFiles = true;
        return this;
    }

    /**
     * The statements of a text, such as a script or what was typed so far, each with its semicolon, and as the last one what
     * is not ended yet: empty where that is nothing, or a comment.
     */
    public static List<String> statements(String text) {
        return new SqlText(text).statements();
    }

    /** Ends queries that run, or whose results are read, with CancellationException, and refuses others; from any thread. */
    public void cancel() {
        cancelled = true;
        running.forEach(Database::cancel);
    }

    /** Lets statements name these files, and all files below these directories, symbolic links resolved. */
    public Sql allow(Path... paths) {
        allowed.addAll(List.of(paths));
        return this;
    }

    /**
     * Starts one statement. The caller closes the result, whose reader throws NpzException where rows that come later
     * fail.
     *
     * @throws IllegalArgumentException when the statement is no query or DuckDB refuses it, a file is not allowed, or
     *     columns are needed of types or names that DuckDB does not take (they are named)
     * @throws NpzException when a file cannot be read, memory does not suffice, or values of later rows fail
     */
    public ArrowReader query(String statement) throws NpzException {
        return query(statement, List.of());
    }

    /**
     * Starts one statement with parameters, {@code ?} or {@code $1}.
     *
     * @param parameters their values in order: null, booleans, numbers, strings, byte arrays, and java.time's dates, times
     *     and times of a date; each is what the statement makes of it, never a part of its text. One that DuckDB's driver
     *     would change is refused: nanoseconds, dates before the year 1, more than 38 digits
     * @throws IllegalArgumentException as {@link #query(String)}, and when there are not as many as the statement has, or
     *     one cannot be what it stands for
     * @throws NpzException as {@link #query(String)}
     */
    public ArrowReader query(String statement, List<?> parameters) throws NpzException {
        try {
            Planned planned = planned(statement, parameters);
            StatementTables tables = planned.tables();
            try (Rollback undo = Rollback.of(tables)) {
                return undo.commit(run(tables, planned.plan()));
            }
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    /**
     * The schema of the result that {@link #query} would give. Rows are read only where it depends on them, as that of a
     * pivot does.
     *
     * @throws IllegalArgumentException as {@link #query}
     * @throws NpzException as {@link #query}
     */
    public Schema schema(String statement) throws NpzException {
        return schema(statement, List.of());
    }

    /**
     * The schema of the result that {@link #query(String, List)} would give.
     *
     * @throws IllegalArgumentException as {@link #query(String, List)}
     * @throws NpzException as {@link #query(String, List)}
     */
    public Schema schema(String statement, List<?> parameters) throws NpzException {
        try (Rollback undo = Rollback.of(this::forgetPlanner)) {
            Planner planner = planner();
            // It runs there, without the rows of tables: what makes rows by itself may take long.
            try (Running run = new Running(planner.database());
                    StatementTables tables = tables(statement, parameters, planner)) {
                if (tables.isPlannable()) {
                    planner.add(tables.fields());
                    tables.requireTypes(planner.plan(tables.sql(), parameters));
                    return undo.commit(planner.schema(tables.sql(), parameters));
                }
            }
        } catch (SQLException e) {
            if (cancelled) {
                throw cancelled(e);
            }
            throw SqlFaults.statement(e, new SqlText(statement, textFiles));
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
        return schemaOfRun(statement, parameters);
    }

    /**
     * The types of a statement's parameters, in order, in DuckDB's spelling ({@code BIGINT}); empty for one that could be
     * any. No rows are read.
     *
     * @throws IllegalArgumentException as {@link #query(String)}
     * @throws NpzException when a file cannot be read
     */
    public List<String> parameterTypes(String statement) throws NpzException {
        try (Rollback undo = Rollback.of(this::forgetPlanner)) {
            Planner planner = planner();
            try (StatementTables tables = tables(statement, List.of(), planner)) {
                planner.add(tables.fields());
                return undo.commit(planner.database().parameterTypes(tables.sql()));
            }
        } catch (SQLException e) {
            throw SqlFaults.statement(e, new SqlText(statement, textFiles));
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    private Planner planner() throws SQLException {
        if (kept == null) {
            kept = Planner.open(allocator, memoryLimit);
        }
        return kept;
    }

    private void forgetPlanner() throws SQLException {
        Planner planner = kept;
        kept = null;
        if (planner != null) {
            planner.close();
        }
    }

    private Schema schemaOfRun(String statement, List<?> parameters) throws NpzException {
        try (ArrowReader rows = query(statement, parameters)) {
            return rows.getVectorSchemaRoot().getSchema();
        } catch (IOException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    /** A database that {@link #cancel} ends. */
    private final class Running implements AutoCloseable {
        private final Database database;

        private Running(Database database) throws SQLException {
            this.database = database;
            running.add(database);
            if (cancelled) {
                database.cancel();
            }
        }

        @Override
        public void close() {
            running.remove(database);
        }
    }

    /** A statement's tables, and what it reads of them. */
    private record Planned(StatementTables tables, Plan plan) {}

    private Planned planned(String statement, List<?> parameters) throws NpzException {
        try (Planner planner = Planner.open(allocator, memoryLimit)) {
            StatementTables tables = tables(statement, parameters, planner);
            try (Rollback undo = Rollback.of(tables)) {
                Plan plan = Plan.EVERYTHING;
                if (tables.isPlannable() && !tables.fields().isEmpty()) {
                    plan = planner.plan(tables);
                }
                return undo.commit(new Planned(tables, plan));
            }
        } catch (SQLException e) {
            throw SqlFaults.statement(e, new SqlText(statement, textFiles));
        }
    }

    private StatementTables tables(String statement, List<?> parameters, Planner planner)
            throws SQLException, NpzException {
        Statements.requireText(statement);
        SqlText text = new SqlText(statement, textFiles);
        String sql = Statements.query(text.withFiles(SqlText.TABLES), text, planner.database());
        StatementTables tables = new StatementTables(parameters);
        try (Rollback undo = Rollback.of(tables)) {
            named.forEach((name, table) -> {
                if (text.mentions(name)) {
                    tables.put(name, Location.ofFile(null).member("table " + name), table.get());
                }
            });
            int number = 0;
            for (String file : text.files()) {
                // A name for each place, so that joining a file with itself takes no copy.
                TableName name = TableName.of(SqlText.TABLES.apply(number++));
                Supplier<Table> table = named.get(TableName.ofPath(file));
                tables.put(
                        name,
                        Location.ofFile(file),
                        table != null
                                ? table.get()
                                : FileTable.of(
                                        allocator, permitted(FileName.path(file)), FileName.array(file), limits));
            }
            tables.describe(statement, sql, text.isQuery(), text.isRecursive());
            return undo.commit(tables);
        }
    }

    private ArrowReader run(StatementTables tables, Plan planned) throws NpzException {
        Plan plan = planned;
        boolean all = tables.mayScanAgain();
        Predicate<TableName> copied = all ? table -> true : plan.scannedTwice()::contains;
        while (true) {
            try {
                return run(tables, plan, copied);
            } catch (IllegalArgumentException e) {
                if (!plan.leavesOut() || e instanceof StatementTables.UnreadableException) {
                    throw e;
                }
                plan = Plan.EVERYTHING;
            } catch (SQLException e) {
                String message = String.valueOf(e.getMessage());
                if (cancelled) {
                    throw cancelled(e);
                }
                if (plan.leavesOut() && message.contains(Plan.LEFT_OUT)) {
                    plan = Plan.EVERYTHING;
                } else if (!all && message.contains(SCANNED_TWICE)) {
                    all = true;
                    copied = table -> true;
                } else {
                    throw SqlFaults.statement(e, new SqlText(tables.statement(), textFiles));
                }
            }
        }
    }

    private static CancellationException cancelled(SQLException cause) {
        CancellationException cancelled = new CancellationException("the query was cancelled");
        cancelled.initCause(cause);
        return cancelled;
    }

    private ArrowReader run(StatementTables tables, Plan plan, Predicate<TableName> copied)
            throws SQLException, NpzException {
        tables.requireTypes(plan);
        Database database = Database.open(memoryLimit);
        Execution execution = new Execution(database, allocator);
        running.add(database);
        try {
            if (cancelled) {
                throw new CancellationException("the query was cancelled");
            }
            return new QueryReader(
                    execution.start(tables, plan, copied),
                    execution,
                    tables,
                    allocator,
                    () -> cancelled,
                    () -> running.remove(database));
        } catch (SQLException | NpzException | RuntimeException | Error e) {
            running.remove(database);
            try {
                execution.close();
            } catch (NpzException | RuntimeException second) {
                // Of the two, the first says what is wrong.
                e.addSuppressed(second);
            }
            throw e;
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
            NpzException.Builder missing = Location.ofFile(file)
                    .error(ErrorCode.IO, "there is no such file")
                    .cause(e);
            throw (file.contains("://") ? missing.remedy("Addresses are not read: download it first") : missing)
                    .build();
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

    /** Forgets the tables; frames stay open, and so do results. */
    @Override
    public void close() {
        named.clear();
        allowed.clear();
        try {
            forgetPlanner();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
