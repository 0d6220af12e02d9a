package org.arrownpz.sql.internal.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.sql.internal.Database;
import org.arrownpz.sql.internal.SqlFaults;
import org.arrownpz.sql.internal.SqlText;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a text file as DuckDB reads it: once for the types, which the whole file tells, and once for the values. The
 * database reaches no other file. Owns both.
 */
public final class TextReader extends BatchReader.Owned {
    /** One that nests deeper overflows DuckDB's stack, which ends the process. */
    private static final int MAX_DEPTH = 64;

    /** The form of a file that DuckDB is not to guess at: of RFC 4180, with dates of ISO 8601. */
    private static final String CSV = ", header = true, quote = '\"', escape = '\"', comment = '', skip = 0,"
            + " strict_mode = true, hive_partitioning = false";

    /** Said where timestamps are not those of ISO 8601: the month may be the day. */
    private static final String NO_TIMESTAMPS =
            ", auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'TIME', 'DATE', 'VARCHAR']";

    private static final String INTEGERS =
            "WHEN max($) <= 9223372036854775807 AND min($) >= -9223372036854775808 THEN 'BIGINT'"
                    + " WHEN max($) <= 18446744073709551615 AND min($) >= 0 THEN 'UBIGINT' ELSE 'HUGEINT'";

    /** The least number that is none of int64. */
    private static final String INT64 = "9223372036854775808";

    private static final String DIGITS = "CASE WHEN bool_and(regexp_full_match(trim($), '[-+]?[0-9]+'))"
            + " THEN CASE WHEN bool_and(TRY_CAST($ AS UBIGINT) IS NOT NULL OR $ IS NULL) THEN 'UBIGINT' ELSE 'VARCHAR' END"
            + " WHEN bool_or(isinf(TRY_CAST($ AS DOUBLE)) AND regexp_matches($, '[0-9]')) THEN 'VARCHAR' ELSE 'DOUBLE' END";

    private static final String TIMES =
            "WHEN bool_and(%1$s) THEN 'TIMESTAMP_S%3$s' WHEN bool_and(%2$s) THEN 'TIMESTAMP_MS%3$s'"
                    + " ELSE 'TIMESTAMP%3$s'";

    private static final int BATCH_WIDTH = 128;

    private static final String JSON = ", format = 'newline_delimited', records = 'true', sample_size = -1,"
            + " maximum_depth = " + MAX_DEPTH + ", field_appearance_threshold = 0, map_inference_threshold = -1,"
            + " hive_partitioning = false";

    /** A name that DuckDB may have made of another that differs in case alone, or of an empty one. */
    private static final Pattern MADE = Pattern.compile("(?s).*_\\d+|C\\d+");

    private final TextFile file;
    private final Meter meter;
    private final VectorSchemaRoot root;

    private TextReader(BufferAllocator allocator, ArrowReader rows, TextFile file, Meter meter, AutoCloseable owner)
            throws IOException {
        super(allocator, rows, owner);
        this.file = file;
        this.meter = meter;
        this.root = VectorSchemaRoot.create(
                new Schema(rows.getVectorSchemaRoot().getSchema().getFields().stream()
                        .map(TextReader::named)
                        .toList()),
                allocator);
    }

    /** A field with the name for items of lists that Arrow has: DuckDB has another. */
    private static Field named(Field field) {
        boolean list = field.getType() instanceof ArrowType.List;
        return new Field(
                field.getName(),
                field.getFieldType(),
                field.getChildren().stream()
                        .map(TextReader::named)
                        .map(child -> list ? new Field("item", child.getFieldType(), child.getChildren()) : child)
                        .toList());
    }

    /**
     * Opens a file of CSV or JSON lines.
     *
     * @param columns the columns to read, in this order; null or none for all
     * @throws NpzException IO; VALUE when the file is not of the form; LIMIT when memory is refused
     * @throws IllegalArgumentException when there is no column of such a name, or one is named twice
     */
    public static TextReader open(BufferAllocator allocator, Path path, boolean json, @Nullable List<String> columns)
            throws NpzException {
        TextFile file = TextFile.of(path);
        Meter meter = Meter.begin(file.size(), file.size());
        try (Rollback undo = Rollback.of(file)) {
            if (json) {
                requireShallow(file);
            }
            CsvHeader header = json ? null : CsvHeader.of(file);
            Database database = Database.ofFile(file.path());
            BufferAllocator lent = new RootAllocator();
            try (Rollback second = Rollback.of(database);
                    Rollback third = Rollback.of(lent)) {
                String sql = header == null ? json(database, file, columns) : csv(database, file, header, columns);
                ArrowReader rows = rows(database, sql, file, lent);
                third.commit();
                second.commit();
                return undo.commit(new TextReader(allocator, rows, file, meter, () -> {
                    try (file;
                            lent) {
                        database.close();
                    }
                }));
            }
        } catch (SQLException | IOException e) {
            meter.end();
            throw SqlFaults.text(file.location(), e);
        }
    }

