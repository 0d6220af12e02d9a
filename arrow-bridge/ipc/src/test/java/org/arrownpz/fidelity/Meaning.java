package org.arrownpz.fidelity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ElementAddressableVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a column mean, whatever type holds them: numbers as numbers, times as nanoseconds, durations and
 * intervals as months, days and nanoseconds, lists of any kind as lists. Read from the buffers by the rules of Arrow's
 * columnar format, so that comparisons do not depend on how vectors show their values.
 */
public final class Meaning {
    private static final BigInteger NANOS_OF_DAY = BigInteger.valueOf(86_400_000_000_000L);

    private Meaning() {}

    /** The values of a column, dictionary-encoded ones decoded. */
    public static List<@Nullable Object> of(FieldVector column, DictionaryProvider dictionaries) {
        if (column.getField().getDictionary() != null) {
            long id = column.getField().getDictionary().getId();
            try (FieldVector decoded = (FieldVector) DictionaryEncoder.decode(column, dictionaries.lookup(id))) {
                return of(decoded);
            }
        }
        return of(column);
    }

    private static List<@Nullable Object> of(FieldVector column) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < column.getValueCount(); row++) {
            values.add(value(column, row));
        }
        return values;
    }

    /** A span of time. */
    private record Span(int months, int days, BigInteger nanos) {}

    /** A point in time, or of the day; an instant where a zone is known. */
    private record Moment(String kind, BigInteger nanos) {}

    private static @Nullable Object value(FieldVector column, int row) {
        ArrowType type = column.getField().getType();
        if (column instanceof RunEndEncodedVector runs) {
            BaseIntVector ends = (BaseIntVector) runs.getRunEndsVector();
            int run = 0;
            while (ends.getValueAsLong(run) <= row) {
                run++;
            }
            return value(runs.getValuesVector(), run);
        } else if (column instanceof UnionVector union) {
            return value((FieldVector) union.getVector(row), row);
        } else if (column instanceof DenseUnionVector union) {
            return value((FieldVector) union.getVectorByType(union.getTypeId(row)), union.getOffset(row));
        } else if (type instanceof ArrowType.Null || column.isNull(row)) {
            return null;
        } else if (column instanceof StructVector struct) {
            return struct.getChildrenFromFields().stream()
                    .map(child -> String.valueOf(value(child, row)))
                    .toList();
        } else if (!column.getChildrenFromFields().isEmpty()) {
            return list(column, type, row);
        }
        return scalar(column, type, row);
    }

    private static List<String> list(FieldVector column, ArrowType type, int row) {
        long start;
        long end;
        if (column instanceof FixedSizeListVector list) {
            start = (long) row * list.getListSize();
            end = start + list.getListSize();
        } else if (type instanceof ArrowType.ListView) {
            start = column.getOffsetBuffer().getInt(row * 4L);
            end = start + column.getFieldBuffers().get(2).getInt(row * 4L);
        } else if (type instanceof ArrowType.LargeListView) {
            start = column.getOffsetBuffer().getLong(row * 8L);
            end = start + column.getFieldBuffers().get(2).getLong(row * 8L);
        } else if (type instanceof ArrowType.LargeList) {
            start = column.getOffsetBuffer().getLong(row * 8L);
            end = column.getOffsetBuffer().getLong(row * 8L + 8);
        } else {
            start = column.getOffsetBuffer().getInt(row * 4L);
            end = column.getOffsetBuffer().getInt(row * 4L + 4);
        }
        FieldVector values = column.getChildrenFromFields().get(0);
        List<String> items = new ArrayList<>();
        for (long i = start; i < end; i++) {
            items.add(String.valueOf(value(values, (int) i)));
        }
        return items;
    }

    private static Object scalar(FieldVector column, ArrowType type, int row) {
        if ("arrow.uuid".equals(column.getField().getMetadata().get("ARROW:extension:name"))) {
            ByteBuffer bytes = ByteBuffer.wrap((byte[]) Objects.requireNonNull(column.getObject(row)));
            return "text " + new UUID(bytes.getLong(), bytes.getLong());
        }
        ArrowBuf data = column.getDataBuffer();
        if (column instanceof BitVector bits) {
            return BigInteger.valueOf(bits.get(row));
        } else if (type instanceof ArrowType.Int integer) {
            BigInteger value = BigInteger.valueOf(((BaseIntVector) column).getValueAsLong(row));
            boolean wraps = !integer.getIsSigned() && value.signum() < 0;
            return wraps ? value.add(BigInteger.ONE.shiftLeft(integer.getBitWidth())) : value;
        } else if (column instanceof Float2Vector) {
            return Double.valueOf(Float16.toFloat(data.getShort(row * 2L)));
        } else if (column instanceof Float4Vector) {
            return Double.valueOf(data.getFloat(row * 4L));
        } else if (column instanceof Float8Vector) {
            return data.getDouble(row * 8L);
        } else if (column instanceof DecimalVector decimal) {
            return number(decimal.getObject(row));
        } else if (column instanceof Decimal256Vector decimal) {
            return number(decimal.getObject(row));
        } else if (type instanceof ArrowType.Date date) {
            BigInteger nanos = date.getUnit() == DateUnit.DAY
                    ? BigInteger.valueOf(((DateDayVector) column).get(row)).multiply(NANOS_OF_DAY)
                    : nanos(data.getLong(row * 8L), TimeUnit.MILLISECOND);
            return new Moment("date", nanos);
        } else if (type instanceof ArrowType.Time time) {
            long value = time.getBitWidth() == 32 ? data.getInt(row * 4L) : data.getLong(row * 8L);
            return new Moment("time of day", nanos(value, time.getUnit()));
        } else if (type instanceof ArrowType.Timestamp timestamp) {
            String kind = timestamp.getTimezone() == null ? "local" : "instant";
            return new Moment(kind, nanos(data.getLong(row * 8L), timestamp.getUnit()));
        } else if (type instanceof ArrowType.Duration duration) {
            return new Span(0, 0, nanos(data.getLong(row * 8L), duration.getUnit()));
        } else if (type instanceof ArrowType.Interval interval) {
            return span(interval.getUnit(), data, row);
        }
        return bytes(column, type, row);
    }

    private static Span span(IntervalUnit unit, ArrowBuf data, int row) {
        return switch (unit) {
            case YEAR_MONTH -> new Span(data.getInt(row * 4L), 0, BigInteger.ZERO);
            case DAY_TIME -> new Span(0, data.getInt(row * 8L), nanos(data.getInt(row * 8L + 4), TimeUnit.MILLISECOND));
            case MONTH_DAY_NANO ->
                new Span(
                        data.getInt(row * 16L),
                        data.getInt(row * 16L + 4),
                        BigInteger.valueOf(data.getLong(row * 16L + 8)));
        };
    }

    private static BigDecimal number(BigDecimal value) {
        return value.stripTrailingZeros();
    }

    private static BigInteger nanos(long value, TimeUnit unit) {
        long factor = switch (unit) {
            case SECOND -> 1_000_000_000L;
            case MILLISECOND -> 1_000_000L;
            case MICROSECOND -> 1000L;
            case NANOSECOND -> 1L;
        };
        return BigInteger.valueOf(value).multiply(BigInteger.valueOf(factor));
    }

    private static String bytes(FieldVector column, ArrowType type, int row) {
        byte[] bytes;
        if (column instanceof ElementAddressableVector addressable && column.getObject(row) instanceof byte[] some) {
            bytes = some;
        } else {
            bytes = column.getObject(row).toString().getBytes(StandardCharsets.UTF_8);
        }
        boolean text = type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View;
        return text
                ? "text " + new String(bytes, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(bytes);
    }
}
