package org.arrownpz.vector.internal.encode;

import static org.arrownpz.vector.internal.encode.EncodedColumns.DEFAULTS;
import static org.arrownpz.vector.internal.encode.EncodedColumns.array;
import static org.arrownpz.vector.internal.encode.EncodedColumns.ints;
import static org.arrownpz.vector.internal.encode.EncodedColumns.numpy;
import static org.arrownpz.vector.internal.encode.EncodedColumns.plan;
import static org.arrownpz.vector.internal.encode.EncodedColumns.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.gather.DictionaryValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which columns become arrays of which dtype, which become buffers, and what the report says. */
@ExtendWith(LeakCheck.class)
class EncodePlanTest {
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
            try (FieldVector decoded = DictionaryValues.decode(indices, provider, allocator)) {
                assertThat(decoded.getName()).isEqualTo("d");
                assertThat(RandomVectors.values(decoded)).containsExactly("yy", null, "x");
            }
            indices.setSafe(0, 2);
            assertThatThrownBy(() -> DictionaryValues.decode(indices, provider, allocator))
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
    void theReportNamesWhatNumpyDoesNotSee(BufferAllocator allocator) throws NpzException {
        try (IntVector ints = ints("i", allocator, 1, null)) {
            WriteReport report = new WriteReport(
                    List.of(
                            numpy(ints).report("i", 1, 8),
                            new ColumnEncoding.Buffers("the column is a struct").report("l", 0, 1234)),
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
}