    private static ArrowReader rows(Database database, String sql, TextFile file, BufferAllocator allocator)
            throws SQLException, NpzException {
        try {
            return database.query(sql, List.of(), allocator, BATCH_WIDTH);
        } catch (IllegalArgumentException e) {
            // A name that is too long, or has a NUL.
            throw file.invalid(String.valueOf(e.getMessage()));
        }
    }

    private static String source(TextFile file, String plain) {
        return "(" + SqlText.literal(file.path().toString()) + ", compression = '" + (file.gzip() ? "gzip" : plain)
                + "'";
    }

    private static String csv(Database database, TextFile file, CsvHeader header, @Nullable List<String> columns)
            throws SQLException {
        List<String> names = header.names();
        String options = csv(file, header) + ", allow_quoted_nulls = false, dateformat = '%Y-%m-%d'";
        String guess = options + ", names = "
                + numbered(names.size()).map(name -> "'" + name + "'").toList();
        Map<String, String> types;
        try {
            boolean iso = database.text("SELECT coalesce(TimestampFormat, '') FROM sniff_csv" + guess + ")")
                    .isEmpty();
            types = types(database, "read_csv" + guess + ", sample_size = -1" + (iso ? "" : NO_TIMESTAMPS) + ")");
        } catch (SQLException e) {
            explain(file, header, database);
            throw e;
        }
        keepDigits(database, types, options);
        String source = typed(options, types);
        List<String> selected = new ArrayList<>();
        for (String name : select(names, columns)) {
            String column = "c" + names.indexOf(name);
            selected.add(narrowed(database, column, types.get(column), source) + " AS " + SqlText.quote(name));
        }
        return "SELECT " + String.join(", ", selected) + " FROM " + source;
    }

    private static String typed(String options, Map<String, String> types) {
        return "read_csv" + options + ", auto_detect = false, columns = {"
                + types.entrySet().stream()
                        .map(type -> type.getKey() + ": '" + type.getValue() + "'")
                        .collect(Collectors.joining(", "))
                + "})";
    }

    /** Makes columns uint64, or text, whose integers or whose sizes float64 does not hold, which DuckDB takes for it. */
    private static void keepDigits(Database database, Map<String, String> types, String options) throws SQLException {
        List<String> reals = types.keySet().stream()
                .filter(column -> "DOUBLE".equals(types.get(column)))
                .toList();
        if (reals.isEmpty()) {
            return;
        }
        List<String> wide = database.texts("SELECT "
                        + reals.stream()
                                .map(column -> "coalesce(max(abs(" + column + ")) >= " + INT64 + ", false)::VARCHAR")
                                .collect(Collectors.joining(", "))
                        + " FROM " + typed(options, types))
                .get(0);
        Map<String, String> texts = new LinkedHashMap<>(types);
        texts.replaceAll((column, type) -> "VARCHAR");
        for (int i = 0; i < reals.size(); i++) {
            String column = reals.get(i);
            if (wide.get(i).equals("true")) {
                types.put(
                        column,
                        database.text("SELECT " + DIGITS.replace("$", column) + " FROM " + typed(options, texts)));
            }
        }
    }

