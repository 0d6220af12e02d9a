package org.arrownpz.compare.report;

import java.util.Arrays;

/**
 * Times of one call, in nanoseconds.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param median the median
 * @param best the minimum
 * @param low the first quartile
 * @param high the third quartile
 * @param samples how many calls were timed
 */
public record Measurement(double median, double best, double low, double high, int samples) {
    /**
     * The summary of times in nanoseconds.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static Measurement of(long... nanoseconds) {
        if (nanoseconds.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        long[] sorted = nanoseconds.clone();
        Arrays.sort(sorted);
        return new Measurement(
                quantile(sorted, 0.5), sorted[0], quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
    }

    private static double quantile(long[] sorted, double part) {
        double at = part * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Half of all samples lie within this part of the median: 0.1 is plus or minus 5 %. */
    public double spread() {
        return median == 0 ? 0 : (high - low) / median;
    }

    /** How many times as long as the other this takes. */
    public double over(Measurement other) {
        return median / Math.max(1, other.median);
    }

    /** Whether the middle halves of the samples lie apart, this one's below. */
    public boolean clearlyBelow(Measurement other) {
        return high < other.low;
    }
}
