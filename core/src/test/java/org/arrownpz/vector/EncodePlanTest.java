package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class EncodePlanTest {
    private static final WriteOptions DEFAULTS = WriteOptions.defaults();

    static Stream<Arguments> naturalTypes() {
        return Stream.of(
                Arguments.of(new ArrowType.Int(8, true), "|i1", true),
                Arguments.of(new ArrowType.Int(16, false), "<u2", true),
                Arguments.of(new ArrowType.Int(64, true), "<i8", true),
                Arguments.of(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF), "<f2", true),
                Arguments.of(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), "<f8", true),
                Arguments.of(new ArrowType.Bool(), "|b1", true),
                Arguments.of(new ArrowType.Date(DateUnit.DAY), "<M8[D]", true),
                Arguments.of(new ArrowType.Date(DateUnit.MILLISECOND), "<M8[ms]", false),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.NANOSECOND, null), "<M8[ns]", true),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.SECOND, "UTC"), "<M8[s]", false),
                Arguments.of(new ArrowType.Duration(TimeUnit.MICROSECOND), "<m8[us]", true),
                Arguments.of(new ArrowType.Utf8(), "<U1", true),
                Arguments.of(new ArrowType.LargeUtf8(), "<U1", false),
                Arguments.of(new ArrowType.Binary(), "|S1", true),
                Arguments.of(new ArrowType.FixedSizeBinary(6), "|V6", true));
    }

    @ParameterizedTest
    @MethodSource("naturalTypes")
    void columnsWithoutAHintGetTheirNaturalDtype(ArrowType type, String dtype, boolean exact, BufferAllocator allocator)
            throws NpzException {
        try (FieldVector vector = new RandomVectors(allocator, 1, false).vector(RandomVectors.field("x", type), 0)) {
            ColumnEncoding.Numpy numpy = numpy(vector);
            assertThat(numpy.dtype().toString()).isEqualTo(dtype);
            assertThat(numpy.exactType()).isEqualTo(exact);
        }
    }

    static Stream<ArrowType> foreignTypes() {
        return Stream.of(
                new ArrowType.Null(),
                new ArrowType.Time(TimeUnit.SECOND, 32),
                new ArrowType.Decimal(10, 2, 128),
                new ArrowType.Interval(IntervalUnit.YEAR_MONTH),
                new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO),
                new ArrowType.Utf8View());
    }

    @ParameterizedTest
    @MethodSource("foreignTypes")
    void typesThatNumpyLacksBecomeBuffers(ArrowType type, BufferAllocator allocator) throws NpzException {
        try (FieldVector vector = new RandomVectors(allocator, 1, true).vector(RandomVectors.field("x", type), 3)) {
            assertThat(plan(vector, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThatThrownBy(() -> plan(vector, DEFAULTS.withLayout(ColumnLayout.NUMPY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'x'");
            assertThatThrownBy(() -> plan(vector, DEFAULTS.withStrict())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRefusalListsAllColumns(BufferAllocator allocator) throws NpzException {
        try (IntVector plain = ints("plain", allocator, 1, 2);
                IntVector nulls = ints("nulls", allocator, 1, null);
                FieldVector time = new RandomVectors(allocator, 1, false)
                        .vector(RandomVectors.field("time", new ArrowType.Time(TimeUnit.SECOND, 32)), 2)) {
            assertThatThrownBy(() -> ColumnEncoder.planAll(
                            List.of(List.of(plain), List.of(nulls), List.of(time)), DEFAULTS.withStrict(), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'nulls'")
                    .hasMessageContaining("'time'")
                    .hasMessageNotContaining("'plain'");
        }
    }

    @Test
    void nullsBecomeTheFillOfTheirType(BufferAllocator allocator) throws NpzException {
        try (IntVector ints = ints("i", allocator, 7, null, 9);
                Float4Vector floats = new Float4Vector("f", allocator);
                BitVector bits = new BitVector("b", allocator);
                VarCharVector text = text(null, allocator, "ab", null, "c")) {
            ints.getDataBuffer().setInt(4, 0x55555555);
            assertThat(intsOf(ints)).containsExactly(7, 0, 9);
            assertThat(numpy(ints).needsValidity()).isTrue();
            assertThat(numpy(ints).fill()).isEqualTo("0");
            floats.setSafe(0, 1.5f);
            floats.setNull(1);
            floats.setValueCount(2);
            assertThat(EncodeSink.buffer(array(floats)).getInt(4)).isEqualTo(0x7fc00000);
            bits.setSafe(0, 1);
            bits.setNull(1);
            bits.setSafe(2, 1);
            bits.setValueCount(3);
            bits.getDataBuffer().setByte(0, 0xff);
            assertThat(EncodeSink.bytes(array(bits))).containsExactly(1, 0, 1);
            assertThat(EncodeSink.bytes(array(text)))
                    .containsExactly('a', 0, 0, 0, 'b', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'c', 0, 0, 0, 0, 0, 0, 0);
            assertThat(numpy(text).fill()).isEqualTo("''");
        }
    }

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
    void textKeepsTheWidthItCameWithUntilAValueIsLonger(BufferAllocator allocator) throws NpzException {
        try (VarCharVector fits = text(">U5", allocator, "abc");
                VarCharVector longer = text("<U2", allocator, "abc")) {
            assertThat(numpy(fits).dtype().toString()).isEqualTo(">U5");
            assertThat(numpy(fits).note()).isNull();
            assertThat(numpy(longer).dtype().toString()).isEqualTo("<U3");
            assertThat(numpy(longer).note()).contains("<U2");
            assertThatThrownBy(() -> plan(longer, DEFAULTS.withStrict())).hasMessageContaining("<U2");
        }
    }

    @Test
    void textIsPaddedWhileThatCostsEightTimesItsBytesAndOneMebibyte(BufferAllocator allocator) throws NpzException {
        // One value of 1 + n characters in r rows costs 4 (1 + n) r bytes; it holds 1 + n bytes.
        int length = 1024;
        int rows = (int) ((8L * length + (1 << 20)) / (4 * length));
        try (VarCharVector border = longText(allocator, length, rows);
                VarCharVector beyond = longText(allocator, length, rows + 1)) {
            assertThat(plan(border, DEFAULTS)).isInstanceOf(ColumnEncoding.Numpy.class);
            assertThat(plan(beyond, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(beyond, DEFAULTS.withStrings(StringEncoding.UNICODE)))
                    .isInstanceOf(ColumnEncoding.Numpy.class);
            assertThat(plan(border, DEFAULTS.withStrings(StringEncoding.ARROW)))
                    .isInstanceOf(ColumnEncoding.Buffers.class);
        }
    }

    @Test
    void textThatNumpyWouldCutOrCannotHoldBecomesBuffers(BufferAllocator allocator) throws NpzException {
        try (VarCharVector nul = text(null, allocator, "a\0");
                VarBinaryVector binary = new VarBinaryVector("b", allocator);
                VarCharVector surrogate = text(null, allocator, "a")) {
            binary.setSafe(0, new byte[] {1, 0});
            binary.setValueCount(1);
            surrogate.setSafe(0, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
            surrogate.setValueCount(1);
            assertThat(plan(nul, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(binary, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(surrogate, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThatThrownBy(() -> plan(nul, DEFAULTS.withStrings(StringEncoding.UNICODE)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("NUL");
        }
    }

    @Test
    void embeddedNulsAndAstralCharactersSurvive(BufferAllocator allocator) throws NpzException {
        try (VarCharVector vector = text(null, allocator, "a\0b", "\ud83d\ude00", "")) {
            ByteBuffer bytes = EncodeSink.buffer(array(vector));
            int[] points = new int[9];
            bytes.asIntBuffer().get(points);
            assertThat(points).containsExactly('a', 0, 'b', 0x1f600, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void bool8IsBool(BufferAllocator allocator) throws NpzException {
        Map<String, String> metadata = Map.of(NumpyMetadata.EXTENSION_NAME, NumpyMetadata.BOOL8);
        FieldType type = new FieldType(true, new ArrowType.Int(8, true), null, metadata);
        try (TinyIntVector vector = new TinyIntVector("b", type, allocator)) {
            vector.setSafe(0, 1);
            vector.setSafe(1, 0);
            vector.setSafe(2, 7);
            vector.setValueCount(3);
            assertThat(numpy(vector).dtype().toString()).isEqualTo("|b1");
            assertThat(EncodeSink.bytes(array(vector))).containsExactly(1, 0, 1);
        }
    }

    @Test
    void framesKeepRecordsAndTensorsAsBuffers(BufferAllocator allocator) throws NpzException {
        Field child = RandomVectors.field("$data$", new ArrowType.Int(32, true));
        Map<String, String> tensor = Map.of(
                NumpyMetadata.EXTENSION_NAME,
                NumpyMetadata.TENSOR,
                NumpyMetadata.EXTENSION_METADATA,
                "{\"shape\":[2,3]}");
        Field field = new Field("t", new FieldType(true, new ArrowType.FixedSizeList(6), null, tensor), List.of(child));
        try (FieldVector vector = new RandomVectors(allocator, 1, false).vector(field, 4)) {
            assertThat(ColumnEncoder.plan(List.of(vector), DEFAULTS, true)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(numpy(vector).rowShape()).isEqualTo(Shape.of(2, 3));
            assertThat(array(vector).shape()).isEqualTo(Shape.of(4, 2, 3));
            assertThat(array(vector).isDirect()).isTrue();
        }
    }

    @Test
    void nullsInsideRecordsForceBuffersUnlessTheirRecordIsNull(BufferAllocator allocator) throws NpzException {
        Map<String, String> hint = Map.of(NumpyMetadata.DTYPE, "[('a', '<i4'), ('', '|V4'), ('f', '<f8')]");
        Field field = new Field(
                "r",
                new FieldType(true, new ArrowType.Struct(), null, hint),
                List.of(
                        RandomVectors.field("a", new ArrowType.Int(32, true)),
                        RandomVectors.field("f", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
        try (StructVector vector = (StructVector) field.createVector(allocator)) {
            vector.allocateNew();
            IntVector a = (IntVector) vector.getChild("a");
            Float8Vector f = (Float8Vector) vector.getChild("f");
            a.setSafe(0, 5);
            f.setSafe(0, 0.5);
            vector.setIndexDefined(0);
            a.setNull(1);
            f.setNull(1);
            vector.setNull(1);
            vector.setValueCount(2);
            ByteBuffer bytes = EncodeSink.buffer(array(vector));
            assertThat(bytes.remaining()).isEqualTo(32);
            assertThat(bytes.getInt(0)).isEqualTo(5);
            assertThat(bytes.getInt(4)).isZero();
            assertThat(bytes.getDouble(8)).isEqualTo(0.5);
            assertThat(bytes.getLong(16)).isZero();
            assertThat(bytes.getDouble(24)).isNaN();
            vector.setIndexDefined(1);
            assertThat(plan(vector, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
        }
    }

    @Test
    void adjacentColumnsAndBatchesMakeOneFortranBlock(BufferAllocator allocator) throws NpzException {
        try (IntVector a1 = ints("a", allocator, 1, 2);
                IntVector a2 = ints("a", allocator, 3);
                IntVector b = ints("b", allocator, 4, null, 6)) {
            ColumnEncoding.Numpy a = (ColumnEncoding.Numpy) ColumnEncoder.plan(List.of(a1, a2), DEFAULTS, true);
            BlockContent block = BlockContent.block(List.of(
                    new BlockContent.Column(a, List.of(a1, a2)), new BlockContent.Column(numpy(b), List.of(b))));
            assertThat(block.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(block.order()).isEqualTo(StorageOrder.FORTRAN);
            int[] values = new int[6];
            EncodeSink.buffer(block).asIntBuffer().get(values);
            assertThat(values).containsExactly(1, 2, 3, 4, 0, 6);
            assertThatThrownBy(() -> BlockContent.block(List.of(
                            new BlockContent.Column(a, List.of(a1)), new BlockContent.Column(numpy(b), List.of(b)))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void conversionsLargerThanTheScratchBufferAreWhole(BufferAllocator allocator) throws NpzException {
        int rows = 700_001;
        try (BitVector bits = new BitVector("b", allocator)) {
            bits.allocateNew(rows);
            byte[] expected = new byte[rows];
            for (int i = 0; i < rows; i++) {
                expected[i] = (byte) (i * 7 % 3 == 0 ? 1 : 0);
                bits.set(i, expected[i]);
            }
            bits.setValueCount(rows);
            assertThat(Arrays.equals(EncodeSink.bytes(array(bits)), expected)).isTrue();
        }
    }

    @Test
    void dictionariesDecodeToPlainValues(BufferAllocator allocator) throws NpzException {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        FieldType type = new FieldType(true, new ArrowType.Int(32, true), encoding);
        try (VarCharVector values = text(null, allocator, "x", "yy");
                IntVector indices = new IntVector("d", type, allocator)) {
            indices.setSafe(0, 1);
            indices.setNull(1);
            indices.setSafe(2, 0);
            indices.setValueCount(3);
            DictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(values, encoding));
            assertThat(plan(indices, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            try (FieldVector decoded = ColumnEncoder.decode(indices, provider, allocator)) {
                assertThat(decoded.getName()).isEqualTo("d");
                assertThat(RandomVectors.values(decoded)).containsExactly("yy", null, "x");
            }
            indices.setSafe(0, 2);
            assertThatThrownBy(() -> ColumnEncoder.decode(indices, provider, allocator))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("index 2 in row 0");
        }
    }

    @Test
    void aNonNullableOrAnnotatedFieldIsNotExact(BufferAllocator allocator) throws NpzException {
        ArrowType type = new ArrowType.Int(64, true);
        try (BigIntVector required = new BigIntVector("i", FieldType.notNullable(type), allocator);
                BigIntVector noted =
                        new BigIntVector("i", new FieldType(true, type, null, Map.of("k", "v")), allocator)) {
            assertThat(numpy(required).exactType()).isFalse();
            assertThat(numpy(noted).exactType()).isFalse();
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

    @Test
    void theReportNamesWhatNumpyDoesNotSee(BufferAllocator allocator) throws NpzException {
        try (IntVector ints = ints("i", allocator, 1, null)) {
            WriteReport report = new WriteReport(
                    List.of(
                            WriteReport.Column.of("i", numpy(ints), 1, 8),
                            WriteReport.Column.of("l", new ColumnEncoding.Buffers("the column is a struct"), 0, 1234)),
                    List.of("dates are fixed"));
            assertThat(report.columnsHiddenFromNumpy()).containsExactly("l");
            assertThat(report.isPlain()).isFalse();
            assertThat(report)
                    .hasToString("2 columns, 1,242 bytes, 1 not visible to NumPy\n"
                            + "  i: block <i4, 1 null as 0, 8 bytes\n"
                            + "  l: Arrow buffers (the column is a struct), 1,234 bytes\n"
                            + "  note: dates are fixed");
        }
    }

    private static ColumnEncoding plan(FieldVector vector, WriteOptions options) throws NpzException {
        return ColumnEncoder.plan(List.of(vector), options, false);
    }

    private static ColumnEncoding.Numpy numpy(FieldVector vector) throws NpzException {
        return (ColumnEncoding.Numpy) plan(vector, DEFAULTS);
    }

    private static BlockContent array(FieldVector vector) throws NpzException {
        return BlockContent.array(new BlockContent.Column(numpy(vector), List.of(vector)), StorageOrder.FORTRAN);
    }

    private static List<Long> longsOf(FieldVector vector) throws NpzException {
        List<Long> values = new ArrayList<>();
        ByteBuffer bytes = EncodeSink.buffer(array(vector));
        while (bytes.hasRemaining()) {
            values.add(bytes.getLong());
        }
        return values;
    }

    private static List<Integer> intsOf(FieldVector vector) throws NpzException {
        List<Integer> values = new ArrayList<>();
        ByteBuffer bytes = EncodeSink.buffer(array(vector));
        while (bytes.hasRemaining()) {
            values.add(bytes.getInt());
        }
        return values;
    }

    private static FieldType hinted(ArrowType type, String hint) {
        return new FieldType(true, type, null, hint == null ? null : Map.of(NumpyMetadata.DTYPE, hint));
    }

    private static IntVector ints(String name, BufferAllocator allocator, Integer... values) {
        IntVector vector = new IntVector(name, allocator);
        fill(values, i -> vector.setSafe(i, values[i]), vector::setNull);
        vector.setValueCount(values.length);
        return vector;
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

    private static VarCharVector text(String hint, BufferAllocator allocator, String... values) {
        VarCharVector vector = new VarCharVector("t", hinted(new ArrowType.Utf8(), hint), allocator);
        fill(values, i -> vector.setSafe(i, RandomVectors.utf8(values[i])), vector::setNull);
        vector.setValueCount(values.length);
        return vector;
    }

    private static VarCharVector longText(BufferAllocator allocator, int length, int rows) {
        VarCharVector vector = text(null, allocator, "x".repeat(length));
        for (int i = 1; i < rows; i++) {
            vector.setSafe(i, new byte[0]);
        }
        vector.setValueCount(rows);
        return vector;
    }

    private static void fill(Object[] values, Consumer<Integer> set, Consumer<Integer> setNull) {
        for (int i = 0; i < values.length; i++) {
            (values[i] == null ? setNull : set).accept(i);
        }
    }
}
