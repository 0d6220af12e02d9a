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
        each(rows, single, query, sums, count, left, single ? row -> dotOfSingles(row, query) : row -> dot(row, query));
    }

    /** Their cosines, likewise; NaN of rows of zeros. */
    public static void cosines(ByteBuffer rows, boolean single, double[] query, double[] sums, int count) {
        double squares = 0;
        for (double value : query) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        each(
                rows,
                single,
                query,
                sums,
                count,
                row -> false,
                single ? row -> cosineOfSingles(row, query, norm) : row -> cosine(row, query, norm));
    }

    /** The squares of their distances, likewise. */
    public static void squaredDistances(ByteBuffer rows, boolean single, double[] query, double[] sums, int count) {
        each(
                rows,
                single,
                query,
                sums,
                count,
                row -> false,
                single ? row -> squaredDistanceOfSingles(row, query) : row -> squaredDistance(row, query));
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

    private static double dotOfSingles(long row, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            long at = row + 4L * i;
            a += U.getFloat(at) * query[i];
            b += U.getFloat(at + 4) * query[i + 1];
            c += U.getFloat(at + 8) * query[i + 2];
            d += U.getFloat(at + 12) * query[i + 3];
        }
        for (; i < query.length; i++) {
            a += U.getFloat(row + 4L * i) * query[i];
        }
        return a + b + (c + d);
    }

    private static double dot(long row, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            long at = row + 8L * i;
            a += U.getDouble(at) * query[i];
            b += U.getDouble(at + 8) * query[i + 1];
            c += U.getDouble(at + 16) * query[i + 2];
            d += U.getDouble(at + 24) * query[i + 3];
        }
        for (; i < query.length; i++) {
            a += U.getDouble(row + 8L * i) * query[i];
        }
        return a + b + (c + d);
    }

    /** Both sums in one loop: reading the row once more costs as much as the sums. */
    private static double cosineOfSingles(long row, double[] query, double norm) {
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
            long at = row + 4L * i;
            double p = U.getFloat(at);
            double q = U.getFloat(at + 4);
            double r = U.getFloat(at + 8);
            double s = U.getFloat(at + 12);
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
            double p = U.getFloat(row + 4L * i);
            a += p * query[i];
            e += p * p;
        }
        return (a + b + (c + d)) / (norm * Math.sqrt(e + f + (g + h)));
    }

    private static double cosine(long row, double[] query, double norm) {
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
            long at = row + 8L * i;
            double p = U.getDouble(at);
            double q = U.getDouble(at + 8);
            double r = U.getDouble(at + 16);
            double s = U.getDouble(at + 24);
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
            double p = U.getDouble(row + 8L * i);
            a += p * query[i];
            e += p * p;
        }
        return (a + b + (c + d)) / (norm * Math.sqrt(e + f + (g + h)));
    }

    private static double squaredDistanceOfSingles(long row, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            long at = row + 4L * i;
            a += square(U.getFloat(at) - query[i]);
            b += square(U.getFloat(at + 4) - query[i + 1]);
            c += square(U.getFloat(at + 8) - query[i + 2]);
            d += square(U.getFloat(at + 12) - query[i + 3]);
        }
        for (; i < query.length; i++) {
            a += square(U.getFloat(row + 4L * i) - query[i]);
        }
        return a + b + (c + d);
    }

    private static double squaredDistance(long row, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            long at = row + 8L * i;
            a += square(U.getDouble(at) - query[i]);
            b += square(U.getDouble(at + 8) - query[i + 1]);
            c += square(U.getDouble(at + 16) - query[i + 2]);
            d += square(U.getDouble(at + 24) - query[i + 3]);
        }
        for (; i < query.length; i++) {
            a += square(U.getDouble(row + 8L * i) - query[i]);
        }
        return a + b + (c + d);
    }

    private static double square(double value) {
        return value * value;
    }
}
