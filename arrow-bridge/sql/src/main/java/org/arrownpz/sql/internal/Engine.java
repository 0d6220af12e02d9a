package org.arrownpz.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Runs statements by DuckDB in this process, each in a database of its own. */
public final class Engine implements Runner {
    private static final String SCANNED_TWICE = "stream has been released";

    /** Whether DuckDB's library is there and can be loaded. */
    private static volatile boolean started;

    private final BufferAllocator allocator;
    private final Workspace workspace;
    private volatile boolean cancelled;
    private final Set<Database> running = ConcurrentHashMap.newKeySet();

    /**
     * @param allocator takes files that must be copied, and holds results
     * @throws IllegalStateException when DuckDB cannot be started
     */
    public Engine(BufferAllocator allocator, Workspace workspace) {
        this.allocator = allocator;
        this.workspace = workspace;
        try {
            if (!started) {
                Database.openSpare();
                started = true;
            }
        } catch (SQLException | LinkageError e) {
            throw SqlFaults.notStarted(e);
        }
    }

    /** Makes the next statement of this process begin sooner. */
    public static void prepare() {
        try {
            Database.openSpare();
            started = true;
        } catch (SQLException e) {
            // The next statement says what is wrong.
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        running.forEach(Database::cancel);
    }

    @Override
    public ArrowReader query(String statement, List<?> parameters) throws NpzException {
        return inDatabase(statement, (text, database) -> {
            StatementTables tables = tables(text, database);
            try (Rollback undo = Rollback.of(tables)) {
                boolean planned = tables.isPlannable() && !tables.fields().isEmpty();
                Plan plan = planned ? new Planner(database, allocator).plan(tables, parameters) : Plan.EVERYTHING;
                database.lock();
                return undo.commit(run(tables, parameters, database, plan));
            }
        });
    }

    @Override
    public Description describe(String statement, @Nullable List<?> parameters) throws NpzException {
        return inDatabase(statement, (text, database) -> {
            StatementTables tables = tables(text, database);
            try (Rollback undo = Rollback.of(tables)) {
                tables.leaveUnrun();
                if (!tables.isPlannable()) {
                    // What its columns are depends on rows.
                    database.lock();
                    try (ArrowReader rows = undo.commit(run(tables, parameters, database, Plan.EVERYTHING))) {
                        Schema schema = rows.getVectorSchemaRoot().getSchema();
                        return new Description(
                                parameters == null ? database.parameterTypes(tables.sql()) : List.of(), schema);
                    } catch (IOException e) {
                        throw SqlFaults.failed(Location.ofFile(null), e);
                    }
                }
                Planner planner = new Planner(database, allocator);
                planner.add(tables.fields());
                if (!tables.isTaken()) {
                    tables.requireTypes(planner.plan(tables.sql(), parameters));
                }
                return database.describe(tables.sql(), parameters, allocator);
            }
        });
    }

    private interface Step<T> {
        T run(SqlText text, Database database) throws SQLException, NpzException;
    }

    /** Takes a step in a database that is closed with it, or with its rows. */
    private <T> T inDatabase(String statement, Step<T> step) throws NpzException {
        Statements.requireText(statement);
        SqlText text = new SqlText(statement, workspace.textFiles());
        try {
            Database database = open();
            try (Rollback undo = Rollback.of(() -> close(database))) {
                T result = step.run(text, database);
                if (result instanceof ArrowReader) {
                    undo.commit();
                }
                return result;
            }
        } catch (SQLException e) {
            if (cancelled) {
                throw SqlFaults.cancelled(e);
            }
            throw SqlFaults.statement(e, text);
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    /** A database that {@link #cancel} ends. */
    private Database open() throws SQLException {
        Database database = Database.open(workspace.memoryLimit());
        running.add(database);
        if (cancelled) {
            database.cancel();
        }
        return database;
    }

    private void close(Database database) throws SQLException {
        running.remove(database);
        database.close();
    }

    private StatementTables tables(SqlText text, Database database) throws SQLException, NpzException {
        String sql = Statements.query(text.withFiles(SqlText.TABLES), text, database);
        StatementTables tables = new StatementTables();
        try (Rollback undo = Rollback.of(tables)) {
            workspace.tables().forEach((name, source) -> {
                if (text.mentions(name)) {
                    tables.put(
                            name,
                            Location.ofFile(null).member("table " + name),
                            source.table(allocator, workspace.limits()));
                }
            });
            int number = 0;
            for (String file : text.files()) {
                // A name for each place, so that joining a file with itself takes no copy.
                TableName name = TableName.of(SqlText.TABLES.apply(number++));
                Workspace.Source source = workspace.tables().get(TableName.ofPath(file));
                tables.put(
                        name,
                        Location.ofFile(file),
                        source != null
                                ? source.table(allocator, workspace.limits())
                                : FileTable.of(
                                        allocator,
                                        permitted(FileName.path(file)),
                                        FileName.array(file),
                                        workspace.limits()));
            }
            tables.describe(sql, text.isQuery(), text.isRecursive());
            return undo.commit(tables);
        }
    }

    /**
     * Runs a statement, and once more where the plan was wrong.
     *
     * @param parameters their values, or null for nulls
     */
    private ArrowReader run(StatementTables tables, @Nullable List<?> parameters, Database database, Plan planned)
            throws SQLException, NpzException {
        Execution execution = new Execution(database, tables, parameters, allocator, () -> running.remove(database));
        try (Rollback undo = Rollback.of(execution)) {
            Plan plan = planned;
            boolean all = tables.mayScanAgain();
            while (true) {
                tables.requireTypes(plan);
                if (cancelled) {
                    throw new CancellationException("the query was cancelled");
                }
                try {
                    execution.start(plan, all ? table -> true : planned.scannedTwice()::contains);
                    return undo.commit(execution.reader(() -> cancelled));
                } catch (SQLException | IllegalArgumentException e) {
                    String message = String.valueOf(e.getMessage());
                    boolean unplanned = e instanceof SQLException
                            ? message.contains(Plan.LEFT_OUT)
                            : !(e instanceof StatementTables.UnreadableException);
                    if (!cancelled && plan.leavesOut() && unplanned) {
                        plan = Plan.EVERYTHING;
                    } else if (!cancelled && !all && message.contains(SCANNED_TWICE)) {
                        all = true;
                    } else {
                        throw e;
                    }
                }
            }
        }
    }

    private Path permitted(String file) throws NpzException {
        Path path;
        try {
            path = Path.of(file).toRealPath();
        } catch (IOException | IllegalArgumentException e) {
            if (workspace.allowed().isEmpty()) {
                throw notAllowed(file);
            }
            NpzException.Builder missing = Location.ofFile(file)
                    .error(ErrorCode.IO, "there is no such file")
                    .cause(e);
            throw (file.contains("://") ? missing.remedy("Addresses are not read by statements") : missing).build();
        }
        for (Path root : workspace.allowed()) {
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
        return new IllegalArgumentException(
                "the statement may not read " + SafeText.quote(file) + ": it is not below an allowed path");
    }

    /** Has nothing to close: results are their readers'. */
    @Override
    public void close() {}
}
