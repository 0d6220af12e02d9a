package org.arrownpz.array.internal.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/**
 * Dot products of rows with a vector in single precision, with a bound of their error: which rows a search in double precision
 * can leave out. Four rows at a time, a quarter of all apart, share what is loaded of the vector, and each quarter is a stream
 * that the processor reads ahead. Used by one thread.
 */
public final class FloatDots {
    private static final Unsafe U = Memory.UNSAFE;
    /** Rows whose numbers are looked at for a limit. */
    private static final int SAMPLE = 8;

    private static final long MAGNITUDES = 0x7FFFFFFF_7FFFFFFFL;

    private final float[] query;
    private final double length;
    private float[] sums = new float[0];
    private double error;

    public FloatDots(double[] query) {
        this.query = new float[query.length];
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            this.query[i] = (float) query[i];
            // What is no normal float loses more than half a unit of its last bit.
            boolean normal = query[i] == 0 || Math.abs(this.query[i]) >= Float.MIN_NORMAL;
            sum += normal ? Math.abs(query[i]) : Double.NaN;
        }
        // Of longer rows the bound below is none; numbers are looked at in pairs.
        this.length = query.length % 2 == 0 && query.length < 1 << 22 ? sum : Double.NaN;
    }

    /**
     * Adds up rows, little-endian in direct memory, which may be a mapped file's. Of float64, odd numbers of columns, and vectors
     * that are no normal floats it says nothing.
     *
     * @param rows from position 0 on as many as the count says
     * @param single whether the numbers are float32
     */
    public void add(ByteBuffer rows, boolean single, int count) {
        long bytes = (long) query.length * Float.BYTES;
        Objects.checkFromIndexSize(0, bytes * count, rows.capacity());
        sums = sums.length < count ? new float[count] : sums;
        Arrays.fill(sums, Float.NaN);
        if (!single || !(length <= Float.MAX_VALUE)) {
            return;
        }
        long address = MemoryUtil.getByteBufferAddress(rows);
        try {
            int exponent = Math.min(exponent(address, bytes, count) + 4, Float.MAX_EXPONENT);
            double greatest = Math.scalb(1.0, exponent) * length;
            // Twice the bound of n products, n sums, and the vector's rounding; and of what products below 2^-126 lose.
            error = greatest < Float.MAX_VALUE / 4
                    ? greatest * (query.length + 4) * 0x1p-23 + query.length * 0x1p-148
                    : Double.POSITIVE_INFINITY;
            int quarter = count / 4;
            long past = 1L << 31 | 1L << 63;
            long offset = past - ((exponent + 127L) << 23) * 0x1_0000_0001L;
            for (int i = 0; i < quarter; i++) {
                four(address + i * bytes, quarter * bytes, offset, i, quarter);
            }
        } finally {
            MemoryAccess.deliverFaults();
            Reference.reachabilityFence(rows);
        }
    }

    /** Whether the product of a row that was added is less than a number for sure. */
    public boolean isLess(int row, double least) {
        return sums[row] + error < least;
    }

    /** The exponent of the greatest of some numbers. */
    private int exponent(long address, long bytes, int count) {
        int greatest = 0;
        for (int k = 0; k < SAMPLE; k++) {
            long row = address + (long) count * k / SAMPLE * bytes;
            for (int i = 0; i < query.length; i++) {
                greatest = Math.max(greatest, U.getInt(row + 4L * i) & Integer.MAX_VALUE);
            }
        }
        return (greatest >>> 23) - 127;
    }

    /**
     * The sums of four rows, or NaN where an element is not less than the limit.
     *
     * @param offset what, added to two magnitudes, sets the sign of one that is not less
     */
    private void four(long a, long step, long offset, int row, int quarter) {
        long b = a + step;
        long c = b + step;
        long d = c + step;
        float p = 0;
        float q = 0;
        float r = 0;
        float s = 0;
        long past = 0;
        long other = 0;
        for (int i = 0; i < query.length - 1; i += 2) {
            long at = 4L * i;
            float x = query[i];
            float y = query[i + 1];
            p += U.getFloat(a + at) * x;
            q += U.getFloat(b + at) * x;
            r += U.getFloat(c + at) * x;
            s += U.getFloat(d + at) * x;
            past |= (U.getLong(a + at) & MAGNITUDES) + offset;
            other |= (U.getLong(b + at) & MAGNITUDES) + offset;
            past |= (U.getLong(c + at) & MAGNITUDES) + offset;
            other |= (U.getLong(d + at) & MAGNITUDES) + offset;
            at += 4;
            p += U.getFloat(a + at) * y;
            q += U.getFloat(b + at) * y;
            r += U.getFloat(c + at) * y;
            s += U.getFloat(d + at) * y;
        }
        if (((past | other) & ~MAGNITUDES) == 0) {
            sums[row] = p;
            sums[row + quarter] = q;
            sums[row + 2 * quarter] = r;
            sums[row + 3 * quarter] = s;
        }
    }
}
