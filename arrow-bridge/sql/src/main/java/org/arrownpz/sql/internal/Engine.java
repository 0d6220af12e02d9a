package org.arrownpz.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
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
                Database.open(0).close();
                started = true;
            }
        } catch (SQLException | LinkageError e) {
            throw SqlFaults.notStarted(e);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        running.forEach(Database::cancel);
    }

    @Override
    public ArrowReader query(String statement, List<?> parameters) throws NpzException {
        Statements.requireText(statement);
        SqlText text = new SqlText(statement, workspace.textFiles());
        try {
            StatementTables tables = null;
            Database database = open();
            try (Rollback undo = Rollback.of(() -> close(database))) {
                tables = tables(text, parameters, database);
                Plan plan = plan(tables, database);
                database.lock();
                undo.commit();
                return run(tables, text, database, plan);
            } catch (SQLException | NpzException | RuntimeException | Error e) {
                if (tables != null) {
                    tables.close();
                }
                throw e;
            }
        } catch (SQLException e) {
            throw fault(e, text);
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        }
    }

    @Override
    public Description describe(String statement, @Nullable List<?> parameters) throws NpzException {
        Statements.requireText(statement);
        SqlText text = new SqlText(statement, workspace.textFiles());
        List<String> types = List.of();
        List<?> values = parameters == null ? List.of() : parameters;
        try {
            Database database = open();
            try (AutoCloseable end = () -> close(database);
                    StatementTables tables = tables(text, values, database)) {
                if (tables.isPlannable()) {
                    Planner planner = new Planner(database, allocator);
                    planner.add(tables.fields());
                    types = database.parameterTypes(tables.sql());
                    values = parameters == null ? Collections.nCopies(types.size(), null) : parameters;
                    tables.requireTypes(planner.plan(tables.sql(), values));
                    database.lock();
                    return new Description(types, database.schema(tables.sql(), values, allocator));
                }
                if (parameters == null) {
                    types = database.parameterTypes(tables.sql());
                    values = Collections.nCopies(types.size(), null);
                }
            }
        } catch (SQLException e) {
            throw fault(e, text);
        } catch (OutOfMemoryException e) {
            throw SqlFaults.failed(Location.ofFile(null), e);
        } catch (NpzException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        // What its columns are depends on rows.
        return new Description(types, schemaOfRun(statement, values));
    }

    private Schema schemaOfRun(String statement, List<?> parameters) throws NpzException {
        try (ArrowReader rows = query(statement, parameters)) {
            return rows.getVectorSchemaRoot().getSchema();
        } catch (IOException e) {
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

    private NpzException fault(SQLException e, SqlText text) {
        if (cancelled) {
            CancellationException cancellation = new CancellationException("the query was cancelled");
            cancellation.initCause(e);
            throw cancellation;
        }
        return SqlFaults.statement(e, text);
    }

    private StatementTables tables(SqlText text, List<?> parameters, Database database)
            throws SQLException, NpzException {
        String sql = Statements.query(text.withFiles(SqlText.TABLES), text, database);
        StatementTables tables = new StatementTables(parameters);
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

    private Plan plan(StatementTables tables, Database database) throws SQLException, NpzException {
        return tables.isPlannable() && !tables.fields().isEmpty()
                ? new Planner(database, allocator).plan(tables)
                : Plan.EVERYTHING;
    }

    /** Takes the tables over where it succeeds, and the database always. */
    private ArrowReader run(StatementTables tables, SqlText text, Database first, Plan planned)
            throws SQLException, NpzException {
        Database database = first;
        Plan plan = planned;
        boolean all = tables.mayScanAgain();
        Predicate<TableName> copied = all ? table -> true : plan.scannedTwice()::contains;
        while (true) {
            try {
                return run(tables, database, plan, copied);
            } catch (IllegalArgumentException e) {
                if (!plan.leavesOut() || e instanceof StatementTables.UnreadableException) {
                    throw e;
                }
                plan = Plan.EVERYTHING;
            } catch (SQLException e) {
                String message = String.valueOf(e.getMessage());
                if (!cancelled && plan.leavesOut() && message.contains(Plan.LEFT_OUT)) {
                    plan = Plan.EVERYTHING;
                } else if (!cancelled && !all && message.contains(SCANNED_TWICE)) {
                    all = true;
                    copied = table -> true;
                } else {
                    throw e;
                }
            }
            // A plan that was wrong: the statement begins anew.
            database = openLocked();
        }
    }

    private Database openLocked() throws SQLException {
        Database database = open();
        try (Rollback undo = Rollback.of(() -> close(database))) {
            database.lock();
            return undo.commit(database);
        }
    }

    private ArrowReader run(StatementTables tables, Database database, Plan plan, Predicate<TableName> copied)
            throws SQLException, NpzException {
        Execution execution = new Execution(database, allocator);
        try {
            tables.requireTypes(plan);
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
            if (workspace.allowed().isEmpty()) {
                throw notAllowed(file);
            }
            NpzException.Builder missing = Location.ofFile(file)
                    .error(ErrorCode.IO, "there is no such file")
                    .cause(e);
            throw (file.contains("://") ? missing.remedy("Addresses are not read: download it first") : missing)
                    .build();
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
        return new IllegalArgumentException(String.format(
                Locale.ROOT, "the statement may not read %s: it is not below an allowed path", SafeText.quote(file)));
    }

    /** Has nothing to close: results are their readers'. */
    @Override
    public void close() {}
}
