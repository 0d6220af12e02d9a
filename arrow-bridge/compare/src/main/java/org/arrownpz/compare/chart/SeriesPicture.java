package org.arrownpz.compare.chart;

import java.awt.Color;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.arrownpz.compare.chart.Charts.Bars;
import org.arrownpz.compare.chart.Charts.Line;

/** Draws columns: numbers over rows, or how often which numbers come. */
final class SeriesPicture {
    private static final int LEFT = 90;
    private static final int RIGHT = 30;
    private static final int TOP = 50;
    private static final int HEIGHT = 420;
    private static final int BAR_HEIGHT = 240;
    private static final int BOTTOM = 40;
    private static final int WIDTH = LEFT + Charts.STEPS + RIGHT;
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Color[] COLORS = {
        new Color(0x1F4E79), new Color(0xC55A11), new Color(0x548235), new Color(0x7030A0),
        new Color(0xBF9000), new Color(0x2E9AB5), new Color(0xA02B2B), new Color(0x595959)
    };

    private SeriesPicture() {}

    /** Lines over each other. */
    static Picture of(List<Line> lines, long rows) {
        Picture picture = new Picture(WIDTH, TOP + HEIGHT + BOTTOM);
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (int i = 0; i < line.least().length; i++) {
                min = Math.min(min, nan(line.least()[i], min));
                max = Math.max(max, nan(line.greatest()[i], max));
            }
        }
        double x = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            picture.rectangle(x, 16, 12, 12, color(i));
            picture.text(x + 18, 27, 13, true, 0, lines.get(i).name());
            x += 40 + 8.0 * Math.min(60, lines.get(i).name().length());
        }
        Scale scale = min > max ? Scale.of(0, 0, TOP, HEIGHT) : Scale.of(min, max, TOP, HEIGHT);
        scale.grid(picture);
        picture.text(LEFT, TOP + HEIGHT + 20, 12, false, 0, "0");
        picture.text(LEFT + Charts.STEPS, TOP + HEIGHT + 20, 12, false, 1, "row " + Math.max(0, rows - 1));
        for (int i = 0; i < lines.size(); i++) {
            draw(lines.get(i), scale, picture, color(i));
        }
        return picture;
    }

    private static double nan(double value, double other) {
        return Double.isNaN(value) ? other : value;
    }

    // Both numbers of a step are points of the line, which a gap ends.
    private static void draw(Line line, Scale scale, Picture picture, Color color) {
        int steps = line.least().length;
        double[] xs = new double[2 * steps];
        double[] ys = new double[2 * steps];
        int count = 0;
        for (int i = 0; i < steps; i++) {
            double least = line.least()[i];
            double greatest = line.greatest()[i];
            if (Double.isNaN(least)) {
                picture.line(xs, ys, count, color);
                count = 0;
                continue;
            }
            double x = LEFT + (steps == 1 ? 0 : (double) i / (steps - 1) * Charts.STEPS);
            xs[count] = x;
            ys[count++] = scale.y(least);
            if (greatest != least) {
                xs[count] = x;
                ys[count++] = scale.y(greatest);
            }
        }
        picture.line(xs, ys, count, color);
    }

    /** Histograms below each other. */
    static Picture of(List<Bars> histograms) {
        int panel = TOP + BAR_HEIGHT + BOTTOM;
        Picture picture = new Picture(WIDTH, panel * histograms.size());
        for (int i = 0; i < histograms.size(); i++) {
            draw(histograms.get(i), picture, i * panel + TOP, color(i));
        }
        return picture;
    }

    private static void draw(Bars bars, Picture picture, int top, Color color) {
        picture.text(LEFT, top - 20, 13, true, 0, bars.name());
        long most = 1;
        for (long count : bars.counts()) {
            most = Math.max(most, count);
        }
        Scale scale = Scale.of(0, most, top, BAR_HEIGHT);
        scale.grid(picture);
        int parts = bars.counts().length;
        for (int i = 0; i < parts; i++) {
            double y = scale.y(bars.counts()[i]);
            double width = (double) Charts.STEPS / parts;
            picture.rectangle(LEFT + i * width, y, Math.max(0.5, width - 1), top + BAR_HEIGHT - y, color);
        }
        picture.text(LEFT, top + BAR_HEIGHT + 20, 12, false, 0, number(bars.min()));
        picture.text(LEFT + Charts.STEPS, top + BAR_HEIGHT + 20, 12, false, 1, number(bars.max()));
    }

    /** An axis of numbers: linear, with ticks at multiples of 1, 2 or 5 times a power of ten. */
    private record Scale(double from, double to, double step, int top, int height) {
        static Scale of(double min, double max, int top, int height) {
            double from = min == max ? min - Math.max(1, Math.abs(min) / 10) : min;
            double to = min == max ? max + Math.max(1, Math.abs(max) / 10) : max;
            // Fifths keep the range of the greatest numbers finite.
            double raw = to / 5 - from / 5;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double step =
                    raw / power > 5 ? 10 * power : raw / power > 2 ? 5 * power : raw / power > 1 ? 2 * power : power;
            return new Scale(from, to, step, top, height);
        }

        double y(double value) {
            double share = (value / 2 - from / 2) / (to / 2 - from / 2);
            return top + height * (1 - share);
        }

        double[] ticks() {
            double first = Math.ceil(from / step);
            double last = Math.floor(to / step);
            double[] ticks = new double[(int) Math.max(0, Math.min(20, last - first + 1))];
            for (int i = 0; i < ticks.length; i++) {
                ticks[i] = (first + i) * step;
            }
            return ticks;
        }

        void grid(Picture picture) {
            for (double tick : ticks()) {
                picture.rectangle(LEFT, y(tick), Charts.STEPS, 1, GRID);
                picture.text(LEFT - 8, y(tick) + 4, 12, false, 1, number(Math.abs(tick) < step / 1e6 ? 0 : tick));
            }
        }
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size >= 1e15 || size < 1e-4)) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        if (size >= 1e7) {
            double unit = size >= 1e12 ? 1e12 : size >= 1e9 ? 1e9 : 1e6;
            return number(Math.rint(value / unit * 1000) / 1000) + (unit == 1e12 ? " T" : unit == 1e9 ? " G" : " M");
        }
        return BigDecimal.valueOf(value)
                .setScale(6, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static Color color(int i) {
        return COLORS[i % COLORS.length];
    }
}
