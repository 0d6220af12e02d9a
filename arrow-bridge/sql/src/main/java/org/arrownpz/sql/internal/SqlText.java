package org.arrownpz.sql.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The words of a SQL statement, as far as needed to find what it reads: string literals after FROM, JOIN, DESCRIBE and
 * SUMMARIZE that name files, and identifiers. Comments, quotes, escape strings and dollar quotes are those of DuckDB's (PostgreSQL's)
 * lexer. Not a parser: what it takes for a table and is none makes no difference.
 */
public final class SqlText {
    /** Words that may follow a table and are no alias. */
    private static final Set<String> CLAUSES = words("""
            WHERE JOIN INNER LEFT RIGHT FULL CROSS NATURAL ASOF POSITIONAL SEMI ANTI LATERAL ON
            USING GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT QUALIFY WINDOW SAMPLE
            TABLESAMPLE SELECT FETCH FOR PIVOT UNPIVOT SET WITH""");

    private static final Set<String> ENDS_OF_FROM = words("""
            WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT QUALIFY WINDOW SELECT
            VALUES RETURNING""");

    private static final Set<String> EXPLAIN_OPTIONS = Set.of("ANALYZE", "ANALYSE", "FORMAT");

    /** Their columns come from values. */
    private static final Set<String> PIVOTS = Set.of("PIVOT", "PIVOT_WIDER", "PIVOT_LONGER", "UNPIVOT");

    enum Kind {
        WORD,
        QUOTED,
        STRING,
        OTHER
    }

    /**
     * One token.
     *
     * @param text the word as written, or the content of quotes
     */
    record Token(Kind kind, int start, int end, String text) {
        boolean is(String keyword) {
            return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
        }

        boolean isName() {
            return kind == Kind.QUOTED || (kind == Kind.WORD && !CLAUSES.contains(text.toUpperCase(Locale.ROOT)));
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Integer> files = new ArrayList<>();
    private final boolean texts;

    /** A statement of DuckDB's alone. */
    public SqlText(String sql) {
        this(sql, false);
    }

    /** @param texts whether files of text are tables, too */
    SqlText(String sql, boolean texts) {
        this.sql = sql;
        this.texts = texts;
        scan();
        findFiles();
    }

    String statement() {
        return sql;
    }

    /** The files that the statement reads, in order; the same file twice is there twice. */
    List<String> files() {
        return files.stream().map(position -> tokens.get(position).text()).toList();
    }

    /** Whether a name may be used as a table; DuckDB's names ignore case. */
    boolean mentions(TableName table) {
        for (int i = 0; i < tokens.size(); i++) {
            boolean named = isName(i, table.name());
            if (named && (!table.hasSchema() || (i > 1 && isOther(i - 1, ".") && isName(i - 2, table.schema())))) {
                return true;
            }
        }
        return false;
    }

    private boolean isName(int position, String name) {
        Token token = tokens.get(position);
        return (token.kind() == Kind.WORD || token.kind() == Kind.QUOTED)
                && token.text().equalsIgnoreCase(name);
    }

    /**
     * Whether it is a single query whose result has the same columns whatever rows there are; false also where that is
     * not sure.
     */
    boolean isQuery() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean end = isOther(i, ";");
            boolean pivot =
                    token.kind() == Kind.WORD && PIVOTS.contains(token.text().toUpperCase(Locale.ROOT));
            if (pivot || (end && i < tokens.size() - 1)) {
                return false;
            }
        }
        return !tokens.isEmpty()
                && (tokens.get(0).is("SELECT")
                        || tokens.get(0).is("WITH")
                        || tokens.get(0).is("FROM")
                        || tokens.get(0).text().equals("("));
    }

    /** The place at which the statement begins that EXPLAIN and its options stand before; 0 where there is no EXPLAIN. */
    int explained() {
        if (tokens.isEmpty() || !tokens.get(0).is("EXPLAIN")) {
            return 0;
        }
        int next = 1;
        if (isOption(next)) {
            next++;
        } else if (isOther(next, "(") && isOption(next + 1)) {
            next++;
            while (isOther(next, ",")
                    || (next < tokens.size() && tokens.get(next).kind() == Kind.WORD)) {
                next++;
            }
            next = isOther(next, ")") ? next + 1 : 1;
        }
        return next < tokens.size() ? tokens.get(next).start() : sql.length();
    }

    private boolean isOption(int position) {
        return position < tokens.size()
                && tokens.get(position).kind() == Kind.WORD
                && EXPLAIN_OPTIONS.contains(tokens.get(position).text().toUpperCase(Locale.ROOT));
    }

    private boolean isOther(int position, String text) {
        Token token = position < tokens.size() ? tokens.get(position) : null;
        return token != null && token.kind() == Kind.OTHER && token.text().equals(text);
    }

    /** The words before a position, without what stands between them. */
    String words(int end) {
        return tokens.stream()
                .filter(token -> token.end() <= end)
                .map(Token::text)
                .collect(Collectors.joining(" "));
    }

    /** The statements, each with its semicolon; what follows the last one comes last, empty where that says nothing. */
    public List<String> statements() {
        List<String> statements = new ArrayList<>();
        int start = 0;
        boolean empty = true;
        for (Token token : tokens) {
            boolean end = token.kind() == Kind.OTHER && token.text().equals(";");
            if (end) {
                if (!empty) {
                    statements.add(sql.substring(start, token.end()).strip());
                }
                start = token.end();
            }
            empty = end;
        }
        statements.add(empty ? "" : sql.substring(start).stripLeading());
        return statements;
    }

