package org.arrownpz.sql.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.SafeText;
import org.arrownpz.support.Rollback;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * One in-memory database that reaches nothing but what is registered with it: no files, no network, no extensions, no
 * temporary files, and no statement can change that. The only class that knows DuckDB's.
 */
public final class Database implements AutoCloseable {
    /**
     * Once connected: access that is denied before that leaves DuckDB its own database's paths, below the working
     * directory, to write to.
     */
    private static final String CLOSE =
            "SET secret_directory = ''; SET allow_persistent_secrets = false;" + " SET enable_external_access = false";

    private static final String LOCK = "RESET threads; SET lock_configuration = true";
    private static final int MAX_BATCH_ROWS = 1 << 17;
    private static final int MIN_BATCH_ROWS = 1 << 11;
    /** Values in a batch of a result, so that a wide one is not made of huge batches. */
    private static final int BATCH_VALUES = 1 << 21;

    private static final int DECIMAL_DIGITS = 38;
    private static final int MAX_YEAR = 5_881_579;
    private static final int NANOS_PER_MICRO = 1000;

    private static final AtomicLong OPENED = new AtomicLong();
    private static final AtomicReference<@Nullable Database> SPARE = new AtomicReference<>();
    private static volatile String otherOptimizers = "";

    private final DuckDBConnection connection;
    private boolean showsColumns;
    private volatile @Nullable Statement statement;
    private volatile boolean cancelled;
    private @Nullable DuckDBResultSet result;

    private Database(DuckDBConnection connection) {
        this.connection = connection;
    }

    /**
     * A database that makes plans; {@link #lock} is called before statements run in it.
     *
     * @param memoryBytes what it may take, or 0 for DuckDB's default
     */
    static Database open(long memoryBytes) throws SQLException {
        OPENED.incrementAndGet();
        Database spare = SPARE.getAndSet(null);
        Database database = spare == null ? connect("") : spare;
        if (memoryBytes > 0) {
            try (Rollback undo = Rollback.of(database)) {
                database.execute("SET memory_limit = '" + memoryBytes + "B'");
                undo.commit();
            }
        }
        return database;
    }

    /**
     * A locked database for text, with times in UTC: one that reads a file, or one that gives long texts.
     *
     * @param file an absolute path, or null for long texts
     */
    public static Database ofFile(@Nullable Path file) throws SQLException {
        Database database = connect("SET TimeZone = 'UTC'; "
                + (file == null
                        ? "SET arrow_large_buffer_size = true; "
                        : "SET allowed_paths = [" + SqlText.literal(file.toString()) + "]; "));
        try (Rollback undo = Rollback.of(database)) {
            database.lock();
            return undo.commit(database);
        }
    }

    /** Opens one for the next statement of this process, of which opening takes the most time. */
    static void openSpare() throws SQLException {
        Database spare = connect("");
        if (!SPARE.compareAndSet(null, spare)) {
            spare.close();
        }
    }

    /** The number of databases opened so far, in this process. */
    static long opened() {
        return OPENED.get();
    }

    /**
     * Makes plans show the columns that statements need: of all optimizers only the one that drops unused columns works.
     * The others would find out that the tables are empty. Until {@link #lock}.
     */
    void showColumns() throws SQLException {
        String others = otherOptimizers;
        if (others.isEmpty()) {
            others = text("SELECT string_agg(name, ',') FROM duckdb_optimizers() WHERE name <> 'unused_columns'");
            otherOptimizers = others;
        }
        showsColumns = true;
        execute("SET disabled_optimizers = '" + others + "'");
    }

    /** Keeps statements from changing what they may do and take. */
    void lock() throws SQLException {
        execute((showsColumns ? "SET disabled_optimizers = ''; " : "") + LOCK);
    }

