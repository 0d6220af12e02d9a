package org.arrownpz.cli.plot;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.arrownpz.compare.chart.Charts;

/** Counts a column's numbers in each of equal parts of their range. Used by one thread. */
public final class Histogram {
    private final String name;
    private final double min;
    private final double max;
    private final long[] counts;

    /**
     * The histogram of no numbers yet.
     *
     * @param name of the column
     * @param min the least of the numbers that will come, NaN where none will
     * @param max the greatest
     * @param parts how many parts; one where all numbers are equal
     */
    public Histogram(String name, double min, double max, int parts) {
        this.name = name;
        this.min = min;
        this.max = max;
        this.counts = new long[Double.isNaN(min) ? 0 : min == max ? 1 : parts];
    }

    /** Takes the next rows; what is not finite is left out. */
    public void add(IntToDoubleFunction values, int count) {
        // Halves keep the range of the greatest numbers finite.
        double range = max / 2 - min / 2;
        for (int row = 0; row < count; row++) {
            double value = values.applyAsDouble(row);
            if (Double.isFinite(value)) {
                int part = range == 0 ? 0 : (int) ((value / 2 - min / 2) / range * counts.length);
                counts[Math.min(counts.length - 1, part)]++;
            }
        }
    }

    public String name() {
        return name;
    }

    /** The number of parts. */
    public int parts() {
        return counts.length;
    }

    public long count(int part) {
        return counts[part];
    }

    /** The start of a part, or for the number of parts, the end of the last. */
    public double edge(int part) {
        double share = (double) part / counts.length;
        return part == counts.length ? max : min * (1 - share) + max * share;
    }

    /** The bars of a chart. */
    public Charts.Bars bars() {
        return new Charts.Bars(name, parts() == 0 ? 0 : min, parts() == 0 ? 0 : max, counts);
    }

    /** The count of all numbers. */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** The most numbers in a part. */
    public long most() {
        return Arrays.stream(counts).max().orElse(0);
    }
}
