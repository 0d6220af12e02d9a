package org.arrownpz.vector.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/** What a sidecar says of an array's values, and comparisons of vectors with it. */
final class ExpectedValues {
    private final JsonNode values;
    private final byte[] data;
    private final NpyHeader header;

    /**
     * @param values the elements in C order
     * @param data the elements' bytes in file order
     */
    ExpectedValues(JsonNode values, byte[] data, NpyHeader header) {
        this.values = values;
        this.data = data;
        this.header = header;
    }

    /** The whole array, rows along the first dimension. */
    void assertRows(FieldVector vector) {
        Shape shape = header.shape();
        int dimensions = shape.dimensions();
        assertThat(vector.getValueCount()).isEqualTo(dimensions == 0 ? 1 : (int) shape.length(0));
        FieldVector leaf = dimensions < 2 ? vector : ((FixedSizeListVector) vector).getDataVector();
        assertThat(leaf.getValueCount()).isEqualTo((int) shape.elements());
        for (int i = 0; i < shape.elements(); i++) {
            assertElement(leaf, i, i);
        }
    }

    /** The whole array in the order of its bytes, whatever that is. */
    void assertTensor(FieldVector vector) {
        FieldVector leaf = header.shape().dimensions() < 2 ? vector : ((FixedSizeListVector) vector).getDataVector();
        for (int i = 0; i < header.shape().elements(); i++) {
            assertElement(leaf, position(i), i);
        }
    }

    /** One column of a 2-D array. */
    void assertColumn(FieldVector vector, int column) {
        int columns = (int) header.shape().length(1);
        assertThat(vector.getValueCount()).isEqualTo((int) header.shape().length(0));
        for (int row = 0; row < vector.getValueCount(); row++) {
            assertElement(vector, row, row * columns + column);
        }
    }

    private void assertElement(FieldVector vector, int index, int logical) {
        int size = (int) header.dtype().itemSize();
        int at = position(logical) * size;
        assertValue(vector, index, header.dtype(), values.path(logical), Arrays.copyOfRange(data, at, at + size));
    }

    /** Where in the file an element of a C-order index stands. */
    private int position(int logical) {
        if (header.order() == StorageOrder.C) {
            return logical;
        }
        long[] lengths = header.shape().lengths();
        int position = 0;
        int[] index = new int[lengths.length];
        for (int d = lengths.length - 1; d >= 0; d--) {
            index[d] = logical % (int) lengths[d];
            logical /= (int) lengths[d];
        }
        for (int d = lengths.length - 1; d >= 0; d--) {
            position = position * (int) lengths[d] + index[d];
        }
        return position;
    }

    private void assertValue(FieldVector vector, int index, DType dtype, JsonNode expected, byte[] raw) {
        if (vector instanceof FixedSizeBinaryVector binary) {
            assertThat(binary.get(index)).isEqualTo(raw);
        } else if (vector instanceof StructVector struct) {
            for (StructDType.Field field : ((StructDType) dtype).fields()) {
                int from = (int) field.offset();
                byte[] part =
                        Arrays.copyOfRange(raw, from, from + (int) field.dtype().itemSize());
                FieldVector child = (FieldVector) struct.getChild(field.name());
                assertValue(child, index, field.dtype(), expected.path(field.name()), part);
            }
        } else if (vector instanceof FixedSizeListVector list && dtype instanceof SubarrayDType array) {
            int size = (int) array.element().itemSize();
            for (int i = 0; i < array.elements(); i++) {
                byte[] part = Arrays.copyOfRange(raw, i * size, (i + 1) * size);
                int child = index * list.getListSize() + i;
                assertValue(list.getDataVector(), child, array.element(), expected.path(i), part);
            }
        } else if (vector instanceof FixedSizeListVector list) {
            assertThat(list.getListSize()).isEqualTo(2);
            assertFloat(list.getDataVector(), 2 * index, expected.path(0).textValue());
            assertFloat(list.getDataVector(), 2 * index + 1, expected.path(1).textValue());
        } else {
            assertScalar(vector, index, (ScalarDType) dtype, expected);
        }
    }