    /** The types of columns as DuckDB tells them. */
    private static Map<String, String> types(Database database, String source) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        database.texts("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + source + ")")
                .forEach(row -> types.put(row.get(0), row.get(1)));
        return types;
    }

    /** A column as the narrowest type that holds it, where DuckDB takes the widest of a kind. */
    private static String narrowed(Database database, String column, @Nullable String type, String source)
            throws SQLException {
        String cases;
        if ("HUGEINT".equals(type)) {
            cases = INTEGERS.replace("$", column);
        } else if ("TIMESTAMP".equals(type)) {
            cases = String.format(Locale.ROOT, TIMES, whole(column, 1_000_000), whole(column, 1000), "");
        } else if ("TIMESTAMP[]".equals(type)) {
            String all = "coalesce(list_bool_and(list_transform(" + column + ", lambda v: %s)), true)";
            cases = String.format(
                    Locale.ROOT,
                    TIMES,
                    all.replace("%s", whole("v", 1_000_000)),
                    all.replace("%s", whole("v", 1000)),
                    "[]");
        } else {
            return column;
        }
        return column + "::" + database.text("SELECT CASE " + cases + " END FROM " + source);
    }

    private static String whole(String time, int micros) {
        return "isfinite(" + time + ") AND epoch_us(" + time + ") % " + micros + " = 0";
    }

    private static String csv(TextFile file, CsvHeader header) {
        return source(file, "none") + ", delim = '" + header.delimiter() + "'" + CSV;
    }

    private static Stream<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c" + i);
    }

    /** Fails with the line that does not fit: guessing, DuckDB tells none. */
    private static void explain(TextFile file, CsvHeader header, Database database) throws SQLException {
        database.texts("SELECT count(*) FROM read_csv" + csv(file, header) + ", auto_detect = false, columns = {"
                + numbered(header.names().size())
                        .map(name -> name + ": 'VARCHAR'")
                        .collect(Collectors.joining(", "))
                + "})");
    }

    private static String json(Database database, TextFile file, @Nullable List<String> columns)
            throws SQLException, NpzException {
        String source = "read_json" + source(file, "uncompressed") + JSON + ")";
        Map<String, String> types = types(database, source);
        List<String> names = List.copyOf(types.keySet());
        if (names.stream().anyMatch(name -> MADE.matcher(name).matches())) {
            Set<String> keys = new HashSet<>();
            database.texts("SELECT DISTINCT unnest(json_keys(json)) FROM " + "read_json_objects"
                            + source(file, "uncompressed")
                            + ", format = 'newline_delimited', hive_partitioning = false)")
                    .forEach(row -> keys.add(row.get(0)));
            for (String name : names) {
                if (!keys.contains(name)) {
                    throw file.invalid("names that are empty, or differ in case alone, one of which would become "
                            + SafeText.quote(name));
                }
            }
        }
        List<String> selected = new ArrayList<>();
        for (String name : select(names, columns)) {
            String column = SqlText.quote(name);
            selected.add(narrowed(database, column, types.get(name), source) + " AS " + column);
        }
        return "SELECT " + String.join(", ", selected) + " FROM " + source;
    }

    private static List<String> select(List<String> names, @Nullable List<String> columns) {
        if (columns == null || columns.isEmpty()) {
            return names;
        }
        Set<String> chosen = new HashSet<>();
        for (String name : columns) {
            if (!names.contains(name) || !chosen.add(name)) {
                throw new IllegalArgumentException(
                        (chosen.contains(name) ? "selected twice: column " : "there is no column ")
                                + SafeText.quote(name));
            }
        }
        return columns;
    }

    private static void requireShallow(TextFile file) throws IOException {
        byte[] bytes = new byte[1 << 16];
        int depth = 0;
        long line = 1;
        boolean quoted = false;
        boolean escaped = false;
        try (InputStream in = file.bytes()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    byte b = bytes[i];
                    if (b == '\n') {
                        // The end of a value, whatever it is.
                        line++;
                        depth = 0;
                        quoted = false;
                        escaped = false;
                    } else if (quoted) {
                        quoted = escaped || b != '"';
                        escaped = !escaped && b == '\\';
                    } else if (b == '"') {
                        quoted = true;
                    } else if (b == '{' || b == '[') {
                        if (++depth > MAX_DEPTH) {
                            throw file.invalid("line " + line + ": nested deeper than " + MAX_DEPTH);
                        }
                    } else if (b == '}' || b == ']') {
                        depth--;
                    }
                }
            }
        }
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    /** Copies the batch: where an allocator refuses what DuckDB gives, Arrow's importer loses it. */
    @Override
    public boolean loadNextBatch() throws NpzException {
        root.clear();
        try {
            if (!super.loadNextBatch()) {
                file.requireUnchanged();
                meter.add(file.size());
                return false;
            }
            VectorSchemaRoot batch = super.getVectorSchemaRoot();
            int rows = batch.getRowCount();
            VectorRows.move(VectorRows.copy(batch.getFieldVectors(), allocator, 0, rows, file.location()), root, rows);
            batch.clear();
            return true;
        } catch (IOException | RuntimeException e) {
            throw SqlFaults.text(file.location(), e);
        }
    }

    @Override
    public void close() throws IOException {
        meter.end();
        root.close();
        super.close();
    }
}
