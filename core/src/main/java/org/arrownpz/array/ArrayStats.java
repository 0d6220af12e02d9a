package org.arrownpz.array;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Least, greatest and mean number, NaN, infinities and norm of arrays, and of vectors of numbers of fixed-size lists. NaN, NaT
 * and null are counted and left out otherwise. Complex numbers count as their two parts; of times there is no mean and no norm.
 *
 * <pre>{@code
 * ArrayStats stats = new ArrayStats();
 * stats.add(array);
 * System.out.println(stats.norm());
 * }</pre>
 *
 * <p>Reads arrays in strips of 256 KiB. Used by one thread.
 */
public final class ArrayStats {
    private static final int STRIP = 256 << 10;
    private static final long NAT = Long.MIN_VALUE;

    private long count;
    private long nans;
    private long infinities;
    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;
    private double sum;
    private double squares;
    private @Nullable ElementValues values;
    private long leastLong = Long.MAX_VALUE;
    private long greatestLong = Long.MIN_VALUE;
    private double[] doubles = {};
    private long[] longs = {};

    /**
     * Takes the elements of an array.
     *
     * @return whether they are numbers or times; where they are not, nothing is taken
     * @throws NpzException IO or FILE_CHANGED where the file does so, LIMIT where a deflated member needs too much memory
     */
    public boolean add(NumpyArray array) throws NpzException {
        ElementValues elements = array.packed() == null ? ElementValues.of(array) : null;
        if (elements == null) {
            return false;
        }
        long size = array.data().size();
        int length = (int) Math.min(size, STRIP);
        ByteBuffer strip = ByteBuffer.allocateDirect(length);
        for (long at = 0; at < size; at += length) {
            strip.clear().limit((int) Math.min(length, size - at));
            array.data().read(at, strip);
            take(elements, strip.flip(), strip.remaining() / elements.width());
        }
        return true;
    }

    /**
     * Takes the numbers of a vector of fixed-size lists of whatever depth; lists that are null are left out.
     *
     * @return whether they are numbers; where they are not, nothing is taken
     */
    public boolean add(FieldVector vector) {
        long inner = 1;
        FieldVector leaf = vector;
        while (leaf instanceof FixedSizeListVector list) {
            inner *= list.getListSize();
            leaf = list.getDataVector();
        }
        ElementValues elements = leaf == vector ? null : elements(leaf);
        if (elements == null || !(leaf instanceof BaseFixedWidthVector)) {
            return false;
        }
        ArrowBuf data = leaf.getDataBuffer();
        int atOnce = (int) Math.max(1, STRIP / Math.max(1, inner * elements.width()));
        boolean whole = vector.getNullCount() == 0 && leaf.getNullCount() == 0;
        for (int row = 0; row < vector.getValueCount(); ) {
            int rows = whole ? Math.min(atOnce, vector.getValueCount() - row) : 1;
            if (whole || !vector.isNull(row)) {
                long at = row * inner;
                long end = at + rows * inner;
                for (; at < end; at += STRIP / 8) {
                    int part = (int) Math.min(end - at, STRIP / 8);
                    if (part > 0 && (whole || leaf.getNullCount() == 0 || !hasNull(leaf, at, part))) {
                        take(elements, data.nioBuffer(at * elements.width(), part * elements.width()), part);
                    } else if (part > 0) {
                        single(elements, leaf, data, at, part);
                    }
                }
            }
            row += rows;
        }
        return true;
    }

    private static boolean hasNull(FieldVector leaf, long at, int count) {
        for (int i = 0; i < count; i++) {
            if (leaf.isNull((int) (at + i))) {
                return true;
            }
        }
        return false;
    }

    private void single(ElementValues elements, FieldVector leaf, ArrowBuf data, long at, int count) {
        for (long i = at; i < at + count; i++) {
            if (!leaf.isNull((int) i)) {
                take(elements, data.nioBuffer(i * elements.width(), elements.width()), 1);
            }
        }
    }

