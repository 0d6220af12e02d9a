package org.arrownpz.safety;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseIntVector;
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
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.jspecify.annotations.Nullable;

/** What {@code expected.json} says of an array, compared with what was read. */
final class ExpectedArray {
    private ExpectedArray() {}

    /** The first difference of header and bytes, or null. */
    static @Nullable String difference(NumpyArray array, JsonNode expected) throws NpzException {
        DType dtype = array.header().dtype();
        String descr = dtype instanceof ScalarDType scalar ? scalar.str() : dtype.toString();
        String wanted = expected.path("descr").asText();
        if (!descr.replace(" ", "").equals(wanted.replace(" ", ""))) {
            return "dtype " + descr + " instead of " + wanted;
        }
        StringBuilder shape = new StringBuilder();
        for (long length : array.header().shape().lengths()) {
            shape.append(shape.length() == 0 ? "" : ",").append(length);
        }
        if (!("[" + shape + "]").equals(expected.path("shape").toString())) {
            return "shape " + shape;
        }
        if (array.header().dtype().itemSize() == 0) {
            // NumPy widens such elements when it reads them; the file holds no byte of them.
            return null;
        }
        String digest = digest(array);
        return digest.equals(expected.path("sha256_c_order_little_endian").asText()) ? null : "bytes " + digest;
    }

    /** Null when the vector holds the elements' bytes as they are stored, as what Arrow has no type for should be. */
    static @Nullable String notAsStored(FieldVector vector, NumpyArray array) throws NpzException {
        if (!(vector instanceof FixedSizeBinaryVector) || array.header().shape().dimensions() > 1) {
            return "a value of a file that should be refused: " + vector.getField();
        }
        try (ArrowBuf region = array.region(0, array.header().dataLength())) {
            for (long i = 0; i < region.capacity(); i++) {
                if (region.getByte(i) != vector.getDataBuffer().getByte(i)) {
                    return "byte " + i;
                }
            }
        }
        return null;
    }

    private static String digest(NumpyArray array) throws NpzException {
        byte[] stored;
        try (ArrowBuf region = array.region(0, array.header().dataLength())) {
            stored = new byte[(int) region.capacity()];
            region.getBytes(0, stored);
        }
        byte[] ordered = stored.clone();
        int size = (int) array.header().dtype().itemSize();
        long[] lengths = array.header().shape().lengths();
        if (array.header().order() == StorageOrder.FORTRAN && lengths.length > 1) {
            for (int i = 0; i < array.header().shape().elements(); i++) {
                System.arraycopy(stored, fortran(i, lengths) * size, ordered, i * size, size);
            }
        }
        if (array.header().dtype() instanceof ScalarDType scalar) {
            normalise(ordered, scalar);
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ordered));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int fortran(int logical, long[] lengths) {
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

    private static void normalise(byte[] bytes, ScalarDType scalar) {
        int unit = switch (scalar.kind()) {
            case BYTES, VOID, BOOL -> 1;
            case UNICODE -> 4;
            case COMPLEX -> (int) scalar.itemSize() / 2;
            default -> (int) scalar.itemSize();
        };
        if (scalar.kind() == DTypeKind.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (bytes[i] != 0 ? 1 : 0);
            }
        }
        if (scalar.str().startsWith(">")) {
            for (int at = 0; at + unit <= bytes.length; at += unit) {
                for (int i = 0; i < unit / 2; i++) {
                    byte low = bytes[at + i];
                    bytes[at + i] = bytes[at + unit - 1 - i];
                    bytes[at + unit - 1 - i] = low;
                }
            }
        }
    }

    /** The first value that differs, or null. */
    static @Nullable String difference(FieldVector vector, NumpyArray array, JsonNode expected) {
        FieldVector leaf = vector;
        if (array.header().shape().dimensions() > 1 && vector instanceof FixedSizeListVector list) {
            leaf = list.getDataVector();
        }
        JsonNode values = expected.path(expected.has("int64_c_order") ? "int64_c_order" : "values_c_order");
        if (values.isMissingNode()) {
            // Large arrays are given by their digest only.
            return null;
        }
        if (leaf.getValueCount() != values.size()) {
            return leaf.getValueCount() + " values instead of " + values.size();
        }
        for (int i = 0; i < values.size(); i++) {
            if (!same(leaf, i, array.header().dtype(), values.get(i))) {
                return "value " + i + " is " + leaf.getObject(i) + " instead of " + values.get(i);
            }
        }
        return null;
    }

