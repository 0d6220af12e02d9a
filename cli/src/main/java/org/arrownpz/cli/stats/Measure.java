package org.arrownpz.cli.stats;

import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.cli.cell.Decoded;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.support.ValueBytes;
import org.jspecify.annotations.Nullable;

/** The measures of a column of some type: values, or lengths, or only nulls. */
record Measure(@Nullable Extremes values, Extremes.@Nullable OfLongs lengths) {
    private static final String EXTENSION = "ARROW:extension:name";
    private static final String NUMPY_TIMES = "numpy.";
    private static final long NAT = Long.MIN_VALUE;

    /** Of columns that are not measured. */
    static final Measure NONE = new Measure(null, null);

    /** The measure for columns such as this. */
    static Measure of(FieldVector column, DictionaryProvider dictionaries) {
        FieldVector vector = Decoded.of(column, dictionaries).vector();
        ArrowType type = vector.getField().getType();
        if (vector instanceof Float8Vector || vector instanceof Float4Vector || vector instanceof Float2Vector) {
            return new Measure(new Extremes.OfDoubles(), null);
        } else if (vector instanceof DecimalVector && type instanceof ArrowType.Decimal decimal) {
            return new Measure(new Extremes.OfDecimals(2, decimal.getScale()), null);
        } else if (vector instanceof Decimal256Vector && type instanceof ArrowType.Decimal decimal) {
            return new Measure(new Extremes.OfDecimals(4, decimal.getScale()), null);
        } else if (longs(vector) != null) {
            boolean summed = (vector instanceof BaseIntVector && !isNumpyTime(column)) || vector instanceof BitVector;
            return new Measure(new Extremes.OfLongs(vector instanceof UInt8Vector, summed), null);
        } else if (Lengths.of(vector) != null) {
            return new Measure(null, new Extremes.OfLongs(false, false));
        }
        return NONE;
    }

    /** Takes a batch; returns the number of values that are not null. */
    long add(FieldVector column, DictionaryProvider dictionaries) {
        Decoded decoded = Decoded.of(column, dictionaries);
        FieldVector vector = decoded.vector();
        IntUnaryOperator rows = decoded.rows();
        IntPredicate nulls = decoded.nulls();
        Extremes extremes = values != null ? values : lengths;
        if (extremes == null) {
            return count(column.getValueCount(), nulls);
        }
        IntToLongFunction longs = lengths != null ? Lengths.of(vector) : longs(vector);
        if (extremes instanceof Extremes.OfDoubles reals) {
            reals.values = doubles(vector, rows);
        } else if (extremes instanceof Extremes.OfDecimals decimals) {
            decimals.data = vector.getDataBuffer();
            decimals.rows = rows;
        } else if (extremes instanceof Extremes.OfLongs numbers && longs != null) {
            numbers.values = column == vector ? longs : row -> longs.applyAsLong(rows.applyAsInt(row));
            if (isNumpyTime(column)) {
                IntPredicate stored = nulls;
                nulls = row -> stored.test(row) || longs.applyAsLong(rows.applyAsInt(row)) == NAT;
            }
        }
        IntToLongFunction keys = lengths != null ? Keys.of(vector) : null;
        extremes.keys = keys == null ? null : row -> keys.applyAsLong(rows.applyAsInt(row));
        long before = extremes.count;
        extremes.add(column.getValueCount(), nulls);
        return extremes.count - before;
    }

    private static long count(int rows, IntPredicate nulls) {
        long count = 0;
        for (int row = 0; row < rows; row++) {
            count += nulls.test(row) ? 0 : 1;
        }
        return count;
    }

    /** Extremes of values, or null where values are not compared. */
    @Nullable
    Extremes extremes() {
        return values;
    }

    /** The measure of each value, or null. */
    @Nullable
    Extremes any() {
        return values != null ? values : lengths;
    }

    boolean isDecimal() {
        return values instanceof Extremes.OfDecimals;
    }

    /** The least length of a text, binary or list, or -1. */
    long minLength() {
        return lengths == null || lengths.count == 0 ? -1 : lengths.min;
    }

    /** The greatest length of a text, binary or list, or -1. */
    long maxLength() {
        return lengths == null || lengths.count == 0 ? -1 : lengths.max;
    }

