package org.arrownpz.sql.internal;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.arrownpz.SafeText;

/**
 * Lets through what only reads: one query, as DuckDB's own parser sees it, for it runs every statement of a text, and
 * settings cannot forbid each thing that another statement, or a function, does.
 */
final class Statements {
    /** DuckDB's tree of a statement takes hundreds of times its text, outside of any limit. */
    private static final int MAX_CHARS = 1 << 18;

    /**
     * Functions that a query can call and that do more than read: they write to the process's output, change how the
     * database works, take native addresses, or run a statement that they are given as text.
     */
    private static final Set<String> REFUSED = Set.of("""
            arrow_scan arrow_scan_dumb checkpoint disable_logging disable_profiling enable_logging enable_profiling
            force_checkpoint json_execute_serialized_sql query truncate_duckdb_logs write_log""".split("\\s+"));

    private static final String KINDS = "SELECT, WITH, FROM, VALUES, TABLE, PIVOT, UNPIVOT, DESCRIBE, SUMMARIZE, SHOW,"
            + " or EXPLAIN before one of them";
    private static final String NO_SELECT = "not implemented";
    private static final Pattern WORD = Pattern.compile("\\w+");

    private Statements() {}

    /**
     * Refuses texts that DuckDB would not see as they are.
     *
     * @throws IllegalArgumentException when it is too long, or has a NUL, where DuckDB ends it
     */
    static void requireText(String statement) {
        if (statement.length() > MAX_CHARS) {
            throw new IllegalArgumentException("the statement has " + statement.length() + " characters and may have "
                    + MAX_CHARS + ": give long lists of values as a table");
        }
        int nul = statement.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(
                    "the statement has a NUL, as character " + (nul + 1) + ": write chr(0) in its place");
        }
    }

    /**
     * The statement as it may be run.
     *
     * @param sql with names in place of files
     * @param written as it was given
     * @throws IllegalArgumentException when it is anything but one query, or calls a function that does more than read
     */
    static String query(String sql, SqlText written, Database database) throws SQLException {
        SqlText text = new SqlText(sql);
        int explained = text.explained();
        String query = sql.substring(explained);
        Parsed parsed = parse(query, database);
        if (explained == 0
                && parsed.isOther()
                && parse("FROM (" + withoutEnd(query) + "\n)", database).isOther()) {
            // What is one in parentheses and by itself is a pivot whose columns come from values, which DuckDB makes
            // several statements of, and tells nothing about. Its functions are among its words.
            parsed = new Parsed("", "", 1, "", words(query));
        }
        if (parsed.isOther()) {
            throw new IllegalArgumentException("a statement may only read: " + KINDS);
        }
        if (!parsed.error().isEmpty()) {
            throw new Runner.Refusal(
                    SqlFaults.REFUSED + SafeText.escape(written.withoutNames(parsed.message()), 1000),
                    Excerpt.of(written, explained, parsed.position()),
                    null);
        }
        if (parsed.statements() != 1) {
            throw new IllegalArgumentException(
                    "there must be one statement, not " + parsed.statements() + ": " + KINDS);
        }
        parsed.functions().stream().filter(REFUSED::contains).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("a statement may only read, so that it may not call " + name);
        });
        // What stands before it is spelled anew, so that nothing is run that was not looked at.
        return explained == 0 ? sql : text.words(explained) + " " + query;
    }

    /** A query without the semicolons and space that end it. */
    static String withoutEnd(String query) {
        int end = query.length();
        while (end > 0 && (query.charAt(end - 1) == ';' || Character.isWhitespace(query.charAt(end - 1)))) {
            end--;
        }
        return query.substring(0, end);
    }

    private static Parsed parse(String sql, Database database) throws SQLException {
        List<String> row = database.texts("SELECT coalesce(tree ->> '$.error_type', ''),"
                        + " coalesce(tree ->> '$.error_message', ''),"
                        + " coalesce(json_array_length(tree, '$.statements'), 0),"
                        + " coalesce(tree ->> '$.position', ''),"
                        + " json_extract_string(tree, '$..function_name')::VARCHAR"
                        + " FROM (SELECT json_serialize_sql('" + sql.replace("'", "''") + "') AS tree)")
                .get(0);
        return new Parsed(row.get(0), row.get(1), Integer.parseInt(row.get(2)), row.get(3), words(row.get(4)));
    }

    private static List<String> words(String text) {
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        return words.results().map(match -> match.group()).toList();
    }

    /**
     * The parser's answer.
     *
     * @param error the kind of the error, or empty
     * @param statements how many queries there are
     * @param position where the error is, in bytes, or empty
     * @param functions what they call
     */
    private record Parsed(String error, String message, int statements, String position, List<String> functions) {
        /** Whether there is another statement than a query. */
        boolean isOther() {
            return error.equals(NO_SELECT);
        }
    }
}