    /** Whether an element is what JSON says; times by their number of steps, where a dtype is given. */
    static boolean same(FieldVector vector, int index, @Nullable DType dtype, JsonNode expected) {
        if (vector instanceof StructVector struct) {
            int child = 0;
            for (FieldVector field : struct.getChildrenFromFields()) {
                if (!same(field, index, null, expected.path(child++))) {
                    return false;
                }
            }
            return child == expected.size();
        }
        if (vector instanceof FixedSizeListVector list) {
            for (int i = 0; i < list.getListSize(); i++) {
                if (!same(list.getDataVector(), index * list.getListSize() + i, null, expected.path(i))) {
                    return false;
                }
            }
            return expected.size() == list.getListSize();
        }
        if (dtype instanceof ScalarDType scalar && scalar.unit() != null && expected.isIntegralNumber()) {
            return sameTime(vector, index, scalar, expected.longValue());
        }
        if (vector instanceof VarCharVector text) {
            return new String(text.get(index), StandardCharsets.UTF_8).equals(expected.textValue());
        }
        if (vector instanceof VarBinaryVector binary) {
            return HexFormat.of()
                    .formatHex(binary.get(index))
                    .equals(expected.path("hex").textValue());
        }
        if (vector instanceof BitVector bits) {
            return expected.isBoolean() && (bits.get(index) != 0) == expected.booleanValue();
        }
        if (vector instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(index)).toString().equals(expected.textValue());
        }
        if (vector instanceof BaseIntVector integers) {
            long value = integers.getValueAsLong(index);
            BigInteger number = vector instanceof UInt8Vector
                    ? new BigInteger(Long.toUnsignedString(value))
                    : BigInteger.valueOf(unsigned(vector, value));
            return expected.isIntegralNumber() && number.equals(expected.bigIntegerValue());
        }
        double value = vector instanceof Float8Vector eight
                ? eight.get(index)
                : vector instanceof Float4Vector four
                        ? four.get(index)
                        : Float16.toFloat(((Float2Vector) vector).get(index));
        double wanted = expected.isTextual() ? Double.parseDouble(expected.textValue()) : expected.doubleValue();
        return Double.doubleToLongBits(value) == Double.doubleToLongBits(wanted);
    }

    private static long unsigned(FieldVector vector, long value) {
        return switch (vector.getMinorType()) {
            case UINT1 -> value & 0xFF;
            case UINT2 -> value & 0xFFFF;
            case UINT4 -> value & 0xFFFF_FFFFL;
            default -> value;
        };
    }

    private static boolean sameTime(FieldVector vector, int index, ScalarDType dtype, long steps) {
        boolean nat = steps == Long.MIN_VALUE;
        TimeUnit64 unit = Objects.requireNonNull(dtype.unit());
        if (vector.isNull(index) || nat) {
            return nat && vector.isNull(index);
        }
        long value = steps * unit.multiplier();
        if (vector instanceof DateDayVector days) {
            LocalDate date = switch (unit.base()) {
                case YEAR -> LocalDate.of(1970, 1, 1).plusYears(value);
                case MONTH -> YearMonth.of(1970, 1).plusMonths(value).atDay(1);
                case WEEK -> LocalDate.ofEpochDay(7 * value);
                default -> LocalDate.ofEpochDay(value);
            };
            return days.get(index) == date.toEpochDay();
        }
        if (vector instanceof IntervalYearVector months) {
            return IntervalYearVector.getTotalMonths(months.getDataBuffer(), index)
                    == (unit.base() == TimeUnit64.Base.YEAR ? 12 * value : value);
        }
        if (vector instanceof BaseIntVector integers) {
            return integers.getValueAsLong(index) == steps;
        }
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
        return actual == value * seconds;
    }
}