    /** Int64 that holds NumPy times in units that Arrow lacks, and NaT as a value. */
    private static boolean isNumpyTime(FieldVector vector) {
        String extension = vector.getField().getMetadata().get(EXTENSION);
        return vector instanceof BigIntVector && extension != null && extension.startsWith(NUMPY_TIMES);
    }

    static IntToDoubleFunction doubles(FieldVector vector, IntUnaryOperator rows) {
        if (vector instanceof Float8Vector numbers) {
            return row -> numbers.get(rows.applyAsInt(row));
        } else if (vector instanceof Float4Vector numbers) {
            return row -> numbers.get(rows.applyAsInt(row));
        } else if (vector instanceof Float2Vector numbers) {
            return row -> numbers.getValueAsFloat(rows.applyAsInt(row));
        }
        throw new IllegalArgumentException("batches of different types");
    }

    static @Nullable IntToLongFunction longs(FieldVector vector) {
        if (vector instanceof BitVector bits) {
            return bits::get;
        } else if (vector instanceof UInt1Vector numbers) {
            return row -> numbers.get(row) & 0xffL;
        } else if (vector instanceof UInt2Vector numbers) {
            return numbers::get;
        } else if (vector instanceof UInt4Vector numbers) {
            return row -> numbers.get(row) & 0xffff_ffffL;
        } else if (vector instanceof BaseIntVector numbers) {
            return numbers::getValueAsLong;
        } else if (isMoment(vector) && vector instanceof BaseFixedWidthVector times) {
            return times.getTypeWidth() == Integer.BYTES
                    ? row -> times.getDataBuffer().getInt(row * 4L)
                    : row -> times.getDataBuffer().getLong(row * 8L);
        }
        return null;
    }

    private static boolean isMoment(FieldVector vector) {
        return switch (vector.getField().getType().getTypeID()) {
            case Timestamp, Duration, Date, Time -> true;
            default -> vector instanceof IntervalYearVector;
        };
    }

    /** 64-bit keys of texts and binaries, which tell them apart: equal ones have one key, different ones as good as never. */
    static final class Keys {
        private Keys() {}

        /** The keys of a vector's values that are not null, or null where they are neither texts nor binaries. */
        static @Nullable IntToLongFunction of(FieldVector vector) {
            ValueBytes bytes = vector instanceof VariableWidthFieldVector ? ValueBytes.of(vector) : null;
            return bytes == null ? null : row -> key(bytes.at(row));
        }

        private static long key(ValueBytes value) {
            ArrowBuf buffer = value.buffer();
            long key = Distinct.mix(value.length() + 0x9e3779b97f4a7c15L);
            long at = value.start();
            long end = at + value.length();
            for (; at + 8 <= end; at += 8) {
                key = Distinct.mix(key ^ buffer.getLong(at)) + 0x9e3779b97f4a7c15L;
            }
            long rest = 0;
            for (; at < end; at++) {
                rest = rest << 8 | (buffer.getByte(at) & 0xff);
            }
            return Distinct.mix(key ^ rest);
        }
    }

    /** Lengths of texts in characters (code points), of binaries in bytes, and of lists in elements. */
    static final class Lengths {
        private Lengths() {}

        /** The lengths of a vector's values that are not null, or null where values have none. */
        static @Nullable IntToLongFunction of(FieldVector vector) {
            ValueBytes bytes = vector instanceof VariableWidthFieldVector ? ValueBytes.of(vector) : null;
            if (bytes == null) {
                return ListRows.isList(vector) && !(vector instanceof FixedSizeListVector)
                        ? ListRows.of(vector)::length
                        : null;
            }
            return switch (vector.getMinorType()) {
                case VARCHAR, LARGEVARCHAR, VIEWVARCHAR -> row -> characters(bytes.at(row));
                default -> row -> bytes.at(row).length();
            };
        }

        /** Every byte of UTF-8 but continuation bytes, 10xxxxxx, begins a character. */
        private static long characters(ValueBytes value) {
            ArrowBuf buffer = value.buffer();
            long characters = value.length();
            long at = value.start();
            long end = at + value.length();
            for (; at + 8 <= end; at += 8) {
                long bytes = buffer.getLong(at);
                characters -= Long.bitCount(bytes & 0x8080808080808080L & ~(bytes << 1));
            }
            for (; at < end; at++) {
                characters -= (buffer.getByte(at) & 0xc0) == 0x80 ? 1 : 0;
            }
            return characters;
        }
    }
}
