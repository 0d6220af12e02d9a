package org.arrownpz.array;

/** Sums over one row of numbers, in double precision, by four accumulators that do not wait for one another. Stateless. */
final class RowKernels {
    private RowKernels() {}

    static double dot(float[] row, int at, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            a += row[at + i] * query[i];
            b += row[at + i + 1] * query[i + 1];
            c += row[at + i + 2] * query[i + 2];
            d += row[at + i + 3] * query[i + 3];
        }
        for (; i < query.length; i++) {
            a += row[at + i] * query[i];
        }
        return a + b + (c + d);
    }

    static double squares(float[] row, int at, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            a += (double) row[at + i] * row[at + i];
            b += (double) row[at + i + 1] * row[at + i + 1];
            c += (double) row[at + i + 2] * row[at + i + 2];
            d += (double) row[at + i + 3] * row[at + i + 3];
        }
        for (; i < length; i++) {
            a += (double) row[at + i] * row[at + i];
        }
        return a + b + (c + d);
    }

    static double squaredDistance(float[] row, int at, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            a += square(row[at + i] - query[i]);
            b += square(row[at + i + 1] - query[i + 1]);
            c += square(row[at + i + 2] - query[i + 2]);
            d += square(row[at + i + 3] - query[i + 3]);
        }
        for (; i < query.length; i++) {
            a += square(row[at + i] - query[i]);
        }
        return a + b + (c + d);
    }

    static double dot(double[] row, int at, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            a += row[at + i] * query[i];
            b += row[at + i + 1] * query[i + 1];
            c += row[at + i + 2] * query[i + 2];
            d += row[at + i + 3] * query[i + 3];
        }
        for (; i < query.length; i++) {
            a += row[at + i] * query[i];
        }
        return a + b + (c + d);
    }

    static double squares(double[] row, int at, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            a += row[at + i] * row[at + i];
            b += row[at + i + 1] * row[at + i + 1];
            c += row[at + i + 2] * row[at + i + 2];
            d += row[at + i + 3] * row[at + i + 3];
        }
        for (; i < length; i++) {
            a += row[at + i] * row[at + i];
        }
        return a + b + (c + d);
    }

    static double squaredDistance(double[] row, int at, double[] query) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < query.length - 3; i += 4) {
            a += square(row[at + i] - query[i]);
            b += square(row[at + i + 1] - query[i + 1]);
            c += square(row[at + i + 2] - query[i + 2]);
            d += square(row[at + i + 3] - query[i + 3]);
        }
        for (; i < query.length; i++) {
            a += square(row[at + i] - query[i]);
        }
        return a + b + (c + d);
    }

    private static double square(double value) {
        return value * value;
    }
}