    private static void assertScalar(FieldVector vector, int index, ScalarDType dtype, JsonNode expected) {
        switch (dtype.kind()) {
            case BOOL -> {
                int bit = vector instanceof BitVector bits ? bits.get(index) : ((TinyIntVector) vector).get(index);
                assertThat(bit != 0).isEqualTo(expected.booleanValue());
            }
            case INT, UINT -> assertThat(integer(vector, index, dtype)).isEqualTo(expected.bigIntegerValue());
            case FLOAT -> assertFloat(vector, index, expected.textValue());
            case DATETIME, TIMEDELTA -> assertTime(vector, index, dtype, expected);
            case UNICODE ->
                assertThat(
                                vector instanceof VarCharVector text
                                        ? new String(text.get(index), StandardCharsets.UTF_8)
                                        : new String(((VarBinaryVector) vector).get(index), StandardCharsets.UTF_8))
                        .isEqualTo(expected.textValue());
            default ->
                assertThat(HexFormat.of().formatHex(((VarBinaryVector) vector).get(index)))
                        .isEqualTo(expected.textValue());
        }
    }

    private static BigInteger integer(FieldVector vector, int index, ScalarDType dtype) {
        long value = ((BaseIntVector) vector).getValueAsLong(index);
        if (vector instanceof UInt8Vector) {
            return new BigInteger(Long.toUnsignedString(value));
        }
        long mask = dtype.kind() == DTypeKind.UINT ? (1L << 8 * dtype.itemSize()) - 1 : -1L;
        return BigInteger.valueOf(value & mask);
    }

    private static void assertFloat(FieldVector vector, int index, String expected) {
        double value = vector instanceof Float8Vector eight
                ? eight.get(index)
                : vector instanceof Float4Vector four
                        ? four.get(index)
                        : Float16.toFloat(((Float2Vector) vector).get(index));
        double wanted = switch (expected) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(expected);
        };
        assertThat(Double.doubleToLongBits(value)).isEqualTo(Double.doubleToLongBits(wanted));
    }

    private static void assertTime(FieldVector vector, int index, ScalarDType dtype, JsonNode expected) {
        boolean nat = expected.isTextual();
        long steps = nat ? Long.MIN_VALUE : expected.bigIntegerValue().longValueExact();
        TimeUnit64 unit = Objects.requireNonNull(dtype.unit());
        long value = steps * unit.multiplier();
        if (vector.isNull(index)) {
            assertThat(nat).isTrue();
        } else if (vector instanceof DateDayVector days) {
            LocalDate date = switch (unit.base()) {
                case YEAR -> LocalDate.of(1970, 1, 1).plusYears(value);
                case MONTH -> YearMonth.of(1970, 1).plusMonths(value).atDay(1);
                case WEEK -> LocalDate.ofEpochDay(7 * value);
                default -> LocalDate.ofEpochDay(value);
            };
            assertThat(days.get(index)).isEqualTo((int) date.toEpochDay());
        } else if (vector instanceof IntervalYearVector months) {
            assertThat(IntervalYearVector.getTotalMonths(months.getDataBuffer(), index))
                    .isEqualTo((int) (unit.base() == TimeUnit64.Base.YEAR ? 12 * value : value));
        } else if (vector instanceof BigIntVector stored) {
            assertThat(stored.get(index)).isEqualTo(steps);
        } else {
            long seconds = switch (unit.base()) {
                case WEEK -> 604_800;
                case DAY -> 86_400;
                case HOUR -> 3600;
                case MINUTE -> 60;
                default -> 1;
            };
            long actual = vector instanceof TimeStampVector stamps
                    ? stamps.get(index)
                    : DurationVector.get(vector.getDataBuffer(), index);
            assertThat(actual).isEqualTo(nat ? Long.MIN_VALUE : Math.multiplyExact(value, seconds));
        }
    }
}
