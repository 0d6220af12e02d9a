package org.arrownpz.cli.verb;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.HeaderFlag;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.file.Urls;
import org.arrownpz.cli.prompt.SqlPrompt;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.Sql;
import org.arrownpz.sql.SqlWorkers;
import org.arrownpz.sql.TextTables;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs SQL over files. */
@Command(
        name = "sql",
        description = "Runs a SQL statement of DuckDB's dialect over files, named as strings after FROM and JOIN. "
                + "Without --out, prints the result as 'arrow-npz cat' does.",
        footer = {
            "",
            "Files in the statement: .npz, .npy, .feather, .arrow, .ipc, .arrows, .parquet, with --allow-files .csv and",
            ".json; others with --table. One array of an archive: 'x.npz:name'. Index levels are columns. Only the columns",
            "that the statement needs are read. The statement is one query, and reaches no file, network or extension itself.",
            "",
            "Without a statement: .tables, .schema NAME and .quit beside statements that end in a semicolon.",
            "",
            "Examples:",
            "  arrow-npz sql \"SELECT ticker, avg(close) FROM 'prices.npz' GROUP BY ALL\"",
            "  arrow-npz sql \"FROM p JOIN s USING (ticker)\" --table p=prices.npz --table s=sectors.csv -o joined.npz"
        })
public final class SqlCommand extends Verb {
    private static final String FILES_ONLY = "a statement reaches files only";
    private static final Pattern TEXT_FILE = Pattern.compile("\\.(csv|json|jsonl|ndjson)'", Pattern.CASE_INSENSITIVE);

    @Parameters(
            paramLabel = "QUERY",
            arity = "0..1",
            description = "The statement. Without one, statements are asked for, or read from standard input.")
    @Nullable
    String query;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            description = "Write the result to this file of any format, or to - as an Arrow stream.")
    @Nullable
    String target;

    @Option(
            names = "--table",
            paramLabel = "NAME=PATH",
            description = "Give a file of any format, or - for an Arrow stream, a table's name. May be repeated.")
    Map<String, String> tables = new LinkedHashMap<>();

    @Option(
            names = "--allow-files",
            description = "Also read .csv, .tsv, .json, .jsonl and .ndjson files that the statement names.")
    boolean allowFiles;

    @Option(names = "--json", description = "Without --out: print JSON also on a terminal.")
    boolean json;

    @Option(names = "--csv", description = "Without --out: print CSV.")
    boolean csv;

    /** The database that Ctrl-C cancels at the prompt. */
    private volatile @Nullable Sql running;

    @Mixin
    HeaderFlag header = new HeaderFlag();

    @Mixin
    ResultFlags result = new ResultFlags();

    public SqlCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        if ((target != null && (json || csv)) || (json && csv)) {
            throw new UsageException("--out, --json and --csv exclude one another");
        }
        if (query == null && target != null) {
            throw new UsageException("--out takes the result of one statement, and none is given");
        }
        result.check(target, json, console);
        List<Frame> sources = new ArrayList<>();
        try (BufferAllocator allocator = allocator()) {
            try {
                List<Consumer<Sql>> named = new ArrayList<>();
                for (Map.Entry<String, String> table : tables.entrySet()) {
                    named.add(table(table.getKey(), table.getValue(), sources, allocator));
                }
                if (!sources.isEmpty() || !isIsolated()) {
                    run(named, () -> Sql.open(allocator));
                } else {
                    try (SqlWorkers workers = SqlWorkers.start(1, line -> {})) {
                        run(named, () -> workers.take(allocator, "", () -> false));
                    }
                }
            } finally {
                sources.forEach(Frame::close);
            }
        }
        return ExitCodes.OK;
    }

    /** Whether statements run in a process of their own: where a bound must hold, or Ctrl-C end the statement alone. */
    private boolean isIsolated() {
        return memoryLimit < Long.MAX_VALUE || (query == null && console.outIsTerminal() && Console.inIsTerminal());
    }

    /** Opens the database for a statement. */
    private interface Place {
        Sql open() throws IOException;
    }

    private void run(List<Consumer<Sql>> named, Place place) throws IOException {
        SqlPrompt.Statement runner = statement -> run(statement, named, place);
        if (query != null) {
            runner.run(query);
        } else {
            new SqlPrompt(console, List.copyOf(tables.keySet()), runner, this::cancel).run();
        }
    }

    /** Of the statement that runs, the only one: a cancelled object takes no other. */
    private void run(String statement, List<Consumer<Sql>> named, Place place) throws IOException {
        try (Sql sql = place.open()) {
            sql.withLimits(header.apply(ReadOptions.defaults()).limits());
            if (memoryLimit < Long.MAX_VALUE) {
                sql.withMemoryLimit(memoryLimit);
            }
            if (allowFiles) {
                sql.withTextFiles();
            }
            FileSystems.getDefault().getRootDirectories().forEach(sql::allow);
            named.forEach(table -> table.accept(sql));
            running = sql;
            run(sql, statement);
        } finally {
            running = null;
        }
    }

    private void cancel() {
        Sql sql = running;
        if (sql != null) {
            sql.cancel();
        }
    }

    private void run(Sql sql, String statement) throws IOException {
        try (Progress progress = Progress.start(console)) {
            if (target == null) {
                progress.follow("running the query", 0);
            } else {
                Growth.show(progress, target);
            }
            try (ArrowReader rows = sql.query(statement)) {
                if (target == null) {
                    progress.close();
                }
                write(rows);
            }
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            if (!allowFiles
                    && message.startsWith(FILES_ONLY)
                    && TEXT_FILE.matcher(statement).find()) {
                throw new UsageException(message + "; those of text with --allow-files, or --table NAME=PATH");
            }
            throw e;
        }
    }

    /** Formats that SQL reads by columns are left to it; others are read here. */
    private Consumer<Sql> table(String name, String given, List<Frame> sources, BufferAllocator allocator)
            throws IOException {
        if (name.isEmpty() || given.isEmpty()) {
            throw new UsageException("--table takes a name and a path, such as p=prices.npz, not '"
                    + SafeText.escape(name + "=" + given, 1000) + "'");
        }
        String path = inputs.of(given);
        Format format = Format.ofName(path);
        boolean byColumns = format == Format.NPZ || format == Format.NPY || format == Format.PARQUET;
        if ((byColumns || format != null && format.isIpc()) && !Urls.isUrl(path)) {
            return sql -> sql.with(name, Path.of(path));
        }
        ReadFlags flags = new ReadFlags();
        flags.size = header.size;
        Frame source = Source.open(allocator, path, flags, console);
        sources.add(source);
        return sql -> sql.with(name, source);
    }

    private void write(ArrowReader rows) throws IOException {
        if (csv) {
            TextTables.write(rows, console.out(), "csv");
        } else {
            result.write(rows, target, json, console);
        }
    }
}
