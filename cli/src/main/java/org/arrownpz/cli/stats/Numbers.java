package org.arrownpz.cli.stats;

import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.Decoded;
import org.arrownpz.cli.cell.TypeName;
import org.jspecify.annotations.Nullable;

/** The values of columns of numbers and booleans as doubles; NaN for null. */
public final class Numbers {
    private Numbers() {}

    /** Whether a field has numbers or booleans, behind no dictionary. */
    public static boolean are(Field field) {
        return TypeName.isNumber(field) || (field.getType() instanceof ArrowType.Bool && field.getDictionary() == null);
    }

    /** The values of a column by their rows, or null where they are no numbers. */
    public static @Nullable IntToDoubleFunction of(FieldVector column, DictionaryProvider dictionaries) {
        Decoded decoded = Decoded.of(column, dictionaries);
        IntToDoubleFunction values = stored(decoded.vector(), decoded.rows());
        if (values == null) {
            return null;
        }
        IntPredicate nulls = decoded.nulls();
        return row -> nulls.test(row) ? Double.NaN : values.applyAsDouble(row);
    }

    private static @Nullable IntToDoubleFunction stored(FieldVector vector, IntUnaryOperator rows) {
        ArrowType type = vector.getField().getType();
        if (type instanceof ArrowType.FloatingPoint) {
            return Measure.doubles(vector, rows);
        } else if (vector instanceof DecimalVector && type instanceof ArrowType.Decimal decimal) {
            return decimals(vector.getDataBuffer(), 2, decimal.getScale(), rows);
        } else if (vector instanceof Decimal256Vector && type instanceof ArrowType.Decimal decimal) {
            return decimals(vector.getDataBuffer(), 4, decimal.getScale(), rows);
        }
        IntToLongFunction longs =
                vector instanceof BaseIntVector || vector instanceof BitVector ? Measure.longs(vector) : null;
        if (longs == null) {
            return null;
        }
        return vector instanceof UInt8Vector
                ? row -> unsigned(longs.applyAsLong(rows.applyAsInt(row)))
                : row -> longs.applyAsLong(rows.applyAsInt(row));
    }

    private static IntToDoubleFunction decimals(ArrowBuf data, int words, int scale, IntUnaryOperator rows) {
        double unit = Math.pow(10, scale);
        long[] value = new long[words];
        return row -> {
            read(data, rows.applyAsInt(row), value);
            return real(value) / unit;
        };
    }

    /** Reads the words of a row's decimal. */
    static void read(ArrowBuf data, int row, long[] words) {
        long start = (long) row * words.length * Long.BYTES;
        for (int i = 0; i < words.length; i++) {
            words[i] = data.getLong(start + (long) i * Long.BYTES);
        }
    }

    /** A signed integer of several 64-bit words, the least significant first. */
    static double real(long[] words) {
        // Of small negative numbers, the words cancel each other out; their complements do not.
        long sign = words[words.length - 1] >> (Long.SIZE - 1);
        double real = 0;
        for (int i = words.length - 1; i >= 0; i--) {
            real = real * 0x1p64 + unsigned(words[i] ^ sign);
        }
        return sign == 0 ? real : -(real + 1);
    }

    /** A 64-bit integer without a sign. */
    static double unsigned(long value) {
        return value >= 0 ? value : value + 0x1p64;
    }
}
