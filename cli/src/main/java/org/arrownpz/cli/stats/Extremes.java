package org.arrownpz.cli.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** The running minimum, maximum, mean and spread of a column, batch by batch; null values are skipped. */
abstract class Extremes {
    static final int NONE = -1;

    long count;
    /** Rows of the last batch with a new minimum and maximum, or {@link #NONE}. */
    int minRow;

    int maxRow;

    final ExactSum sum = new ExactSum();
    private Sample sample = new Sample();
    private Distinct distinct = new Distinct();

    /** The key that tells values apart if measured numbers do not: those are lengths then. */
    @Nullable
    IntToLongFunction keys;

    /** Takes the rows of a batch. */
    final void add(int rows, IntPredicate nulls) {
        minRow = NONE;
        maxRow = NONE;
        distinct.beginBatch();
        for (int row = 0; row < rows; row++) {
            if (!nulls.test(row)) {
                count++;
                add(row);
            }
        }
        sum.settle();
    }

    abstract void add(int row);

    /** Takes a value into account for the spread. */
    final void spread(double value, long key, int row) {
        sample.add(value);
        IntToLongFunction others = keys;
        distinct.add(others == null ? key : others.applyAsLong(row), row);
    }

    final Sample sample() {
        return sample;
    }

    final Distinct distinct() {
        return distinct;
    }

    /** Gives up the memory of what tells the spread; nothing is added any more. */
    final void forget() {
        sample = new Sample();
        distinct = new Distinct();
    }

    /** The mean, or null where there is none. */
    @Nullable
    BigDecimal exactMean() {
        return null;
    }

    /** The mean of floating point numbers, or NaN. */
    double mean() {
        return Double.NaN;
    }

    /** The number of not-a-numbers, or -1 where the type has none. */
    long nans() {
        return -1;
    }

    static BigDecimal mean(BigInteger sum, int scale, long count) {
        return new BigDecimal(sum, scale).divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
    }

    /** Integers of 64 bits or less. */
    static final class OfLongs extends Extremes {
        private final boolean unsigned;
        private final boolean summed;
        IntToLongFunction values = row -> 0;
        long min;
        long max;

        OfLongs(boolean unsigned, boolean summed) {
            this.unsigned = unsigned;
            this.summed = summed;
        }

        @Override
        void add(int row) {
            long value = values.applyAsLong(row);
            // Flipping the highest bit makes signed comparison an unsigned one.
            long key = unsigned ? value ^ Long.MIN_VALUE : value;
            if (count == 1 || key < min) {
                min = key;
                minRow = row;
            }
            if (count == 1 || key > max) {
                max = key;
                maxRow = row;
            }
            sum.add(value, unsigned);
            spread(unsigned ? Numbers.unsigned(value) : value, value, row);
        }

        @Override
        @Nullable
        BigDecimal exactMean() {
            return summed && count > 0 ? mean(sum.settle(), 0, count) : null;
        }
    }

    /** Floating point numbers. Minimum, maximum and mean leave NaN out. */
    static final class OfDoubles extends Extremes {
        IntToDoubleFunction values = row -> 0;
        private long nans;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double total;
        private double lost;

        @Override
        void add(int row) {
            double value = values.applyAsDouble(row);
            if (Double.isNaN(value)) {
                nans++;
                return;
            }
            boolean first = count - nans == 1;
            if (first || value < min) {
                min = value;
                minRow = row;
            }
            if (first || value > max) {
                max = value;
                maxRow = row;
            }
            // Neumaier's summation: what a rounded addition loses is added at the end.
            // Zeros of either sign are one value.
            spread(value, Double.doubleToRawLongBits(value + 0.0), row);
            double next = total + value;
            lost += Math.abs(total) >= Math.abs(value) ? (total - next) + value : (value - next) + total;
            total = next;
        }

        @Override
        double mean() {
            double sum = Double.isFinite(total) ? total + lost : total;
            return count == nans ? Double.NaN : sum / (count - nans);
        }

        @Override
        long nans() {
            return nans;
        }
    }

    /** Decimals of 128 or 256 bits, without an object per value. */
    static final class OfDecimals extends Extremes {
        private final int scale;
        private final double unit;
        private final long[] value;
        private final long[] min;
        private final long[] max;

        @Nullable
        ArrowBuf data;

        IntUnaryOperator rows = row -> row;

        OfDecimals(int words, int scale) {
            this.scale = scale;
            this.unit = Math.pow(10, scale);
            this.value = new long[words];
            this.min = new long[words];
            this.max = new long[words];
        }

        @Override
        void add(int row) {
            ArrowBuf buffer = data;
            if (buffer == null) {
                throw new IllegalStateException("no batch");
            }
            Numbers.read(buffer, rows.applyAsInt(row), value);
            if (count == 1 || compare(value, min) < 0) {
                System.arraycopy(value, 0, min, 0, value.length);
                minRow = row;
            }
            if (count == 1 || compare(value, max) > 0) {
                System.arraycopy(value, 0, max, 0, value.length);
                maxRow = row;
            }
            sum.add(value);
            spread(Numbers.real(value) / unit, key(), row);
        }

        private long key() {
            long key = 0;
            for (long word : value) {
                key = Distinct.mix(key) ^ word;
            }
            return key;
        }

        private static int compare(long[] left, long[] right) {
            int last = left.length - 1;
            if (left[last] != right[last]) {
                return Long.compare(left[last], right[last]);
            }
            for (int i = last - 1; i >= 0; i--) {
                if (left[i] != right[i]) {
                    return Long.compareUnsigned(left[i], right[i]);
                }
            }
            return 0;
        }

        @Override
        @Nullable
        BigDecimal exactMean() {
            return count > 0 ? mean(sum.settle(), scale, count) : null;
        }
    }

    /** The exact sum of up to 2³¹ integers of up to 256 bits at a time, in 32-bit pieces that cannot overflow. */
    static final class ExactSum {
        private final long[] pieces = new long[8];
        private BigInteger settled = BigInteger.ZERO;

        /** Adds a 64-bit integer. */
        void add(long value, boolean unsigned) {
            pieces[0] += value & 0xffff_ffffL;
            pieces[1] += unsigned ? value >>> 32 : value >> 32;
        }

        /** Adds a signed integer of 64-bit words, the least significant first. */
        void add(long[] words) {
            for (int i = 0; i < words.length; i++) {
                pieces[2 * i] += words[i] & 0xffff_ffffL;
                pieces[2 * i + 1] += i == words.length - 1 ? words[i] >> 32 : words[i] >>> 32;
            }
        }

        /** The sum; also makes room for as many values again. */
        BigInteger settle() {
            for (int i = 0; i < pieces.length; i++) {
                settled = settled.add(BigInteger.valueOf(pieces[i]).shiftLeft(32 * i));
                pieces[i] = 0;
            }
            return settled;
        }
    }
}
