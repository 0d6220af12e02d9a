package org.arrownpz.flight.internal.sql;

import static org.apache.arrow.vector.types.TimeUnit.MILLISECOND;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Parameters of statements: their types for clients, and the values that these send. */
public final class Parameters {
    private static final int UNSIGNED_BITS = 64;
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\d+,(\\d+)\\)");
    private static final int DIGITS = 38;
    private static final int DECIMAL_BITS = 128;

    private Parameters() {}

    /**
     * The fields that clients are to fill, by DuckDB's names of types: those that Arrow's JDBC driver fills with the value
     * it is given, or refuses to. It writes milliseconds whatever the unit, cuts integers to the width of the field, and
     * knows no zones. What could be any is a string.
     */
    public static Schema schema(List<String> types) {
        List<Field> fields = new ArrayList<>();
        for (String type : types) {
            fields.add(Field.nullable("parameter_" + (fields.size() + 1), type(type)));
        }
        return new Schema(fields);
    }

    private static ArrowType type(String duck) {
        Matcher decimal = DECIMAL.matcher(duck);
        if (decimal.matches()) {
            return new ArrowType.Decimal(DIGITS, Integer.parseInt(decimal.group(1)), DECIMAL_BITS);
        }
        return switch (duck) {
            case "BOOLEAN" -> new ArrowType.Bool();
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
                new ArrowType.Int(Long.SIZE, true);
            case "HUGEINT", "UBIGINT", "UHUGEINT" -> new ArrowType.Decimal(DIGITS, 0, DECIMAL_BITS);
            case "FLOAT" -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case "DOUBLE" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case "BLOB" -> new ArrowType.Binary();
            case "DATE" -> new ArrowType.Date(DateUnit.DAY);
            case "TIME" -> new ArrowType.Time(MILLISECOND, Integer.SIZE);
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" ->
                new ArrowType.Timestamp(MILLISECOND, null);
            default -> new ArrowType.Utf8();
        };
    }

    /**
     * A value as DuckDB takes it.
     *
     * @throws IllegalArgumentException when the column's type is none that parameters can have
     */
    static @Nullable Object value(FieldVector column, int row) {
        if (column instanceof NullVector || column.isNull(row)) {
            requireKnown(column);
            return null;
        }
        if (column instanceof UInt1Vector numbers) {
            return Byte.toUnsignedInt(numbers.get(row));
        }
        if (column instanceof UInt2Vector numbers) {
            return (int) numbers.get(row);
        }
        if (column instanceof UInt4Vector numbers) {
            return Integer.toUnsignedLong(numbers.get(row));
        }
        if (column instanceof UInt8Vector numbers) {
            long bits = numbers.get(row);
            BigInteger value = BigInteger.valueOf(bits);
            return bits < 0
                    ? new java.math.BigDecimal(value.add(BigInteger.ONE.shiftLeft(UNSIGNED_BITS)))
                    : (Object) bits;
        }
        if (column instanceof VarCharVector || column instanceof LargeVarCharVector) {
            return String.valueOf(column.getObject(row));
        }
        if (column instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(row));
        }
        if (column instanceof DateMilliVector millis) {
            return LocalDate.ofEpochDay(Math.floorDiv(millis.get(row), TimeUnit.DAYS.toMillis(1)));
        }
        if (column instanceof TimeStampVector stamps) {
            return timestamp(stamps, row);
        }
        Long nanos = nanosOfDay(column, row);
        if (nanos != null) {
            return LocalTime.ofNanoOfDay(Math.floorMod(nanos, TimeUnit.DAYS.toNanos(1)));
        }
        requireKnown(column);
        return column.getObject(row);
    }

    private static void requireKnown(FieldVector column) {
        boolean known = column instanceof NullVector
                || column instanceof BitVector
                || column instanceof TinyIntVector
                || column instanceof SmallIntVector
                || column instanceof IntVector
                || column instanceof BigIntVector
                || column instanceof Float4Vector
                || column instanceof Float8Vector
                || column instanceof DecimalVector
                || column instanceof VarBinaryVector
                || column instanceof LargeVarBinaryVector
                || column.getField().getType() instanceof ArrowType.Int
                || column.getField().getType() instanceof ArrowType.Utf8
                || column.getField().getType() instanceof ArrowType.LargeUtf8
                || column.getField().getType() instanceof ArrowType.Date
                || column.getField().getType() instanceof ArrowType.Time
                || column.getField().getType() instanceof ArrowType.Timestamp;
        if (!known) {
            throw new IllegalArgumentException(
                    "a parameter cannot be of the type " + column.getField().getType());
        }
    }

    private static @Nullable Long nanosOfDay(FieldVector column, int row) {
        if (column instanceof TimeSecVector seconds) {
            return TimeUnit.SECONDS.toNanos(seconds.get(row));
        }
        if (column instanceof TimeMilliVector millis) {
            return TimeUnit.MILLISECONDS.toNanos(millis.get(row));
        }
        if (column instanceof TimeMicroVector micros) {
            return TimeUnit.MICROSECONDS.toNanos(micros.get(row));
        }
        return column instanceof TimeNanoVector nanos ? (Long) nanos.get(row) : null;
    }

    private static Object timestamp(TimeStampVector stamps, int row) {
        ArrowType.Timestamp type = (ArrowType.Timestamp) stamps.getField().getType();
        long perSecond = switch (type.getUnit()) {
            case SECOND -> 1;
            case MILLISECOND -> 1000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
        long value = stamps.get(row);
        long second = Math.floorDiv(value, perSecond);
        long nano = Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond);
        try {
            Instant instant = Instant.ofEpochSecond(second, nano);
            return type.getTimezone() == null
                    ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                    : instant.atOffset(ZoneOffset.UTC);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("a parameter is no time of this calendar", e);
        }
    }
}
