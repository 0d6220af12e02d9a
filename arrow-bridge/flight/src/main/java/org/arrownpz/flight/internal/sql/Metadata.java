package org.arrownpz.flight.internal.sql;

import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Small results that tell about the server, in the columns that Flight SQL gives them. */
public final class Metadata {
    /** The schema of the tables that no folder gives one, as DuckDB names it. */
    public static final String DB_SCHEMA = "main";

    public static final String TABLE_TYPE = "TABLE";

    /** In a pattern, beside characters. */
    private static final int ANY = -1;

    private static final int ONE = -2;

    private Metadata() {}

    /** Sends rows, whose values are texts, integers, booleans, bytes or null, in the order of the schema's fields. */
    public static void send(
            BufferAllocator allocator,
            Schema schema,
            List<List<@Nullable Object>> rows,
            ServerStreamListener listener) {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            root.allocateNew();
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < schema.getFields().size(); column++) {
                    set(root.getVector(column), row, rows.get(row).get(column));
                }
            }
            root.setRowCount(rows.size());
            listener.start(root);
            listener.putNext();
            listener.completed();
        }
    }

    private static void set(FieldVector column, int row, @Nullable Object value) {
        if (value == null) {
            return;
        }
        if (column instanceof VarCharVector texts) {
            texts.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
        } else if (column instanceof IntVector numbers) {
            numbers.setSafe(row, (Integer) value);
        } else if (column instanceof BitVector flags) {
            flags.setSafe(row, (Boolean) value ? 1 : 0);
        } else if (column instanceof VarBinaryVector bytes) {
            bytes.setSafe(row, (byte[]) value);
        } else {
            throw new IllegalArgumentException("no values of " + column.getField());
        }
    }

    /**
     * The meaning of a LIKE pattern of the standard, upper and lower case alike: {@code %}, {@code _}, and a backslash
     * before one that is meant itself. Takes time of the lengths' product at most, whatever the pattern, which a
     * regular expression does not.
     *
     * @param pattern or null for one that fits all
     */
    public static Predicate<String> like(@Nullable String pattern) {
        if (pattern == null) {
            return text -> true;
        }
        int[] wanted = new int[pattern.length()];
        int length = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                wanted[length++] = fold(pattern.charAt(++i));
            } else {
                wanted[length++] = c == '%' ? ANY : c == '_' ? ONE : fold(c);
            }
        }
        int count = length;
        return text -> matches(wanted, count, text);
    }

    private static char fold(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    /** Each part between two signs for anything is taken where it fits first; only the last such sign may need more. */
    private static boolean matches(int[] pattern, int length, String text) {
        int at = 0;
        int next = 0;
        int any = -1;
        int taken = 0;
        while (at < text.length()) {
            if (next < length && pattern[next] == ANY) {
                any = next++;
                taken = at;
            } else if (next < length && (pattern[next] == ONE || pattern[next] == fold(text.charAt(at)))) {
                next++;
                at++;
            } else if (any >= 0) {
                next = any + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        while (next < length && pattern[next] == ANY) {
            next++;
        }
        return next == length;
    }

    private record Type(
            String name,
            int code,
            int size,
            @Nullable String quote,
            @Nullable Boolean unsigned,
            int scale) {}

    private static final List<Type> TYPES = List.of(
            new Type("BOOLEAN", Types.BOOLEAN, 1, null, null, 0),
            new Type("TINYINT", Types.TINYINT, 3, null, false, 0),
            new Type("SMALLINT", Types.SMALLINT, 5, null, false, 0),
            new Type("INTEGER", Types.INTEGER, 10, null, false, 0),
            new Type("BIGINT", Types.BIGINT, 19, null, false, 0),
            new Type("HUGEINT", Types.NUMERIC, 38, null, false, 0),
            new Type("UTINYINT", Types.SMALLINT, 3, null, true, 0),
            new Type("USMALLINT", Types.INTEGER, 5, null, true, 0),
            new Type("UINTEGER", Types.BIGINT, 10, null, true, 0),
            new Type("UBIGINT", Types.NUMERIC, 20, null, true, 0),
            new Type("FLOAT", Types.REAL, 7, null, false, 0),
            new Type("DOUBLE", Types.DOUBLE, 15, null, false, 0),
            new Type("DECIMAL", Types.DECIMAL, 38, null, false, 38),
            new Type("VARCHAR", Types.VARCHAR, Integer.MAX_VALUE, "'", null, 0),
            new Type("BLOB", Types.VARBINARY, Integer.MAX_VALUE, "'", null, 0),
            new Type("DATE", Types.DATE, 10, "'", null, 0),
            new Type("TIME", Types.TIME, 15, "'", null, 6),
            new Type("TIMESTAMP", Types.TIMESTAMP, 26, "'", null, 6),
            new Type("TIMESTAMP WITH TIME ZONE", Types.TIMESTAMP_WITH_TIMEZONE, 32, "'", null, 6),
            new Type("INTERVAL", Types.OTHER, 32, "'", null, 0),
            new Type("LIST", Types.ARRAY, 0, null, null, 0),
            new Type("STRUCT", Types.STRUCT, 0, null, null, 0));

    /**
     * DuckDB's types, in the columns of GetXdbcTypeInfo.
     *
     * @param code a type of {@link Types}, or null for all
     */
    public static List<List<@Nullable Object>> types(@Nullable Integer code) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Type type : TYPES) {
            if (code != null && code != type.code) {
                continue;
            }
            List<@Nullable Object> row = new ArrayList<>();
            row.add(type.name);
            row.add(type.code);
            row.add(type.size);
            row.add(type.quote);
            row.add(type.quote);
            row.add(null);
            row.add(DatabaseMetaData.typeNullable);
            row.add(type.code == Types.VARCHAR);
            row.add(DatabaseMetaData.typeSearchable);
            row.add(type.unsigned);
            row.add(false);
            row.add(type.unsigned == null ? null : (Object) false);
            row.add(type.name);
            row.add(type.unsigned == null ? null : (Object) 0);
            row.add(type.unsigned == null ? null : (Object) type.scale);
            row.add(type.code);
            row.add(null);
            row.add(type.unsigned == null ? null : (Object) 10);
            row.add(null);
            rows.add(row);
        }
        return rows;
    }
}