    private static @Nullable ElementValues elements(FieldVector leaf) {
        ArrowType type = leaf.getField().getType();
        if (leaf instanceof BitVector || leaf.getField().getDictionary() != null) {
            return null;
        } else if (type instanceof ArrowType.Int number) {
            DTypeKind kind = number.getIsSigned() ? DTypeKind.INT : DTypeKind.UINT;
            return ElementValues.of(ScalarDType.of(kind, number.getBitWidth() / 8), null);
        } else if (type instanceof ArrowType.FloatingPoint real) {
            int width = real.getPrecision() == FloatingPointPrecision.HALF
                    ? 2
                    : real.getPrecision() == FloatingPointPrecision.SINGLE ? 4 : 8;
            return ElementValues.of(ScalarDType.of(DTypeKind.FLOAT, width), null);
        }
        return null;
    }

    private void take(ElementValues elements, ByteBuffer bytes, int items) {
        values = elements;
        int numbers = items * elements.parts();
        if (elements.longs()) {
            longs = elements.longs(bytes, bytes.position(), longs, numbers);
            takeLongs(elements, longs, numbers);
        } else {
            doubles = elements.doubles(bytes, bytes.position(), doubles, numbers);
            takeDoubles(doubles, numbers);
        }
    }

    private void takeDoubles(double[] part, int numbers) {
        double low = least;
        double high = greatest;
        // Sums of a strip each, so that a long array loses no more than a short one.
        double all = 0;
        double square = 0;
        int odd = 0;
        for (int i = 0; i < numbers; i++) {
            double value = part[i];
            if (Double.isNaN(value)) {
                odd++;
                continue;
            }
            low = value < low ? value : low;
            high = value > high ? value : high;
            all += value;
            square += value * value;
            if (Double.isInfinite(value)) {
                infinities++;
            }
        }
        least = low;
        greatest = high;
        sum += all;
        squares += square;
        nans += odd;
        count += numbers - odd;
    }

    private void takeLongs(ElementValues elements, long[] part, int numbers) {
        // Without the highest bit, numbers without a sign have the order of those with one.
        long flip = elements.unsigned() ? Long.MIN_VALUE : 0;
        double all = 0;
        double square = 0;
        for (int i = 0; i < numbers; i++) {
            if (elements.isTime() && part[i] == NAT) {
                nans++;
                continue;
            }
            long ordered = part[i] ^ flip;
            leastLong = Math.min(leastLong, ordered);
            greatestLong = Math.max(greatestLong, ordered);
            double value = elements.real(part[i]);
            all += value;
            square += value * value;
            count++;
        }
        sum += all;
        squares += square;
    }

    /** The number of numbers or times, without NaN, NaT and null. */
    public long count() {
        return count;
    }

    /** The number of NaN and NaT. */
    public long nans() {
        return nans;
    }

    /** The number of infinities of either sign, which count as numbers. */
    public long infinities() {
        return infinities;
    }

    /**
     * The least number: a {@link Double}, a {@link Float} where the elements are no wider, a {@link Long} or, of unsigned
     * ones, a {@link BigInteger} of 64-bit integers, and the text of a time as NumPy prints it. Null where there is none.
     */
    public @Nullable Object min() {
        return extreme(leastLong, least);
    }

    /** The greatest number, as {@link #min}. */
    public @Nullable Object max() {
        return extreme(greatestLong, greatest);
    }

    private @Nullable Object extreme(long whole, double real) {
        ElementValues elements = values;
        if (elements == null || count == 0) {
            return null;
        } else if (!elements.longs()) {
            return elements.isReal() && elements.width() / elements.parts() <= Float.BYTES
                    ? (Object) (float) real
                    : (Object) real;
        } else if (elements.unsigned()) {
            return new BigInteger(Long.toUnsignedString(whole ^ Long.MIN_VALUE));
        }
        return elements.isTime() ? ElementText.time(whole, elements.dtype()) : (Object) whole;
    }

    /** The mean of the numbers; NaN of times, and where there is none. */
    public double mean() {
        return isMeasured() ? sum / count : Double.NaN;
    }

    /** The square root of the sum of the squares, as {@code np.linalg.norm} gives it; NaN of times. */
    public double norm() {
        return isMeasured() || values != null && !values.isTime() ? Math.sqrt(squares) : Double.NaN;
    }

    private boolean isMeasured() {
        return count > 0 && values != null && !values.isTime();
    }
}
