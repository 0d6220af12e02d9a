package org.arrownpz.spark;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
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
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Values as plain Java objects that can be compared: what Spark gave, and what core's vectors say. */
public final class Plain {
    private Plain() {}

    public static List<@Nullable Object> rows(List<Row> rows) {
        List<@Nullable Object> values = new ArrayList<>();
        rows.forEach(row -> values.add(of(row)));
        return values;
    }

    /** A value of Spark's. */
    public static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Row row) {
            List<@Nullable Object> fields = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                fields.add(of(row.get(i)));
            }
            return fields;
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> entries = new HashMap<>();
            CollectionConverters.asJava(map).forEach((key, item) -> entries.put(of(key), of(item)));
            return entries;
        }
        if (value instanceof scala.collection.Seq<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            CollectionConverters.asJava(list).forEach(item -> items.add(of(item)));
            return items;
        }
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros();
        }
        return value;
    }

    /** The value of a vector that Spark should show. */
    public static @Nullable Object of(FieldVector vector, int row, DictionaryProvider dictionaries) {
        if (vector.getField().getDictionary() != null) {
            long id = vector.getField().getDictionary().getId();
            int index = vector.isNull(row) ? -1 : (int) ((BaseIntVector) vector).getValueAsLong(row);
            return index < 0 ? null : of(dictionaries.lookup(id).getVector(), index, dictionaries);
        }
        if (vector instanceof RunEndEncodedVector runs) {
            return of(runs.getValuesVector(), runs.getRunEnd(row) == 0 ? 0 : physical(runs, row), dictionaries);
        }
        if (vector instanceof UnionVector union) {
            return members(vector, union.getTypeValue(row), row, dictionaries);
        }
        if (vector instanceof DenseUnionVector union) {
            return members(vector, union.getTypeId(row), union.getOffset(row), dictionaries);
        }
        if (vector.isNull(row)) {
            return null;
        }
        if (vector instanceof StructVector struct) {
            List<@Nullable Object> fields = new ArrayList<>();
            struct.getChildrenFromFields().forEach(child -> fields.add(of(child, row, dictionaries)));
            return fields;
        }
        if (vector.getField().getType().getTypeID().name().matches("(Large|FixedSize)?List(View)?|Map")) {
            List<@Nullable Object> items = items(vector, row, dictionaries);
            if (!(vector instanceof MapVector)) {
                return items;
            }
            Map<@Nullable Object, @Nullable Object> entries = new HashMap<>();
            items.forEach(entry -> entries.put(((List<?>) entry).get(0), ((List<?>) entry).get(1)));
            return entries;
        }
        return flat(vector, row);
    }

    // From the buffers: Arrow has no one method for all lists, and those of views are wrong.
    private static List<@Nullable Object> items(FieldVector list, int row, DictionaryProvider dictionaries) {
        long start;
        long end;
        if (list instanceof FixedSizeListVector fixed) {
            start = (long) row * fixed.getListSize();
            end = start + fixed.getListSize();
        } else {
            boolean view = list instanceof ListViewVector || list instanceof LargeListViewVector;
            int bytes = list instanceof LargeListVector || list instanceof LargeListViewVector ? 8 : 4;
            start = number(list.getOffsetBuffer(), row, bytes);
            end = view
                    ? start + number(list.getFieldBuffers().get(2), row, bytes)
                    : number(list.getOffsetBuffer(), row + 1, bytes);
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (long i = start; i < end; i++) {
            items.add(of(list.getChildrenFromFields().get(0), (int) i, dictionaries));
        }
        return items;
    }

    private static long number(ArrowBuf buffer, long place, int bytes) {
        return bytes == 8 ? buffer.getLong(8 * place) : buffer.getInt(4 * place);
    }

    private static List<@Nullable Object> members(FieldVector union, int id, int row, DictionaryProvider dictionaries) {
        int[] ids = ((ArrowType.Union) union.getField().getType()).getTypeIds();
        List<@Nullable Object> members = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            members.add(ids[i] == id ? of(union.getChildrenFromFields().get(i), row, dictionaries) : null);
        }
        return members;
    }

    private static int physical(RunEndEncodedVector runs, int row) {
        FieldVector ends = runs.getRunEndsVector();
        for (int run = 0; run < ends.getValueCount(); run++) {
            if (((Number) ends.getObject(run)).longValue() > row) {
                return run;
            }
        }
        throw new IndexOutOfBoundsException(row);
    }

    private static @Nullable Object flat(FieldVector vector, int row) {
        String extension = vector.getField().getMetadata().get("ARROW:extension:name");
        if (vector instanceof TinyIntVector bytes && "arrow.bool8".equals(extension)) {
            return bytes.get(row) != 0;
        }
        if (vector instanceof UInt1Vector unsigned) {
            return unsigned.getObjectNoOverflow(row);
        }
        if (vector instanceof UInt2Vector unsigned) {
            return (int) unsigned.get(row);
        }
        if (vector instanceof UInt4Vector unsigned) {
            return unsigned.getObjectNoOverflow(row);
        }
        if (vector instanceof UInt8Vector unsigned) {
            return of(new BigDecimal(unsigned.getObjectNoOverflow(row)));
        }
        if (vector instanceof Float2Vector half) {
            return Float16.toFloat(half.get(row));
        }
        if (vector instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(row));
        }
        if (vector instanceof DateMilliVector millis) {
            return LocalDate.ofEpochDay(Math.floorDiv(millis.get(row), 86_400_000L));
        }
        if (vector instanceof TimeStampVector times) {
            ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
            return time(micros(times.get(row), type.getUnit()), type.getTimezone() != null);
        }
        if (vector instanceof DurationVector) {
            // Arrow's own getObject ends at 292 years.
            ArrowType.Duration type = (ArrowType.Duration) vector.getField().getType();
            return duration(micros(DurationVector.get(vector.getDataBuffer(), row), type.getUnit()));
        }
        if (vector instanceof BigIntVector longs && "numpy.datetime64".equals(extension)) {
            return hasUnit(vector) ? time(fine(vector, longs.get(row)), false) : longs.get(row);
        }
        if (vector instanceof BigIntVector longs && "numpy.timedelta64".equals(extension)) {
            return hasUnit(vector) ? duration(fine(vector, longs.get(row))) : longs.get(row);
        }
        return clock(vector, row);
    }

    private static @Nullable Object clock(FieldVector vector, int row) {
        if (vector instanceof TimeSecVector seconds) {
            return Duration.ofSeconds(seconds.get(row));
        }
        if (vector instanceof TimeMilliVector millis) {
            return Duration.ofMillis(millis.get(row));
        }
        if (vector instanceof TimeMicroVector micros) {
            return duration(micros.get(row));
        }
        if (vector instanceof TimeNanoVector nanos) {
            return duration(Math.floorDiv(nanos.get(row), 1000L));
        }
        if (vector instanceof IntervalMonthDayNanoVector) {
            return new CalendarInterval(
                    IntervalMonthDayNanoVector.getMonths(vector.getDataBuffer(), row),
                    IntervalMonthDayNanoVector.getDays(vector.getDataBuffer(), row),
                    Math.floorDiv(IntervalMonthDayNanoVector.getNanoseconds(vector.getDataBuffer(), row), 1000L));
        }
        Object value = vector.getObject(row);
        if (value instanceof BigDecimal decimal
                && ((ArrowType.Decimal) vector.getField().getType()).getPrecision() > 38) {
            return decimal.toPlainString();
        }
        if (value instanceof Period period) {
            return period.normalized();
        }
        return value instanceof org.apache.arrow.vector.util.Text ? value.toString() : of(value);
    }

    private static boolean hasUnit(FieldVector vector) {
        return !parameters(vector).contains("generic");
    }

    private static String parameters(FieldVector vector) {
        return vector.getField().getMetadata().getOrDefault("ARROW:extension:metadata", "");
    }

    private static long fine(FieldVector vector, long value) {
        String parameters = parameters(vector);
        return Math.floorDiv(
                value,
                parameters.contains("\"ps\"")
                        ? 1_000_000L
                        : parameters.contains("\"fs\"") ? 1_000_000_000L : 1_000_000_000_000L);
    }

    private static long micros(long value, TimeUnit unit) {
        return switch (unit) {
            case SECOND -> value * 1_000_000;
            case MILLISECOND -> value * 1000;
            case MICROSECOND -> value;
            case NANOSECOND -> Math.floorDiv(value, 1000L);
        };
    }

    private static Object time(long micros, boolean zoned) {
        Instant instant =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
        return zoned ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Duration duration(long micros) {
        return Duration.ofSeconds(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }
}
