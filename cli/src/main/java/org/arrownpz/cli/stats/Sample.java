package org.arrownpz.cli.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The spread of many numbers: all of them while they are few, else as many that are picked evenly. The same numbers in the
 * same order give the same sample.
 */
final class Sample {
    /** So many numbers leave quantiles wrong by a fifth of a percent of the ranks, seldom more. */
    static final int MOST = 1 << 16;

    private static final int FIRST = 64;

    private double[] values = new double[FIRST];
    private int size;
    private long seen;
    private long next;
    private double weight = 1;
    private final SplittableRandom random = new SplittableRandom(1);
    private double mean;
    private double squares;
    private boolean sorted;

    void add(double value) {
        seen++;
        // Welford: neither sum grows beyond what the values spread.
        double distance = value - mean;
        mean += distance / seen;
        squares += distance * (value - mean);
        if (size < MOST) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.min(MOST, size * 2));
            }
            values[size++] = value;
            if (size == MOST) {
                skip();
            }
        } else if (seen == next) {
            values[random.nextInt(MOST)] = value;
            skip();
        }
    }

    // Li's algorithm L: the distance to the next number that is picked is drawn, not each number's luck.
    private void skip() {
        weight *= Math.exp(Math.log(uniform()) / MOST);
        double step = Math.floor(Math.log(uniform()) / Math.log1p(-weight)) + 1;
        next = seen + (long) Math.min(Long.MAX_VALUE / 2.0, step);
    }

    private double uniform() {
        return 1 - random.nextDouble();
    }

    /** Whether the sample holds all numbers. */
    boolean isExact() {
        return seen == size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The standard deviation of a population; NaN for no numbers. */
    double deviation() {
        return seen == 0 ? Double.NaN : Math.sqrt(Math.max(0, squares) / seen);
    }

    double mean() {
        return seen == 0 ? Double.NaN : mean;
    }

    /** The number below which that share of them lies, between neighbours by their distance, as NumPy has it. */
    double quantile(double share) {
        sort();
        if (size == 0) {
            return Double.NaN;
        }
        double at = share * (size - 1);
        int low = (int) at;
        int high = Math.min(size - 1, low + 1);
        double part = at - low;
        return part == 0 || values[low] == values[high] ? values[low] : values[low] * (1 - part) + values[high] * part;
    }

    /** The numbers of sampled values in each of so many equal parts of their range; finite numbers only. */
    long[] histogram(int parts) {
        sort();
        int from = 0;
        int to = size;
        while (from < to && Double.isInfinite(values[from])) {
            from++;
        }
        while (to > from && Double.isInfinite(values[to - 1])) {
            to--;
        }
        long[] counts = new long[from == to ? 0 : parts];
        for (int i = from; i < to; i++) {
            double least = values[from];
            // Halves keep the range of the greatest numbers finite.
            double range = values[to - 1] / 2 - least / 2;
            int part = range == 0 ? 0 : (int) ((values[i] / 2 - least / 2) / range * parts);
            counts[Math.min(parts - 1, part)]++;
        }
        return counts;
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
    }
}
