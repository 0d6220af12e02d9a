package org.arrownpz.array.internal.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.util.MemoryUtil;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.vector.internal.kernel.Memory;
import sun.misc.Unsafe;

/**
 * Sums over rows of float32 or float64, little-endian in direct memory, which may be a mapped file's. In double precision,
 * by four accumulators that do not wait for one another.
 */
public final class RowKernels {
    private static final Unsafe U = Memory.UNSAFE;

    /** The value that is made of a row. */
    private interface Sum {
        double of(long row);
    }

    private RowKernels() {}

    /**
     * Dot products of rows with a vector.
     *
     * @param rows from position 0 on as many rows as there are sums
     * @param single whether the numbers are float32
     * @param query as many numbers as a row has
     * @param left the rows to leave out, whose sums are NaN
     */
    public static void dots(
            ByteBuffer rows, boolean single, double[] query, double[] sums, int count, IntPredicate left) {
        each(rows, single, query, sums, count, left, row -> product(row, single, query, -1));
    }

    /** Their cosines, likewise; NaN of rows of zeros. */
    public static void cosines(ByteBuffer rows, boolean single, double[] query, double[] sums, int count) {
        double squares = 0;
        for (double value : query) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        each(rows, single, query, sums, count, row -> false, row -> product(row, single, query, norm));
    }

    /** The squares of their distances, likewise. */
    public static void squaredDistances(ByteBuffer rows, boolean single, double[] query, double[] sums, int count) {
        each(rows, single, query, sums, count, row -> false, row -> squaredDistance(row, single, query));
    }

    private static void each(
            ByteBuffer rows, boolean single, double[] query, double[] sums, int count, IntPredicate left, Sum sum) {
        long bytes = (long) query.length * (single ? Float.BYTES : Double.BYTES);
        Objects.checkFromIndexSize(0, bytes * count, rows.capacity());
        long address = MemoryUtil.getByteBufferAddress(rows);
        try {
            for (int i = 0; i < count; i++) {
                sums[i] = left.test(i) ? Double.NaN : sum.of(address + i * bytes);
            }
        } finally {
            MemoryAccess.deliverFaults();
            Reference.reachabilityFence(rows);
        }
    }

    private static double at(long row, boolean single, int i) {
        return single ? U.getFloat(row + 4L * i) : U.getDouble(row + 8L * i);
    }

    /**
     * The product, by the norms of both where that of the vector is not negative. All sums are in one loop: reading the row once
     * more costs as much.
     */
    private static double product(long row, boolean single, double[] query, double norm) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            double p = at(row, single, i);
            double q = at(row, single, i + 1);
            double r = at(row, single, i + 2);
            double s = at(row, single, i + 3);
            a += p * query[i];
            e += p * p;
            b += q * query[i + 1];
            f += q * q;
            c += r * query[i + 2];
            g += r * r;
            d += s * query[i + 3];
            h += s * s;
        }
        for (; i < query.length; i++) {
            double p = at(row, single, i);
            a += p * query[i];
            e += p * p;
        }
        double product = a + b + (c + d);
        return norm < 0 ? product : product / (norm * Math.sqrt(e + f + (g + h)));
    }

    private static double squaredDistance(long row, boolean single, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            a += square(at(row, single, i) - query[i]);
            b += square(at(row, single, i + 1) - query[i + 1]);
            c += square(at(row, single, i + 2) - query[i + 2]);
            d += square(at(row, single, i + 3) - query[i + 3]);
        }
        for (; i < query.length; i++) {
            a += square(at(row, single, i) - query[i]);
        }
        return a + b + (c + d);
    }

    private static double square(double value) {
        return value * value;
    }
}