    boolean isRecursive() {
        return tokens.stream().anyMatch(token -> token.is("RECURSIVE"));
    }

    /** The statement with {@link #replacements}. */
    String withFiles(IntFunction<String> names) {
        StringBuilder result = new StringBuilder();
        int done = 0;
        for (Replacement replacement : replacements(names)) {
            result.append(sql, done, replacement.start()).append(replacement.text());
            done = replacement.end();
        }
        return result.append(sql, done, sql.length()).toString();
    }

    /** The names under which DuckDB knows the files. */
    static final IntFunction<String> TABLES = i -> "__arrow_npz_file_" + i;

    /**
     * The text that DuckDB sees in place of a file.
     *
     * @param start where the file stands in the statement
     * @param end where it ends
     */
    record Replacement(int start, int end, String text) {}

    /** The files' replacements, in order: their names, under the file's stem as alias where there is none. */
    List<Replacement> replacements(IntFunction<String> names) {
        List<Replacement> replacements = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Token token = tokens.get(files.get(i));
            String name = quote(names.apply(i));
            String text = hasAlias(files.get(i)) ? name : name + " AS " + quote(FileName.stem(token.text()));
            if (files.get(i) > 0 && isDescribed(tokens.get(files.get(i) - 1))) {
                text = "FROM " + text;
            }
            replacements.add(new Replacement(token.start(), token.end(), text));
        }
        return replacements;
    }

    /** The user's own words for DuckDB's names of files. */
    String withoutNames(String message) {
        String own = message;
        for (int i = files.size() - 1; i >= 0; i--) {
            own = own.replace(TABLES.apply(i), tokens.get(files.get(i)).text());
        }
        return own;
    }

    private static Set<String> words(String text) {
        return Set.of(text.split("\\s+"));
    }

    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A string as SQL writes it. */
    public static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    private boolean hasAlias(int position) {
        return position + 1 < tokens.size()
                && (tokens.get(position + 1).is("AS")
                        || tokens.get(position + 1).isName());
    }

    private static boolean isDescribed(@Nullable Token before) {
        return before != null && (before.is("DESCRIBE") || before.is("DESC") || before.is("SUMMARIZE"));
    }

    private void findFiles() {
        // For each open parenthesis, whether its text is within a FROM clause, where commas separate tables.
        Deque<Boolean> clauses = new ArrayDeque<>();
        boolean from = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            Token before = i == 0 ? null : tokens.get(i - 1);
            if (isOther(i, "(")) {
                clauses.push(from);
                from = false;
            } else if (isOther(i, ")")) {
                from = !clauses.isEmpty() && clauses.pop();
            } else if (token.is("FROM")) {
                from = before == null || !before.is("DISTINCT");
            } else if (token.kind() == Kind.WORD
                    && ENDS_OF_FROM.contains(token.text().toUpperCase(Locale.ROOT))) {
                from = false;
            } else if (token.kind() == Kind.STRING && before != null && FileName.isTable(token.text(), texts)) {
                boolean listed = isOther(i - 1, ",") || before.is("FROM") || before.is("JOIN");
                if (isDescribed(before) || (from && listed)) {
                    files.add(i);
                }
            }
        }
    }

    private void scan() {
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                at = lineEnd(at);
            } else if (sql.startsWith("/*", at)) {
                at = commentEnd(at);
            } else {
                at = token(at, c);
            }
        }
    }

    private int token(int at, char c) {
        if (c == '\'' || c == '"') {
            return quoted(at, at, c, false);
        }
        if ((c == 'e' || c == 'E') && sql.startsWith("'", at + 1)) {
            return quoted(at, at + 1, '\'', true);
        }
        if (c == '$') {
            int end = dollarQuote(at);
            if (end > at) {
                return end;
            }
        }
        if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int end = at + 1;
            while (end < sql.length() && isPart(sql.charAt(end))) {
                end++;
            }
            return add(Kind.WORD, at, end, sql.substring(at, end));
        }
        return add(Kind.OTHER, at, at + 1, String.valueOf(c));
    }

    private static boolean isPart(char c) {
        return c == '_' || c == '$' || Character.isUnicodeIdentifierPart(c);
    }

    private int add(Kind kind, int start, int end, String text) {
        tokens.add(new Token(kind, start, end, text));
        return end;
    }

    private int quoted(int start, int open, char quote, boolean escapes) {
        StringBuilder text = new StringBuilder();
        int at = open + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (escapes && c == '\\' && at + 1 < sql.length()) {
                text.append(sql.charAt(at + 1));
                at += 2;
            } else if (c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                text.append(quote);
                at += 2;
            } else if (c == quote) {
                at++;
                break;
            } else {
                text.append(c);
                at++;
            }
        }
        return add(quote == '"' ? Kind.QUOTED : Kind.STRING, start, at, text.toString());
    }

    /** The end of $$…$$ or $tag$…$tag$, or the start where there is none, as for the parameter $1. */
    private int dollarQuote(int at) {
        int tagEnd = at + 1;
        while (tagEnd < sql.length() && isPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
            tagEnd++;
        }
        boolean number = tagEnd > at + 1 && Character.isDigit(sql.charAt(at + 1));
        if (number || tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
            return at;
        }
        String tag = sql.substring(at, tagEnd + 1);
        int close = sql.indexOf(tag, tagEnd + 1);
        int end = close < 0 ? sql.length() : close + tag.length();
        return add(Kind.OTHER, at, end, "");
    }

    private int lineEnd(int at) {
        int end = at;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** Comments nest. */
    private int commentEnd(int start) {
        int depth = 0;
        int at = start;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return at;
    }
}
