package org.arrownpz.cli.plot;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.arrownpz.compare.chart.Charts;

/** The course of a column in so many steps: the least and the greatest number of the rows of each. Used by one thread. */
public final class LineSeries {
    private final Charts.Line line;
    private final long rows;
    private final double[] least;
    private final double[] greatest;
    private long seen;

    /**
     * The course of no rows yet.
     *
     * @param name of the column
     * @param rows how many will come
     * @param steps the most steps that can be told apart; fewer where there are fewer rows
     */
    public LineSeries(String name, long rows, int steps) {
        this.rows = rows;
        int count = (int) Math.min(rows, steps);
        this.least = new double[count];
        this.greatest = new double[count];
        this.line = new Charts.Line(name, least, greatest);
        Arrays.fill(least, Double.NaN);
        Arrays.fill(greatest, Double.NaN);
    }

    /** Takes the next rows; what is not finite leaves a gap. */
    public void add(IntToDoubleFunction values, int count) {
        for (int row = 0; row < count; row++) {
            double value = values.applyAsDouble(row);
            if (Double.isFinite(value)) {
                // Of up to 2^31 steps and 2^31 rows a batch, in doubles: no product overflows.
                int step = (int) Math.min(least.length - 1, (double) (seen + row) / rows * least.length);
                least[step] = least[step] <= value ? least[step] : value;
                greatest[step] = greatest[step] >= value ? greatest[step] : value;
            }
        }
        seen += count;
    }

    public String name() {
        return line.name();
    }

    public long rows() {
        return rows;
    }

    /** The number of steps. */
    public int steps() {
        return least.length;
    }

    /** The least and the greatest number of each step, NaN for none. */
    public Charts.Line line() {
        return line;
    }

    /** The least number of all, or NaN. */
    public double min() {
        return Arrays.stream(least).filter(value -> !Double.isNaN(value)).min().orElse(Double.NaN);
    }

    /** The greatest number of all, or NaN. */
    public double max() {
        return Arrays.stream(greatest)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(Double.NaN);
    }
}
