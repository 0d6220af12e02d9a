package org.arrownpz.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.internal.Engine;
import org.arrownpz.sql.internal.Runner;
import org.arrownpz.sql.internal.Runner.Refusal;
import org.arrownpz.sql.internal.SqlText;
import org.arrownpz.sql.internal.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * SQL over frames and files, run by DuckDB: in this process for statements of one's own, or {@linkplain #isolated in
 * another one} for those of other people.
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
 * string literals after FROM, JOIN, DESCRIBE or SUMMARIZE ({@code .npz .npy .feather .arrow .ipc .arrows .parquet}, or one array: {@code x.npz:array}, {@code
 * x.safetensors:array}, {@code directory/:array}), where {@link #allow}
 * permits them. A statement is one query, or EXPLAIN of one, as DuckDB's own parser sees it, and calls no function that
 * does more than read; DuckDB itself reaches no file, no network and no extension, whatever the statement says. Only the
 * columns that a query needs are read, by DuckDB's own plan of it; index levels of NPZ files always. Numbers are read in
 * place; columns at odd addresses are copied, half floats become floats, list views lists, durations intervals of
 * microseconds (a finer one, or a finer time with a zone, fails the query, it is not cut). A table that a statement scans
 * twice is copied into DuckDB's memory first.
 *
 * <p>A query runs while its result is read, in a database of its own: frames stay open until the result is closed, and
 * nothing that a statement creates outlives it. Files that it reads must not change meanwhile, for DuckDB reads mapped
 * memory itself, see {@link org.arrownpz.ReadOptions.Mapping}. Not safe for use by several threads, {@link #cancel} excepted.
 */
public final class Sql implements AutoCloseable {
    private final Workspace workspace;
    private final Runner runner;

    Sql(Workspace workspace, Runner runner) {
        this.workspace = workspace;
        this.runner = runner;
    }

    /**
     * Starts without tables and without access to files.
     *
     * @param allocator takes files that must be copied, and holds results
     * @throws IllegalStateException when DuckDB cannot be started
     */
    public static Sql open(BufferAllocator allocator) {
        Workspace workspace = new Workspace();
        return new Sql(workspace, new Engine(allocator, workspace));
    }

    /**
     * Starts without tables, for statements that run in a process of their own, which ends with this object: one whose
     * memory passes {@link #withMemoryLimit} by more than a process takes itself, that does not end when it is cancelled,
     * or that ends its process, does nothing to this one. Its tables are files. {@link SqlWorkers} keeps processes for many.
     *
     * @param allocator holds results
     * @throws NpzException IO when there is no temporary directory
     */
    public static Sql isolated(BufferAllocator allocator) throws NpzException {
        return SqlWorkers.start(1, line -> {}).only(allocator);
    }

    /**
     * Makes a frame a table. It stays the caller's, and must be open until results are closed.
     *
     * @throws IllegalArgumentException when the name is taken; names ignore case; or when statements run in another process
     */
    public Sql with(String name, Frame frame) {
        if (!(runner instanceof Engine)) {
            throw new IllegalArgumentException(
                    "statements in another process read files alone, not frames of this one");
        }
        workspace.add(name, frame);
        return this;
    }

    /**
     * Makes a file a table, whatever {@link #allow} says; its extension tells the format. It is opened when a statement
     * mentions the name, which may also stand for a file there: {@code FROM 'name'}.
     *
     * @throws IllegalArgumentException when the name is taken; names ignore case
     */
    public Sql with(String name, Path file) {
        workspace.add("", name, file);
        return this;
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
        if (schema.isEmpty()) {
            throw new IllegalArgumentException("a schema has a name");
        }
        workspace.add(schema, name, file);
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
        workspace.setMemoryLimit(bytes);
        return this;
    }

    /**
     * Bounds the time that processors, all together, spend on a statement in a process of its own. One that needs more fails
     * with LIMIT.
     *
     * @throws IllegalArgumentException when statements run in this process, or the time is not positive
     */
    public Sql withProcessorLimit(Duration time) {
        if (runner instanceof Engine || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a positive time of processors bounds statements in another process");
        }
        workspace.setProcessorLimit(time.toNanos());
        return this;
    }

    /** Bounds what is read of NPY and NPZ files, in place of the default limits. */
    public Sql withLimits(ReadLimits bounds) {
        workspace.setLimits(bounds);
        return this;
    }

    /**
     * Lets statements name files of text, too, below allowed paths: {@code .csv .tsv .json .jsonl .ndjson}, also with {@code .gz}. Their types are
     * found by reading all of the file, each time that a statement names it.
     */
    public Sql withTextFiles() {
        workspace.setTextFiles(true);
        return this;
    }

    /**
     * Splits a text, such as a script or typed lines, into its statements, each with its semicolon. The last one is the rest
     * without a semicolon; it is empty where the rest is nothing or a comment.
     */
    public static List<String> statements(String text) {
        return new SqlText(text).statements();
    }

    /**
     * Ends queries that run, or whose results are read, with CancellationException, and refuses others; from any thread.
     * DuckDB does not look for it while it plans, nor within some functions: a statement in this process ends after that, an
     * {@link #isolated} one at once.
     */
    public void cancel() {
        runner.cancel();
    }

    /** Lets statements name these files, and all files below these directories, symbolic links resolved. */
    public Sql allow(Path... paths) {
        workspace.allow(List.of(paths));
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
            return runner.query(statement, parameters);
        } catch (Refusal e) {
            throw new StatementException(e);
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
        return describe(statement, parameters).schema();
    }

    /**
     * Tells what a statement takes and gives, without the values of its parameters. Rows are read only where the result
     * depends on them.
     *
     * @throws IllegalArgumentException as {@link #query(String)}
     * @throws NpzException as {@link #query(String)}
     */
    public Description describe(String statement) throws NpzException {
        Runner.Description known = describe(statement, null);
        return new Description(known.parameters(), known.schema());
    }

    private Runner.Description describe(String statement, @Nullable List<?> parameters) throws NpzException {
        try {
            return runner.describe(statement, parameters);
        } catch (Refusal e) {
            throw new StatementException(e);
        }
    }

    /**
     * The parameters and the result of a statement.
     *
     * @param parameters the types of its parameters, in order, in DuckDB's spelling ({@code BIGINT}); empty for one that
     *     could be any
     * @param schema of its result where these are null
     */
    public record Description(List<String> parameters, Schema schema) {}

    /** Forgets the tables; frames stay open, and so do results. */
    @Override
    public void close() {
        workspace.clear();
        runner.close();
    }

    /**
     * A statement that is refused. Its message is one line; {@link #excerpt()} shows the place in the statement as it was
     * written, where DuckDB tells it. Safe for use by several threads.
     */
    public static final class StatementException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String excerpt;

        StatementException(Refusal refusal) {
            super(refusal.getMessage(), refusal);
            this.excerpt = refusal.excerpt();
        }

        /** Two lines, the second with a caret below the first, both without control characters; or an empty text. */
        public String excerpt() {
            return excerpt;
        }
    }
}
