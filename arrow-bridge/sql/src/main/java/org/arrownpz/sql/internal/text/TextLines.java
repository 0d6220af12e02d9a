package org.arrownpz.sql.internal.text;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.sql.internal.DuckColumns;
import org.arrownpz.sql.internal.SqlText;

/**
 * The SQL that makes a line of text of each row, so that DuckDB's casts make the text, and no value is other than it was:
 * numbers are exact, JSON's NaN and infinities are strings, bytes are base64, durations the number of their units.
 *
 * @param json else CSV
 * @param delimiter of CSV
 */
record TextLines(boolean json, char delimiter) {
    private static final String NAT = "-9223372036854775808";
    private static final String UUID = "arrow.uuid";

    /** The types that DuckDB cuts to microseconds, as others of the same buffers. */
    static Field exact(Field field) {
        return exactTime(DuckColumns.field(field));
    }

    private static Field exactTime(Field field) {
        ArrowType type = field.getType();
        if (isZonedNanos(type)) {
            type = new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
        } else if (type instanceof ArrowType.Duration) {
            type = new ArrowType.Int(Long.SIZE, true);
        }
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), type, field.getDictionary(), field.getMetadata()),
                field.getChildren().stream().map(TextLines::exactTime).toList());
    }

    private static boolean isZonedNanos(ArrowType type) {
        return type instanceof ArrowType.Timestamp time
                && time.getUnit() == TimeUnit.NANOSECOND
                && time.getTimezone() != null;
    }

    /** A query that gives the lines of a table, with their ends. */
    String sql(String table, List<Field> fields) {
        return "SELECT concat("
                + IntStream.range(0, fields.size())
                        .mapToObj(i -> before(i, fields.get(i)) + cell(fields.get(i), "c" + i))
                        .collect(Collectors.joining(", "))
                + (json ? ", '}'" : "") + ", chr(10)) FROM " + SqlText.quote(table) + " AS lines("
                + IntStream.range(0, fields.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", ")) + ")";
    }

    private String before(int position, Field field) {
        if (json) {
            return (position == 0 ? "'{'" : "','") + ", to_json(" + SqlText.literal(field.getName()) + "), ':', ";
        }
        return position == 0 ? "" : "'" + delimiter + "', ";
    }

    /** The line of names that CSV begins with; JSON has none. */
    String header(List<Field> fields) {
        return json
                ? ""
                : fields.stream()
                                .map(field -> quoted(field.getName()))
                                .collect(Collectors.joining(String.valueOf(delimiter)))
                        + "\n";
    }

    private String quoted(String name) {
        boolean plain =
                !name.isEmpty() && name.chars().noneMatch(c -> c == '"' || c == delimiter || c == '\n' || c == '\r');
        return plain ? name : SqlText.quote(name);
    }

    private String cell(Field field, String value) {
        ArrowType type = type(field);
        String nothing = json ? "'null'" : "''";
        boolean plain = type instanceof ArrowType.Int
                || type instanceof ArrowType.Bool
                || type instanceof ArrowType.Decimal
                || type instanceof ArrowType.FloatingPoint && !json;
        if (plain || type instanceof ArrowType.Null) {
            boolean times = field.getType() instanceof ExtensionType extension
                    ? extension.extensionName().startsWith("numpy.")
                    : extension(field).startsWith("numpy.");
            String known = times && type instanceof ArrowType.Int ? "nullif(" + value + ", " + NAT + ")" : value;
            return "coalesce(" + known + "::VARCHAR, " + nothing + ")";
        }
        String text = !json && field(field).getChildren().isEmpty()
                ? "(" + scalar(field, value) + ")::VARCHAR"
                : "to_json(" + value(field, value, 0) + ")::VARCHAR";
        boolean bare = json
                || type instanceof ArrowType.Date
                || type instanceof ArrowType.Time
                || type instanceof ArrowType.Timestamp;
        return bare ? "coalesce(" + text + ", " + nothing + ")" : csv(text);
    }

    private String csv(String text) {
        return "CASE WHEN " + text + " IS NULL THEN '' WHEN " + text + " = '' OR regexp_matches(" + text
                + ", '[\"\\n\\r" + delimiter + "]') THEN concat('\"', replace(" + text + ", '\"', '\"\"'), '\"') ELSE "
                + text + " END";
    }

    private static String extension(Field field) {
        return field.getMetadata().getOrDefault(ExtensionType.EXTENSION_METADATA_KEY_NAME, "");
    }

    /** As DuckDB takes it, behind run ends. */
    private static Field field(Field field) {
        Field taken = DuckColumns.field(field);
        return taken.getType() instanceof ArrowType.RunEndEncoded
                ? field(taken.getChildren().get(1))
                : taken;
    }

    private static ArrowType type(Field field) {
        return field(field).getType();
    }

    private static String scalar(Field field, String value) {
        ArrowType type = type(field);
        boolean bytes = type instanceof ArrowType.Binary
                || type instanceof ArrowType.LargeBinary
                || type instanceof ArrowType.BinaryView
                || type instanceof ArrowType.FixedSizeBinary
                        && !extension(field(field)).equals(UUID);
        if (bytes) {
            return "base64(" + value + ")";
        }
        // Of a dictionary, DuckDB has the zone itself.
        return isZonedNanos(type) ? "regexp_replace(" + value + "::VARCHAR, '([+]00)?$', '+00')" : value;
    }

    /** A value that {@code to_json} writes right. */
    private static String value(Field given, String value, int depth) {
        Field field = field(given);
        ArrowType type = field.getType();
        String item = "v" + depth;
        if (!isChanged(field)) {
            return value;
        } else if (type instanceof ArrowType.FloatingPoint) {
            return "CASE WHEN isfinite(" + value + ") THEN (" + value + "::VARCHAR)::JSON WHEN isnan(" + value
                    + ") THEN to_json('NaN') WHEN " + value + " > 0 THEN to_json('Infinity') WHEN " + value
                    + " < 0 THEN to_json('-Infinity') END";
        } else if (type instanceof ArrowType.Struct) {
            return "CASE WHEN " + value + " IS NOT NULL THEN struct_pack("
                    + field.getChildren().stream()
                            .map(child -> SqlText.quote(child.getName()) + " := "
                                    + value(child, "(" + value + ")." + SqlText.quote(child.getName()), depth + 1))
                            .collect(Collectors.joining(", "))
                    + ") END";
        } else if (type instanceof ArrowType.Map) {
            List<Field> entry = field.getChildren().get(0).getChildren();
            return "CASE WHEN " + value + " IS NOT NULL THEN map("
                    + each("map_keys(" + value + ")", entry.get(0), item, depth) + ", "
                    + each("map_values(" + value + ")", entry.get(1), item, depth) + ") END";
        } else if (!field.getChildren().isEmpty()) {
            return each(value, field.getChildren().get(0), item, depth);
        }
        return scalar(field, value);
    }

    private static String each(String list, Field child, String item, int depth) {
        return isChanged(field(child))
                ? "list_transform(" + list + ", lambda " + item + ": " + value(child, item, depth + 1) + ")"
                : list;
    }

    private static boolean isChanged(Field field) {
        return field.getType() instanceof ArrowType.FloatingPoint
                || !scalar(field, "v").equals("v")
                || field.getChildren().stream().anyMatch(child -> isChanged(field(child)));
    }
}
