package org.arrownpz.spark.internal.column;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.util.DecimalUtility;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Numbers and booleans. Unsigned ones widen to the next signed type, since Spark has none. */
final class NumberColumns {
    private NumberColumns() {}

    /** A column over one buffer of values. The JIT does best with a ByteBuffer, which holds up to 2 GiB. */
    abstract static class Plain extends NpzColumn {
        private final ArrowBuf values;
        private final @Nullable ByteBuffer small;

        Plain(DataType type, FieldVector vector, int base) {
            super(type, vector, base);
            this.values = vector.getDataBuffer();
            this.small = values.capacity() > Integer.MAX_VALUE
                    ? null
                    : values.nioBuffer(0, (int) values.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        }

        final byte int8(long at) {
            return small == null ? values.getByte(at) : small.get((int) at);
        }

        final short int16(long at) {
            return small == null ? values.getShort(at) : small.getShort((int) at);
        }

        final int int32(long at) {
            return small == null ? values.getInt(at) : small.getInt((int) at);
        }

        final long int64(long at) {
            return small == null ? values.getLong(at) : small.getLong((int) at);
        }

        final BigDecimal decimal(int position, int scale, int width) {
            return DecimalUtility.getBigDecimalFromArrowBuf(values, position, scale, width);
        }
    }

    /** Bits. */
    static final class Bits extends Plain {
        Bits(FieldVector vector, int base) {
            super(DataTypes.BooleanType, vector, base);
        }

        @Override
        public boolean getBoolean(int row) {
            int position = base + row;
            return (int8(position >> 3) >> (position & 7) & 1) != 0;
        }
    }

    /**
     * Values that are what Spark calls them: numbers, days, months, microseconds and booleans of a byte; or of the next wider
     * type: unsigned numbers, of which those of 64 bits are decimals of 20 digits, and half floats.
     */
    static final class Numbers extends Plain {
        private final int bits;

        Numbers(int bits, DataType type, FieldVector vector, int base) {
            super(type, vector, base);
            this.bits = bits;
        }

        @Override
        public boolean getBoolean(int row) {
            return int8(base + row) != 0;
        }

        @Override
        public byte getByte(int row) {
            return int8(base + row);
        }

        @Override
        public short getShort(int row) {
            return bits == 8 ? (short) (int8(base + row) & 0xFF) : int16(2L * (base + row));
        }

        @Override
        public int getInt(int row) {
            return bits == 16 ? int16(2L * (base + row)) & 0xFFFF : int32(4L * (base + row));
        }

        @Override
        public long getLong(int row) {
            return bits == 32 ? int32(4L * (base + row)) & 0xFFFF_FFFFL : int64(8L * (base + row));
        }

        @Override
        public float getFloat(int row) {
            return bits == 16
                    ? Float16.toFloat(int16(2L * (base + row)))
                    : Float.intBitsToFloat(int32(4L * (base + row)));
        }

        @Override
        public double getDouble(int row) {
            return Double.longBitsToDouble(int64(8L * (base + row)));
        }

        @Override
        public Decimal getDecimal(int row, int precision, int scale) {
            long value = int64(8L * (base + row));
            if (value >= 0) {
                return Decimal.apply(value, precision, scale);
            }
            BigInteger unsigned = BigInteger.valueOf(value >>> 1).shiftLeft(1).or(BigInteger.valueOf(value & 1));
            return Decimal.apply(new BigDecimal(unsigned), precision, scale);
        }
    }

    /** Decimals of 128 or 256 bits with at most 38 digits. */
    static final class Decimals extends Plain {
        private static final int LONG_DIGITS = 18;
        private final int width;
        private final int fraction;
        private final String place;
        // Whether a long holds the digits, and Spark's scale is the stored one.
        private final int longDigits;

        Decimals(ArrowType.Decimal stored, DecimalType type, FieldVector vector, int base, String place) {
            super(type, vector, base);
            this.width = stored.getBitWidth() / Byte.SIZE;
            this.fraction = stored.getScale();
            this.place = place;
            boolean small = width == 2 * Long.BYTES && type.precision() <= LONG_DIGITS && type.scale() == fraction;
            this.longDigits = small ? type.precision() : -1;
        }

        @Override
        public Decimal getDecimal(int row, int precision, int scale) {
            if (precision == longDigits) {
                long at = (long) width * (base + row);
                long low = int64(at);
                if (int64(at + Long.BYTES) == low >> 63) {
                    return Decimal.createUnsafe(low, precision, scale);
                }
            }
            BigDecimal value = decimal(base + row, fraction, width);
            try {
                return Decimal.apply(value, precision, scale);
            } catch (ArithmeticException e) {
                throw new ArithmeticException(place + ": row " + (base + row) + " holds the decimal " + value
                        + ", which has more digits than its type");
            }
        }
    }

    /** Decimals of more digits than Spark's have, as text: {@link BigDecimal#BigDecimal(String)} reads it. */
    static final class DecimalTexts extends Plain {
        private static final int PLAIN_SCALE = 76;
        private final int width;
        private final int fraction;

        DecimalTexts(ArrowType.Decimal stored, FieldVector vector, int base) {
            super(DataTypes.StringType, vector, base);
            this.width = stored.getBitWidth() / Byte.SIZE;
            this.fraction = stored.getScale();
        }

        @Override
        public UTF8String getUTF8String(int row) {
            BigDecimal value = decimal(base + row, fraction, width);
            // Zeros are not spelled out by the billion because a scale says so.
            boolean plain = fraction >= 0 && fraction <= PLAIN_SCALE;
            return UTF8String.fromString(plain ? value.toPlainString() : value.toString());
        }
    }
}
