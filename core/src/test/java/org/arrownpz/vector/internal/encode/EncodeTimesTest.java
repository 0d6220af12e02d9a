package org.arrownpz.vector.internal.encode;

import static org.arrownpz.vector.internal.encode.EncodedColumns.DEFAULTS;
import static org.arrownpz.vector.internal.encode.EncodedColumns.array;
import static org.arrownpz.vector.internal.encode.EncodedColumns.fill;
import static org.arrownpz.vector.internal.encode.EncodedColumns.hinted;
import static org.arrownpz.vector.internal.encode.EncodedColumns.numpy;
import static org.arrownpz.vector.internal.encode.EncodedColumns.plan;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times, dates, durations and intervals in the units that their hints ask for, and NaT. */
@ExtendWith(LeakCheck.class)
class EncodeTimesTest {
    @Test
    void nullTimesBecomeNatWithoutABitmap(BufferAllocator allocator) throws NpzException {
        try (TimeStampVector vector = timestamps(null, TimeUnit.SECOND, allocator, 5L, null)) {
            ColumnEncoding.Numpy numpy = numpy(vector);
            assertThat(numpy.needsValidity()).isFalse();
            assertThat(numpy.fill()).isEqualTo("NaT");
            assertThat(longsOf(vector)).containsExactly(5L, Long.MIN_VALUE);
            assertThat(plan(vector, DEFAULTS.withStrict())).isInstanceOf(ColumnEncoding.Numpy.class);
        }
    }

    @Test
    void aTimeThatNumpyWouldTakeForNatForcesBuffers(BufferAllocator allocator) throws NpzException {
        try (TimeStampVector vector = timestamps(null, TimeUnit.SECOND, allocator, 5L, Long.MIN_VALUE)) {
            assertThat(plan(vector, DEFAULTS))
                    .isInstanceOfSatisfying(
                            ColumnEncoding.Buffers.class,
                            buffers -> assertThat(buffers.reason()).contains("NaT"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<M8[h], SECOND, 7200, <M8[h], 2",
        "<M8[h], SECOND, 7201, <M8[s], 7201",
        "<M8[10s], SECOND, -30, <M8[10s], -3",
        "<M8[10s], SECOND, 31, <M8[s], 31",
        "<M8[ps], SECOND, 3, <M8[ps], 3000000000000",
        "<M8[ps], SECOND, 10000000, <M8[s], 10000000",
        "<M8[7s], MILLISECOND, 14000, <M8[7s], 2",
        "<M8, SECOND, 3, <M8[s], 3",
        "<m8[s], SECOND, 3, <M8[s], 3",
        "<M8[W], SECOND, 1209600, <M8[W], 2",
        "<M8[M], SECOND, 0, <M8[s], 0"
    })
    void hintedUnitsHoldWhereEveryValueIsWhole(
            String hint, TimeUnit unit, long value, String dtype, long stored, BufferAllocator allocator)
            throws NpzException {
        try (TimeStampVector vector = timestamps(hint, unit, allocator, value)) {
            ColumnEncoding.Numpy numpy = numpy(vector);
            assertThat(numpy.dtype().toString()).isEqualTo(dtype);
            assertThat(numpy.note() == null).isEqualTo(hint.equals(dtype));
            assertThat(longsOf(vector)).containsExactly(stored);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01, <M8[M], 0",
        "1969-12-01, <M8[M], -1",
        "2000-02-01, <M8[M], 361",
        "2000-03-01, <M8[M], 362",
        "1600-03-01, <M8[M], -4438",
        "2021-01-01, <M8[Y], 51",
        "1900-01-01, <M8[10Y], -7",
        "1970-01-15, <M8[W], 2",
        "1969-12-31, <M8[D], -1"
    })
    void datesBecomeMonthsYearsAndWeeks(String date, String dtype, long stored, BufferAllocator allocator)
            throws NpzException {
        try (DateDayVector vector =
                dates(dtype, allocator, (int) LocalDate.parse(date).toEpochDay())) {
            assertThat(numpy(vector).dtype().toString()).isEqualTo(dtype);
            assertThat(longsOf(vector)).containsExactly(stored);
        }
    }

    @Test
    void everyFirstOfAMonthIsFoundAndNoOtherDay(BufferAllocator allocator) throws NpzException {
        for (int day = -200_000; day < 200_000; day += 1) {
            LocalDate date = LocalDate.ofEpochDay(day);
            if (date.getDayOfMonth() > 2) {
                continue;
            }
            try (DateDayVector vector = dates("<M8[M]", allocator, day)) {
                boolean first = date.getDayOfMonth() == 1;
                assertThat(numpy(vector).dtype().toString()).isEqualTo(first ? "<M8[M]" : "<M8[D]");
                if (first) {
                    assertThat(longsOf(vector))
                            .containsExactly((date.getYear() - 1970) * 12L + date.getMonthValue() - 1);
                }
            }
            day += day % 97 == 0 ? 1 : 25;
        }
    }

    @Test
    void anUnreadableHintIsNoHint(BufferAllocator allocator) throws NpzException {
        for (String hint : List.of("", "nonsense", "|O", "'", "[(", "<i4\\")) {
            try (DateDayVector vector = dates(hint, allocator, 3)) {
                assertThat(numpy(vector).dtype().toString()).isEqualTo("<M8[D]");
            }
        }
    }

    @Test
    void durationsAndIntervalsFollowTheirHints(BufferAllocator allocator) throws NpzException {
        FieldType days = hinted(new ArrowType.Duration(TimeUnit.SECOND), "<m8[D]");
        FieldType years = hinted(new ArrowType.Interval(IntervalUnit.YEAR_MONTH), "<m8[Y]");
        try (DurationVector spans = new DurationVector("d", days, allocator);
                IntervalYearVector months = new IntervalYearVector("y", years, allocator)) {
            spans.setSafe(0, 86_400L * 3);
            spans.setValueCount(1);
            months.setSafe(0, -24);
            months.setNull(1);
            months.setValueCount(2);
            assertThat(longsOf(spans)).containsExactly(3L);
            assertThat(longsOf(months)).containsExactly(-2L, Long.MIN_VALUE);
            months.setSafe(0, 5);
            assertThat(plan(months, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
        }
    }

    private static List<Long> longsOf(FieldVector vector) throws NpzException {
        List<Long> values = new ArrayList<>();
        ByteBuffer bytes = EncodeSink.buffer(array(vector));
        while (bytes.hasRemaining()) {
            values.add(bytes.getLong());
        }
        return values;
    }

    private static TimeStampVector timestamps(String hint, TimeUnit unit, BufferAllocator allocator, Long... values) {
        Field field = new Field("t", hinted(new ArrowType.Timestamp(unit, null), hint), null);
        TimeStampVector vector = (TimeStampVector) field.createVector(allocator);
        vector.allocateNew(values.length);
        fill(values, i -> vector.setSafe(i, (long) values[i]), vector::setNull);
        vector.setValueCount(values.length);
        return vector;
    }

    private static DateDayVector dates(String hint, BufferAllocator allocator, int value) {
        DateDayVector vector = new DateDayVector("d", hinted(new ArrowType.Date(DateUnit.DAY), hint), allocator);
        vector.setSafe(0, value);
        vector.setValueCount(1);
        return vector;
    }
}
