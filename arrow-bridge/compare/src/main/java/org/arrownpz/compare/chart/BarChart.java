package org.arrownpz.compare.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A bar chart: panels side by side, each with its bars, lines of the axis, and a name and figures before each bar.
 *
 * @param title of the whole
 * @param explanation below it
 * @param columns how many panels are side by side
 * @param left where bars begin in a panel, beside their names
 * @param row the height of a bar, or of two that belong together, with the space below
 * @param colors those of the bars that belong together, one or two
 * @param logarithmic whether the axis is
 * @param tick the text of a figure of the axis
 */
record BarChart(
        String title,
        String explanation,
        int columns,
        int left,
        int row,
        List<Color> colors,
        boolean logarithmic,
        DoubleFunction<String> tick) {
    static final int WIDTH = 660;
    static final Color DARK = new Color(0x1F4E79);
    static final Color LIGHT = new Color(0x9DC3E6);

    private static final int HEAD = 62;
    /** Above and below the bars of a panel. */
    private static final int ABOVE = 38;

    private static final int BELOW = 52;
    private static final int GAP = 6;
    /** The right end of bars. */
    private static final int RIGHT = 635;

    private static final Color GRID = new Color(0xDDDDDD);

    /**
     * The bars of one name.
     *
     * @param label name, and figures where there is no second line
     * @param figures a second line, or null
     * @param values a length for each color
     */
    record Bar(String label, @Nullable String figures, List<Double> values) {}

    /** A table's bars. */
    record Panel(String title, List<Bar> bars) {}

    Picture draw(List<Panel> panels) {
        int most = panels.stream().mapToInt(panel -> panel.bars.size()).max().orElse(0);
        int height = ABOVE + BELOW + row * most;
        int down = (panels.size() + columns - 1) / columns;
        Picture picture = new Picture(WIDTH * Math.min(columns, panels.size()), HEAD + down * height);
        picture.text(14, 28, 20, true, 0, title);
        picture.text(14, 50, 13, false, 0, explanation);
        for (int i = 0; i < panels.size(); i++) {
            int x = i % columns * WIDTH;
            int y = HEAD + i / columns * height;
            picture.text(x + WIDTH / 2.0, y + 22, 15, true, 0.5, panels.get(i).title);
            if (!panels.get(i).bars.isEmpty()) {
                draw(panels.get(i).bars, picture, x, y + ABOVE);
            }
        }
        return picture;
    }

    private void draw(List<Bar> bars, Picture picture, int x, int y) {
        double[] values = bars.stream()
                .flatMapToDouble(bar -> bar.values.stream().flatMapToDouble(DoubleStream::of))
                .sorted()
                .toArray();
        double greatest = values[values.length - 1];
        Axis axis = logarithmic ? Axis.logarithmic(values[0], greatest) : Axis.linear(greatest);
        int bottom = y + row * bars.size() + GAP;
        int length = RIGHT - left;
        for (double line : axis.lines()) {
            double at = x + left + length * axis.position(line);
            picture.rectangle(at, y, 1, bottom - y, GRID);
            picture.text(at, bottom + 18, 12, false, 0.5, tick.apply(line).replaceFirst("\\.0+ ", " "));
        }
        int thick = (row - GAP) / colors.size();
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double top = y + row * i + 3.0;
            picture.text(x + 10.0, top + 12, 12, bar.figures != null, 0, bar.label);
            if (bar.figures != null) {
                picture.text(x + 10.0, top + 26, 11, false, 0, bar.figures);
            }
            for (int part = 0; part < colors.size(); part++) {
                double width = length * axis.position(bar.values.get(part));
                picture.rectangle(x + left, top + part * thick, width, thick, colors.get(part));
            }
        }
    }

    /**
     * The scale of the bars.
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

        /** The place of a value, from 0 to 1. */
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
}