    private static Database connect(String first) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("temp_directory", "");
        // Until there are rows to read: the thread that waits for others takes as much of a processor as they do.
        settings.setProperty("threads", "1");
        // Whole results would be held outside of the memory limit.
        settings.setProperty("jdbc_stream_results", "true");
        if (!(new DuckDBDriver().connect("jdbc:duckdb:", settings) instanceof DuckDBConnection connection)) {
            throw new SQLException("DuckDB gives no connection");
        }
        Database database = new Database(connection);
        try (Rollback undo = Rollback.of(database)) {
            database.execute(first + CLOSE);
            return undo.commit(database);
        }
    }

    /** Gives a stream a name; it can be scanned once. The stream stays the caller's, who releases it. */
    public void register(String name, ArrowArrayStream stream) throws SQLException {
        try {
            connection.registerArrowStream(name, stream);
        } catch (RuntimeException e) {
            // The driver wraps what DuckDB says of the columns.
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement once = connection.createStatement()) {
            statement = once;
            requireRunning();
            once.execute(sql);
        } finally {
            statement = null;
        }
    }

    /** The first text of a statement that gives some. */
    public String text(String sql) throws SQLException {
        return texts(sql).get(0).get(0);
    }

    /** The rows of a statement that gives texts. */
    public List<List<String>> texts(String sql) throws SQLException {
        return texts(sql, List.of());
    }

    /**
     * The rows of a statement with parameters that gives texts.
     *
     * @param parameters their values, or null for nulls
     */
    List<List<String>> texts(String sql, @Nullable List<?> parameters) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement once = statement(sql, parameters);
                ResultSet read = start(once, sql, parameters)) {
            int columns = read.getMetaData().getColumnCount();
            while (read.next()) {
                List<String> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(read.getString(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /**
     * Starts a statement, which runs on while its result is read. Closed before the database, and the next statement.
     *
     * @param parameters their values, or null for nulls
     * @param width how many values one of the result stands for
     */
    public ArrowReader query(String sql, @Nullable List<?> parameters, BufferAllocator allocator, int width)
            throws SQLException {
        if (start(statement(sql, parameters), sql, parameters) instanceof DuckDBResultSet rows) {
            result = rows;
            requireNames(rows.getMetaData());
            int columns = Math.max(width, rows.getMetaData().getColumnCount());
            int batchRows = Math.max(MIN_BATCH_ROWS, Math.min(MAX_BATCH_ROWS, BATCH_VALUES / columns));
            if (rows.arrowExportStream(allocator, batchRows) instanceof ArrowReader reader) {
                return withSchema(reader);
            }
        }
        throw new SQLException("DuckDB gives no Arrow result");
    }

    /** The reader, which has read its schema: Arrow takes no long names there, and reads over their end. */
    private static ArrowReader withSchema(ArrowReader reader) throws SQLException {
        try (Rollback undo = Rollback.of(reader)) {
            reader.getVectorSchemaRoot();
            return undo.commit(reader);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(
                    "a column of the result, or a part of one, has a name of " + Short.MAX_VALUE
                            + " bytes or more: give it another name",
                    e);
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    /** Prepared where it has parameters: what is prepared may be planned twice. */
    private Statement statement(String sql, @Nullable List<?> parameters) throws SQLException {
        if (isPlain(parameters)) {
            return connection.createStatement();
        }
        PreparedStatement prepared = connection.prepareStatement(sql);
        try (Rollback undo = Rollback.of(prepared)) {
            int count = prepared.getParameterMetaData().getParameterCount();
            if (parameters == null) {
                for (int i = 1; i <= count; i++) {
                    prepared.setObject(i, null);
                }
                return undo.commit(prepared);
            }
            if (count != parameters.size()) {
                throw new IllegalArgumentException(
                        "the statement has " + count + " parameters, and " + parameters.size() + " are given");
            }
            for (int i = 0; i < count; i++) {
                requireExact(i + 1, parameters.get(i));
                prepared.setObject(i + 1, parameters.get(i));
            }
            return undo.commit(prepared);
        }
    }

    private static boolean isPlain(@Nullable List<?> parameters) {
        return parameters != null && parameters.isEmpty();
    }

    /** Refuses what the driver would cut, or give null or another date for. */
    private static void requireExact(int number, @Nullable Object value) {
        boolean exact = true;
        if (value instanceof BigDecimal decimal) {
            exact = Math.max(decimal.precision(), decimal.scale()) <= DECIMAL_DIGITS;
        } else if (value instanceof LocalDate date) {
            exact = date.getYear() >= 1 && date.getYear() <= MAX_YEAR;
        } else if (value instanceof Temporal time && time.isSupported(ChronoField.NANO_OF_SECOND)) {
            exact = time.get(ChronoField.NANO_OF_SECOND) % NANOS_PER_MICRO == 0;
        }
        if (!exact) {
            throw new IllegalArgumentException("parameter " + number + " is " + value + ", and may have "
                    + DECIMAL_DIGITS + " digits, the years 1 to " + MAX_YEAR + ", and whole microseconds");
        }
    }

    /** Starts a statement, which {@link #cancel} reaches while it is the last one. */
    private ResultSet start(Statement next, String sql, @Nullable List<?> parameters) throws SQLException {
        statement = next;
        requireRunning();
        // The driver's plain statements are of the same class.
        return !isPlain(parameters) && next instanceof PreparedStatement prepared
                ? prepared.executeQuery()
                : next.executeQuery(sql);
    }

    /**
     * Describes a query as DuckDB's own metadata have it: nothing of it is computed, but where these do not tell
     * a type ({@code ENUM}, or one that values of parameters decide), which a plan for no rows does. Locks the database.
     *
     * @param parameters their values, or null for nulls
     */
    Runner.Description describe(String sql, @Nullable List<?> parameters, BufferAllocator allocator)
            throws SQLException {
        List<String> parameterTypes;
        List<String> names = new ArrayList<>();
        List<String> nulls = new ArrayList<>();
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            parameterTypes = parameterTypes(prepared);
            ResultSetMetaData columns = prepared.getMetaData();
            requireNames(columns);
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i));
                nulls.add("CAST(NULL AS " + columns.getColumnTypeName(i) + ") AS "
                        + SqlText.quote(columns.getColumnName(i)));
            }
        }
        lock();
        Schema types;
        try {
            types = schema("SELECT " + String.join(", ", nulls), List.of(), allocator);
        } catch (SQLException e) {
            types = schema("SELECT * FROM (" + Statements.withoutEnd(sql) + "\n) LIMIT 0", parameters, allocator);
        }
        List<Field> fields = new ArrayList<>();
        for (Field field : types.getFields()) {
            fields.add(new Field(names.get(fields.size()), field.getFieldType(), field.getChildren()));
        }
        return new Runner.Description(parameterTypes, new Schema(fields));
    }

    private Schema schema(String sql, @Nullable List<?> parameters, BufferAllocator allocator) throws SQLException {
        try (ArrowReader rows = query(sql, parameters, allocator, 1)) {
            return rows.getVectorSchemaRoot().getSchema();
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), e);
        } finally {
            end();
        }
    }

    /** The types of a statement's parameters, in DuckDB's spelling; empty for one that could be any. */
    List<String> parameterTypes(String sql) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            return parameterTypes(prepared);
        }
    }

    private static List<String> parameterTypes(PreparedStatement prepared) throws SQLException {
        ParameterMetaData known = prepared.getParameterMetaData();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= known.getParameterCount(); i++) {
            String type = known.getParameterTypeName(i);
            types.add(type.equals("INVALID") || type.equals("UNKNOWN") ? "" : type);
        }
        return types;
    }

    /** Names of results can be made of values. On their way out of DuckDB they are C strings, which end at a NUL. */
    private static void requireNames(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnName(i);
            if (name.indexOf('\0') >= 0 || isCut(columns.getColumnTypeName(i))) {
                throw new IllegalArgumentException("column " + i + " of the result, " + SafeText.quote(name)
                        + ", has a NUL in its name, or in that of a part: give it another name");
            }
        }
    }

    /** Whether a type's name, which names the parts of nested columns, ends at a NUL, which is always within quotes. */
    private static boolean isCut(String type) {
        char quote = 0;
        for (char c : type.toCharArray()) {
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                // A quote twice, within quotes, closes and opens.
                quote = 0;
            }
        }
        return quote != 0;
    }

    /** A statement that is cancelled before it starts does not hear of it. */
    private void requireRunning() throws SQLException {
        if (cancelled) {
            throw new SQLException("cancelled");
        }
    }

    /** Ends the statement that runs, if one does, with an error, and refuses others; may be called from any thread. */
    void cancel() {
        cancelled = true;
        Statement running = statement;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException e) {
                // It is over already.
            }
        }
    }

    /** Ends the query whose result was read last, so that another can start. */
    public void end() throws SQLException {
        try (Statement second = statement;
                DuckDBResultSet first = result) {
            statement = null;
            result = null;
        }
    }

    @Override
    public void close() throws SQLException {
        try (DuckDBConnection last = connection) {
            end();
        }
    }
}
