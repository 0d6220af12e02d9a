package org.arrownpz.compare.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the bars are.
 *
 * @param logarithmic whether the other numbers are powers of ten
 * @param from where the axis begins
 * @param to where it ends
 * @param step how far its lines are apart
 */
record Axis(boolean logarithmic, double from, double to, double step) {
    private static final int MOST_LINES = 5;

    /** Whole powers of ten, one at least. */
    static Axis logarithmic(double least, double greatest) {
        double from = Math.floor(Math.log10(Math.max(1, least)));
        double to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(1, greatest))));
        return new Axis(true, from, to, Math.ceil((to - from) / MOST_LINES));
    }

    /** From zero, with lines at multiples of 1, 2 or 5 times a power of ten. */
    static Axis linear(double greatest) {
        double end = Math.max(1, greatest);
        double power = Math.pow(10, Math.floor(Math.log10(end)));
        double step = end / power > 5 ? 2 * power : end / power > 2.5 ? power : power / 2;
        return new Axis(false, 0, end, step);
    }

    /** Where a value stands, from 0 to 1. */
    double position(double value) {
        return ((logarithmic ? Math.log10(Math.max(1, value)) : value) - from) / (to - from);
    }

    /** The values of the lines. */
    List<Double> lines() {
        List<Double> lines = new ArrayList<>();
        for (int i = 0; from + i * step <= to; i++) {
            double at = from + i * step;
            lines.add(logarithmic ? Math.pow(10, at) : at);
        }
        return lines;
    }
}
